//! What is asked for: the table and the kind of file by the name, and what narrows the table by parameters. A parameter that
//! means nothing for the table is refused: whoever sent it would take the whole for the part.

use async_graphql::ID;
use chrono::{DateTime, Utc};
use entity::vocab::SurveyKind;
use serde::Deserialize;

use super::Format;
use crate::{
    domain::{
        export::{Language, Word},
        figure::Month,
    },
    error::{Error, FaultCode, Message, Result},
    graphql::id::Kind,
    page::is_storable,
    service::export::{Narrowing, Order, Subject},
};

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::http) struct Parameters {
    project: Option<String>,
    opened_from: Option<String>,
    opened_before: Option<String>,
    invited_from: Option<String>,
    invited_before: Option<String>,
    kind: Option<String>,
    from_month: Option<String>,
    to_month: Option<String>,
}

/// Reads an address.
pub(super) fn read(name: &str, parameters: Option<Parameters>, language: Language) -> Result<(Order, Format)> {
    let no_such = Error::NotFound(Message::NoSuchTable);
    let Some((table, format)) = name.rsplit_once('.').and_then(|(table, ending)| Some((table, Format::of(ending)?)))
    else {
        return Err(no_such);
    };
    let Some(subject) = Subject::ALL.into_iter().find(|subject| subject.name() == table) else { return Err(no_such) };
    let Some(parameters) = parameters else {
        return Err(Error::fault(FaultCode::Invalid, "query", Message::UnknownParameter));
    };
    let narrowing = narrowing(subject, parameters)?;
    Ok((Order { subject, narrowing, language, format: format.ending() }, format))
}

fn narrowing(subject: Subject, parameters: Parameters) -> Result<Narrowing> {
    let project = parameters.project.map(ID);
    let mut narrowing =
        Narrowing { project_id: Kind::Project.read_optional("project", project.as_ref())?, ..Narrowing::default() };
    let opened = [("openedFrom", parameters.opened_from), ("openedBefore", parameters.opened_before)];
    let invited = [("invitedFrom", parameters.invited_from), ("invitedBefore", parameters.invited_before)];
    let months = [("fromMonth", parameters.from_month), ("toMonth", parameters.to_month)];
    let kind = [("kind", parameters.kind)];
    let (is_of_tickets, is_of_surveys) = (subject == Subject::Tickets, subject == Subject::Surveys);
    only(is_of_tickets, &opened)?;
    only(is_of_surveys, &invited)?;
    only(is_of_surveys, &kind)?;
    only(subject == Subject::Figures, &months)?;
    let [(from, first), (before, last)] = if is_of_surveys { invited } else { opened };
    (narrowing.from, narrowing.before) = (instant(from, first)?, instant(before, last)?);
    let [(from, first), (to, last)] = months;
    narrowing.months = (month(from, first)?, month(to, last)?);
    let [(field, kind)] = kind;
    narrowing.survey_kind = kind
        .map(|text| {
            SurveyKind::read(&text).ok_or_else(|| Error::fault(FaultCode::Invalid, field, Message::NameASurveyKind))
        })
        .transpose()?;
    Ok(narrowing)
}

fn only(is_meant: bool, given: &[(&str, Option<String>)]) -> Result<()> {
    match given.iter().find(|(_, value)| value.is_some()) {
        Some((field, _)) if !is_meant => Err(wrong(field, |field| Message::NotNarrowedBy { field })),
        _ => Ok(()),
    }
}

fn instant(field: &str, text: Option<String>) -> Result<Option<DateTime<Utc>>> {
    let read = |text: &str| DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc()).filter(|at| is_storable(*at));
    text.map(|text| read(&text).ok_or_else(|| wrong(field, |field| Message::TakesAnInstant { field }))).transpose()
}

fn month(field: &str, text: Option<String>) -> Result<Option<Month>> {
    text.map(|text| Month::parse(&text).ok_or_else(|| wrong(field, |field| Message::TakesAMonth { field }))).transpose()
}

fn wrong(field: &str, message: impl FnOnce(String) -> Message) -> Error {
    Error::fault(FaultCode::Invalid, field, message(field.to_owned()))
}
