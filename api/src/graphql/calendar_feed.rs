//! Links to one's schedule for calendar programs.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::calendar_feed;

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    id::Kind,
    user_error::{UserError, payloads, settle},
};
use crate::{error::Result, service::calendar_feed as feeds, store};

/// A link to one's schedule.
pub struct CalendarFeed(pub calendar_feed::Model);

impl From<calendar_feed::Model> for CalendarFeed {
    fn from(row: calendar_feed::Model) -> Self {
        Self(row)
    }
}

/// A secret link under which a calendar program reads your schedule. Only you see it.
#[Object]
impl CalendarFeed {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::CalendarFeed.id(self.0.id)
    }

    /// What you call it; null when it has no name.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was ended; null while it works.
    async fn revoked_at(&self) -> Option<DateTime<Utc>> {
        self.0.revoked_at
    }
}

/// Makes a link.
#[derive(InputObject)]
pub struct CreateCalendarFeedInput {
    /// What you call it, such as the program that reads it; at most 80 characters.
    name: Option<String>,
}

/// Ends a link.
#[derive(InputObject)]
pub struct RevokeCalendarFeedInput {
    /// Which of your links.
    calendar_feed_id: ID,
}

/// A new link.
#[derive(SimpleObject)]
pub struct CreateCalendarFeedPayload {
    /// The link; null when the call was refused.
    calendar_feed: Option<CalendarFeed>,
    /// Where a calendar program reads it, from the API's own address on: `/calendar/….ics`. Told this once; whoever has it reads your schedule, so end it when it got lost. Null when the call was refused.
    url: Option<String>,
    /// What is wrong with the call; empty when it was carried out.
    user_errors: Vec<UserError>,
}

payloads! {
    /// The link that was ended.
    RevokeCalendarFeedPayload {
        /// The link; null when the call was refused.
        calendar_feed: CalendarFeed
    }
}

/// Reading links.
#[derive(Default)]
pub struct CalendarFeedQueries;

#[Object]
impl CalendarFeedQueries {
    /// Your own links, also the ended ones, the oldest first.
    async fn calendar_feeds(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<CalendarFeed>> {
        listed(ctx, store::calendar_feed::list(&ctx.ask().viewer), page(first, after, last, before)?).await
    }
}

/// Making and ending links.
#[derive(Default)]
pub struct CalendarFeedMutations;

#[Object]
impl CalendarFeedMutations {
    /// Makes a secret link to your schedule for calendar programs (iCalendar): for owners the published activities, those they registered for as confirmed; for partners the lectures; for staff the activities of their projects. At most ten work at a time.
    async fn create_calendar_feed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CreateCalendarFeedInput,
    ) -> Result<CreateCalendarFeedPayload> {
        let request = ctx.ask();
        let (made, user_errors) =
            settle(feeds::create(&request.services, &request.viewer, input.name.as_deref()).await)?;
        let url = made.as_ref().map(|made| format!("/calendar/{}.ics", made.token));
        Ok(CreateCalendarFeedPayload { calendar_feed: made.map(|made| made.feed.into()), url, user_errors })
    }

    /// Ends one of your links, for ever: the calendar programs that have it find nothing any more.
    async fn revoke_calendar_feed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RevokeCalendarFeedInput,
    ) -> Result<RevokeCalendarFeedPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::CalendarFeed.read("calendarFeedId", &input.calendar_feed_id)?;
            feeds::revoke(&request.services, &request.viewer, id).await
        };
        RevokeCalendarFeedPayload::of(outcome.await)
    }
}
