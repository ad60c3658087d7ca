//! What a client may send and wants to get: media types, as GraphQL over HTTP weighs them.

/// A form an answer can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    GraphqlResponse,
    Json,
    EventStream,
}

impl Media {
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Media::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Media::Json => "application/json; charset=utf-8",
            Media::EventStream => "text/event-stream; charset=utf-8",
        }
    }
}

/// What the client's Accept header allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Accepted {
    /// The form it likes best.
    pub(super) best: Media,
    /// Whether it takes a stream of events at all.
    pub(super) event_stream: bool,
}

impl Accepted {
    /// The form for an answer that is one document.
    pub(super) fn document(self) -> Media {
        match self.best {
            Media::EventStream => Media::Json,
            media => media,
        }
    }
}

/// `None` when nothing this server speaks is acceptable. No header means JSON, and so do wildcards: clients that
/// know of `application/graphql-response+json` say so.
pub(super) fn negotiate<'a>(headers: impl Iterator<Item = &'a str>) -> Option<Accepted> {
    let ranges: Vec<Range> =
        headers.flat_map(|header| header.split(',')).filter(|part| !part.trim().is_empty()).map(Range::parse).collect();
    if ranges.is_empty() {
        return Some(Accepted { best: Media::Json, event_stream: false });
    }
    let mut best: Option<(Weight, Media)> = None;
    for media in [Media::GraphqlResponse, Media::Json, Media::EventStream] {
        let Some(weight) = weight(&ranges, media) else {
            continue;
        };
        if best.is_none_or(|(other, _)| weight > other) {
            best = Some((weight, media));
        }
    }
    let (_, best) = best?;
    Some(Accepted { best, event_stream: weight(&ranges, Media::EventStream).is_some() })
}

/// Ordered by quality, then by how exactly the type is named, then by how early.
type Weight = (u16, bool, isize);

fn weight(ranges: &[Range], media: Media) -> Option<Weight> {
    let matching = ranges.iter().enumerate();
    let (position, range) = matching
        .filter(|(_, range)| range.matches(media))
        // The most exact range decides about a type: `*/*, application/json;q=0` excludes JSON.
        .max_by_key(|(position, range)| (range.is_exact(), -(*position as isize)))?;
    (range.quality > 0).then_some((range.quality, range.is_exact(), -(position as isize)))
}

struct Range {
    essence: String,
    quality: u16,
    is_utf8: bool,
}

impl Range {
    fn parse(text: &str) -> Self {
        let (essence, parameters) = split(text);
        let quality = parameters.iter().find(|(name, _)| name == "q").map_or(1000, |(_, value)| quality(value));
        Self { essence, quality, is_utf8: is_utf8(&parameters) }
    }

    fn is_exact(&self) -> bool {
        !self.essence.ends_with('*')
    }

    /// Only JSON is behind wildcards; an event stream or the newer type has to be asked for.
    fn matches(&self, media: Media) -> bool {
        let essence = self.essence.as_str();
        let fits = match media {
            Media::GraphqlResponse => essence == "application/graphql-response+json",
            Media::Json => matches!(essence, "application/json" | "application/*" | "*/*" | "*"),
            Media::EventStream => essence == "text/event-stream",
        };
        fits && self.is_utf8
    }
}

/// Thousandths; what is no number counts as nothing.
fn quality(text: &str) -> u16 {
    match text.parse::<f32>() {
        Ok(number) if number.is_finite() => (number.clamp(0.0, 1.0) * 1000.0).round() as u16,
        _ => 0,
    }
}

/// Whether a Content-Type header announces JSON in UTF-8, the only bodies read here. The types a browser sends to foreign
/// sites without asking them first are thereby refused.
pub(super) fn is_json(content_type: &str) -> bool {
    let (essence, parameters) = split(content_type);
    essence == "application/json" && is_utf8(&parameters)
}

fn is_utf8(parameters: &[(String, String)]) -> bool {
    let charset = parameters.iter().find(|(name, _)| name == "charset");
    charset.is_none_or(|(_, value)| value == "utf-8" || value == "utf8")
}

