//! Writing a schedule as iCalendar (RFC 5545): folded lines, escaped text, instants in UTC. What is in a schedule is not
//! decided here.

use chrono::{DateTime, Utc};

/// The most octets in a line, without its end.
const LINE: usize = 75;

/// How sure it is that a person takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// A seat is held, or it is simply on the schedule.
    Confirmed,
    /// One may still register, or waits for a seat.
    Tentative,
    CalledOff,
}

/// One entry of a schedule.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The same for ever, so that a program recognises the entry.
    pub uid: String,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
    pub title: String,
    pub description: String,
    pub venue: String,
    pub certainty: Certainty,
}

/// A schedule as a file. The same schedule is the same file, to the octet.
pub fn write(name: &str, entries: &[Entry]) -> String {
    let mut file = String::new();
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Anju//Activities//ZH", "CALSCALE:GREGORIAN"] {
        put(&mut file, line);
    }
    put(&mut file, &format!("X-WR-CALNAME:{}", escape(name)));
    put(&mut file, "REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    for entry in entries {
        write_entry(&mut file, entry);
    }
    put(&mut file, "END:VCALENDAR");
    file
}

fn write_entry(file: &mut String, entry: &Entry) {
    let (status, transparency) = match entry.certainty {
        Certainty::Confirmed => ("CONFIRMED", "OPAQUE"),
        Certainty::Tentative => ("TENTATIVE", "TRANSPARENT"),
        Certainty::CalledOff => ("CANCELLED", "TRANSPARENT"),
    };
    put(file, "BEGIN:VEVENT");
    put(file, &format!("UID:{}", escape(&entry.uid)));
    put(file, &format!("DTSTAMP:{}", instant(entry.changed_at)));
    put(file, &format!("LAST-MODIFIED:{}", instant(entry.changed_at)));
    put(file, &format!("DTSTART:{}", instant(entry.starts_at)));
    put(file, &format!("DTEND:{}", instant(entry.ends_at)));
    put(file, &format!("SUMMARY:{}", escape(&entry.title)));
    if !entry.description.is_empty() {
        put(file, &format!("DESCRIPTION:{}", escape(&entry.description)));
    }
    put(file, &format!("LOCATION:{}", escape(&entry.venue)));
    put(file, &format!("STATUS:{status}"));
    put(file, &format!("TRANSP:{transparency}"));
    put(file, "END:VEVENT");
}

fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// Text as a value: what would end it is marked, what no value may hold is left out.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.replace("\r\n", "\n").chars() {
        match letter {
            '\\' | ';' | ',' => escaped.extend(['\\', letter]),
            '\n' | '\r' => escaped.push_str("\\n"),
            '\t' => escaped.push('\t'),
            letter if letter.is_control() => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// Appends a line, cut where it would be too long, never within a letter.
fn put(file: &mut String, line: &str) {
    let mut used = 0;
    for letter in line.chars() {
        if used + letter.len_utf8() > LINE {
            file.push_str("\r\n ");
            used = 1;
        }
        file.push(letter);
        used += letter.len_utf8();
    }
    file.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry(title: &str, description: &str) -> Entry {
        let at = |text: &str| text.parse().expect("an instant");
        Entry {
            uid: "1@anju".into(),
            starts_at: at("2026-12-05T14:00:00+08:00"),
            ends_at: at("2026-12-05T15:30:00+08:00"),
            changed_at: at("2026-11-23T01:00:00.123456Z"),
            title: title.into(),
            description: description.into(),
            venue: "会所".into(),
            certainty: Certainty::Confirmed,
        }
    }

    /// Reads a file back into its whole lines.
    fn unfold(file: &str) -> Vec<String> {
        file.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn a_schedule_says_what_calendars_read() {
        let lines = unfold(&write("安居会", &[entry("验房, 收房; 要点\\问答", "第一行\n第二行")]));
        for line in [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "X-WR-CALNAME:安居会",
            "UID:1@anju",
            "DTSTAMP:20261123T010000Z",
            "DTSTART:20261205T060000Z",
            "DTEND:20261205T073000Z",
            "SUMMARY:验房\\, 收房\\; 要点\\\\问答",
            "DESCRIPTION:第一行\\n第二行",
            "LOCATION:会所",
            "STATUS:CONFIRMED",
            "END:VCALENDAR",
        ] {
            assert!(lines.iter().any(|found| found == line), "{line} in {lines:#?}");
        }
        assert_eq!((lines.first().map(String::as_str), lines.len()), (Some("BEGIN:VCALENDAR"), 19));
    }

    #[test]
    fn no_text_breaks_out_of_its_line() {
        let file = write("x", &[entry("a\r\nATTENDEE:b", "\u{0}\u{7}c\rd")]);
        let lines = unfold(&file);
        assert!(lines.iter().any(|line| line == "SUMMARY:a\\nATTENDEE:b"), "{lines:#?}");
        assert!(lines.iter().any(|line| line == "DESCRIPTION:c\\nd"), "{lines:#?}");
    }

    proptest! {
        #[test]
        fn lines_are_short_and_whole(title in "\\PC{0,200}", description in "(\\PC|\n){0,300}") {
            let entry = entry(&title, &description);
            let file = write("x", std::slice::from_ref(&entry));
            for line in file.split_terminator("\r\n") {
                prop_assert!(line.len() <= LINE && !line.contains(['\r', '\n']), "{}", line);
            }
            let lines = unfold(&file);
            let summary = format!("SUMMARY:{}", escape(&title));
            prop_assert!(lines.contains(&summary));
        }
    }
}
