//! Which jobs have something to do, asked in one statement of index probes. Each probe is built from the very condition
//! by which its job finds its work, so that the agenda never passes over anything; it may name a job that then finds
//! nothing to do.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{idempotency_key, session, sign_in_code, survey_invitation, throttle, webhook_delivery};
use sea_orm::{
    ConnectionTrait, EntityTrait, QueryFilter, QueryTrait, Select,
    sea_query::{Condition, Expr, ExprTrait, Query},
};
use uuid::Uuid;

use super::{
    absence, area, attachment as pictures, bulletin,
    figure::frozen,
    idempotency, milestone,
    notification::{self, outbox},
    rectification, registration, session as sessions, sign_in, staff, survey, ticket, warranty, webhook,
};
use crate::{
    domain::{
        activity::REMINDED_BEFORE,
        bulletin::NEWS_FOR,
        figure::Month,
        milestone as milestones, rectification as batches,
        stale::Stale,
        survey::{
            calendar::{REMIND_BEFORE, Window},
            responsible::MONTHLY,
        },
        warranty as warranties,
    },
    error::Result,
};

/// A job that the clock starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Chore {
    Substitutes,
    Transfers,
    Absences,
    Deadlines,
    Reminders,
    Surveys,
    Sweep,
    Milestones,
    Warranties,
    Rectifications,
    Figures,
    Notifications,
    Webhooks,
}

impl Chore {
    /// Every one, in the order in which they run when they all do: who answers for a household is settled before its
    /// tickets are looked at.
    pub const ALL: &[Self] = &[
        Self::Substitutes,
        Self::Transfers,
        Self::Absences,
        Self::Deadlines,
        Self::Reminders,
        Self::Surveys,
        Self::Sweep,
        Self::Milestones,
        Self::Warranties,
        Self::Rectifications,
        Self::Figures,
        Self::Notifications,
        Self::Webhooks,
    ];

    /// Whether it goes by the local days of projects.
    pub fn is_local(self) -> bool {
        matches!(self, Self::Surveys | Self::Warranties | Self::Figures)
    }
}

/// What a project's own clock says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Local {
    pub project_id: Uuid,
    pub today: NaiveDate,
    /// The month whose campaigns should be open by now.
    pub surveyed: Option<Window>,
    /// The last month that is closed, if the project was there in it.
    pub closed: Option<Month>,
}

/// Those of these jobs that have something to do now.
pub async fn due(
    conn: &impl ConnectionTrait,
    chores: &[Chore],
    locals: &[Local],
    now: DateTime<Utc>,
) -> Result<Vec<Chore>> {
    let mut question = Query::select();
    for chore in chores {
        question.expr(Expr::case(probe(*chore, locals, now), 1).finally(0));
    }
    let Some(answer) = conn.query_one(&question).await? else { return Ok(Vec::new()) };
    let mut due = Vec::new();
    for (index, chore) in chores.iter().enumerate() {
        if answer.try_get_by_index::<i32>(index)? == 1 {
            due.push(*chore);
        }
    }
    Ok(due)
}

fn probe(chore: Chore, locals: &[Local], now: DateTime<Utc>) -> Condition {
    match chore {
        Chore::Substitutes => any([some(absence::to_settle(now))]),
        Chore::Transfers => any([some(area::to_transfer(now))]),
        Chore::Absences => any([some(staff::left_in_hands(now))]),
        Chore::Deadlines => any([some(ticket::to_check(now))]),
        Chore::Reminders => any([some(registration::unreminded((now, now + REMINDED_BEFORE)))]),
        Chore::Surveys => surveys(locals, now),
        Chore::Sweep => stale(Stale::at(now)),
        Chore::Milestones => any([
            Expr::exists(milestone::untold(now.date_naive() - milestones::LOOK_BACK)),
            Expr::exists(bulletin::unwelcomed(now - NEWS_FOR)),
        ]),
        Chore::Warranties => any(locals.iter().map(|local| {
            let days = (local.today, warranties::noticed_until(local.today));
            some(warranty::to_notify(local.project_id, days))
        })),
        Chore::Rectifications => {
            let since = (now - batches::LOOK_BACK).date_naive();
            let reported = rectification::reported(&warranties::categories_of_parts(), since);
            any([Expr::exists(reported), some(rectification::to_send(now + batches::LONGEST_DEADLINE))])
        }
        Chore::Webhooks => any([some(webhook::due(now))]),
        Chore::Notifications => any([some(outbox::unplanned()), some(outbox::due(now))]),
        Chore::Figures => {
            any(locals.iter().filter_map(|local| Some(some(frozen::since(local.project_id, local.closed?)).not())))
        }
    }
}

fn surveys(locals: &[Local], now: DateTime<Utc>) -> Condition {
    use survey::{campaign, invitation};
    let invited = |condition| some(survey_invitation::Entity::find().filter(condition));
    let by_clock = [
        invited(invitation::to_expire(now)),
        invited(invitation::to_remind(now, now + REMIND_BEFORE)),
        some(campaign::to_close(now)),
    ];
    let windows = locals.iter().filter_map(|local| Some((local.project_id, local.surveyed?)));
    let monthly = windows.flat_map(|(project_id, window)| {
        MONTHLY.into_iter().map(move |kind| some(campaign::gathered(project_id, kind, window)).not())
    });
    any(by_clock.into_iter().chain(monthly))
}

fn stale(stale: Stale) -> Condition {
    any([
        some(idempotency_key::Entity::find().filter(idempotency::worn_out(stale.keys))),
        some(session::Entity::find().filter(sessions::over(stale.sessions))),
        some(throttle::Entity::find().filter(sign_in::closed_windows(stale.sign_in))),
        some(sign_in_code::Entity::find().filter(sign_in::dead_codes(stale.sign_in))),
        some(pictures::untaken(stale.pictures)),
        some(notification::worn_out(stale.told)),
        some(webhook_delivery::Entity::find().filter(webhook::delivery::taken_before(stale.delivered))),
    ])
}

fn any(probes: impl IntoIterator<Item = Expr>) -> Condition {
    probes.into_iter().fold(Condition::any(), Condition::add)
}

fn some<E: EntityTrait>(rows: Select<E>) -> Expr {
    Expr::exists(rows.into_query())
}