fn split(text: &str) -> (String, Vec<(String, String)>) {
    let mut parts = text.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
    let parameters = parts
        .filter_map(|part| part.split_once('='))
        .map(|(name, value)| {
            let value = value.trim().trim_matches('"');
            (name.trim().to_ascii_lowercase(), value.to_ascii_lowercase())
        })
        .collect();
    (essence, parameters)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    fn best(header: &str) -> Option<Media> {
        negotiate([header].into_iter()).map(|accepted| accepted.best)
    }

    #[test]
    fn the_accept_header_decides_the_form() {
        use Media::{EventStream, GraphqlResponse, Json};
        let table = [
            ("", Some(Json)),
            ("*/*", Some(Json)),
            ("application/*", Some(Json)),
            ("application/json", Some(Json)),
            ("application/json; charset=utf-8", Some(Json)),
            ("application/json; charset=utf-16", None),
            ("Application/GraphQL-Response+JSON", Some(GraphqlResponse)),
            ("application/graphql-response+json, application/json;q=0.9", Some(GraphqlResponse)),
            ("application/graphql-response+json;q=0.5, application/json", Some(Json)),
            ("application/json, application/graphql-response+json", Some(Json)),
            ("*/*, application/graphql-response+json", Some(GraphqlResponse)),
            ("text/event-stream", Some(EventStream)),
            ("application/json, text/event-stream", Some(Json)),
            ("*/*, application/json;q=0", None),
            ("application/json;q=0", None),
            ("application/json;q=nonsense", None),
            ("text/html", None),
            ("text/html, */*;q=0.1", Some(Json)),
        ];
        for (header, expected) in table {
            assert_eq!(best(header), expected, "{header}");
        }
    }

    #[test]
    fn a_list_that_ends_in_an_event_stream_still_allows_one() {
        let header = "application/graphql-response+json, application/json, text/event-stream";
        let accepted = negotiate([header].into_iter()).unwrap();
        assert_eq!(accepted.best, Media::GraphqlResponse);
        assert!(accepted.event_stream);
        assert!(!negotiate(["*/*"].into_iter()).unwrap().event_stream);
    }

    #[test]
    fn only_json_in_utf8_is_a_body() {
        for good in ["application/json", "application/JSON; charset=UTF-8", "application/json;charset=\"utf-8\""] {
            assert!(is_json(good), "{good}");
        }
        for bad in [
            "",
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json; charset=utf-16",
            "application/jsonp",
            "application/graphql",
        ] {
            assert!(!is_json(bad), "{bad}");
        }
    }

    #[test]
    fn thousandths_of_quality_are_told_apart() {
        for thousandths in 0..=1000u16 {
            let text = format!("{:.3}", f32::from(thousandths) / 1000.0);
            assert_eq!(quality(&text), thousandths, "{text}");
        }
        for nothing in ["", "nonsense", "nan", "inf", "-infinity", "-1"] {
            assert_eq!(quality(nothing), 0, "{nothing}");
        }
    }

    /// A range of an Accept header: its type, its quality in thousandths, its charset, and how it is written.
    fn range() -> impl Strategy<Value = (&'static str, Option<u16>, &'static str, usize)> {
        let essence = select(vec![
            "application/json",
            "application/graphql-response+json",
            "text/event-stream",
            "application/*",
            "*/*",
            "*",
            "text/*",
            "text/html",
        ]);
        let quality = proptest::option::of(prop_oneof![Just(0u16), Just(1000), 0u16..=1000]);
        (essence, quality, select(vec!["", "utf-8", "UTF8", "utf-16"]), 0usize..4)
    }

    fn written((essence, quality, charset, style): (&str, Option<u16>, &str, usize)) -> String {
        let mut text = if style % 2 == 0 { essence.to_owned() } else { essence.to_ascii_uppercase() };
        let space = if style < 2 { "" } else { " " };
        if !charset.is_empty() {
            text += &format!("{space};{space}charset=\"{charset}\"");
        }
        if let Some(quality) = quality {
            text += &format!(";{space}q={}.{:03}{space}", quality / 1000, quality % 1000);
        }
        text
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

        /// The rule in its plainest form: of each type the first most exact range counts; the best of the three types wins.
        #[test]
        fn the_best_of_what_is_accepted_is_served(ranges in proptest::collection::vec(range(), 1..6), split in any::<bool>()) {
            let texts: Vec<String> = ranges.iter().copied().map(written).collect();
            let whole = [texts.join(", ")];
            let headers = if split { &texts[..] } else { &whole[..] };
            let found = negotiate(headers.iter().map(String::as_str));
            let usable = |(_, _, charset, _): &&(&str, Option<u16>, &str, usize)| *charset != "utf-16";
            let of = |media: Media, exact: &str, wild: &[&str]| {
                let all = || ranges.iter().enumerate().filter(|(_, range)| usable(range));
                let named = all().find(|(_, range)| range.0 == exact).map(|found| (true, found));
                let other = || all().find(|(_, range)| wild.contains(&range.0)).map(|found| (false, found));
                let (is_exact, (place, range)) = named.or_else(other)?;
                let quality = range.1.unwrap_or(1000);
                (quality > 0).then_some((quality, is_exact, std::cmp::Reverse(place), media))
            };
            let offers = [
                of(Media::GraphqlResponse, "application/graphql-response+json", &[]),
                of(Media::Json, "application/json", &["application/*", "*/*", "*"]),
                of(Media::EventStream, "text/event-stream", &[]),
            ];
            let best = offers.iter().flatten().max_by_key(|(quality, is_exact, place, _)| (*quality, *is_exact, *place));
            prop_assert_eq!(found.map(|found| found.best), best.map(|best| best.3), "{:?}", texts);
            prop_assert_eq!(found.is_some_and(|found| found.event_stream), offers[2].is_some(), "{:?}", texts);
        }

        #[test]
        fn any_header_is_answered_and_only_json_is_a_body(text in "[ -~]{0,60}|(application/json|text/plain)[;= \",a-z0-9-]{0,20}") {
            let _ = negotiate([text.as_str()].into_iter());
            let named = text.trim_start().to_ascii_lowercase();
            prop_assert!(!is_json(&text) || (named.starts_with("application/json") && !named.contains("utf-16")));
        }
    }
}
