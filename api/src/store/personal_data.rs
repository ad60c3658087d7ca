//! Everything that is held about one person, gathered for them. A customer gets all of it; staff who ask for a customer
//! get the person's own things and what belongs to the projects they work for.

use entity::{
    activity, activity_registration, appointment, bulletin, bulletin_delivery, clause_acknowledgement, contract,
    contract_party, device, handover, interaction, owner_document, owner_stage_change, ownership, session,
    survey_answer, survey_invitation, ticket, unit,
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    auth::{scope::projects_of_staff, viewer::Viewer},
    error::Result,
};

/// Sections of the export by name.
pub async fn of(conn: &impl ConnectionTrait, viewer: &Viewer, owner_id: Uuid) -> Result<Map<String, Value>> {
    let about = About { viewer, owner_id };
    let sections = [
        ("stages", about.stages(conn).await?),
        ("homes", about.homes(conn).await?),
        ("contracts", about.contracts(conn).await?),
        ("handovers", about.handovers(conn).await?),
        ("appointments", about.appointments(conn).await?),
        ("tickets", about.tickets(conn).await?),
        ("contacts", about.contacts(conn).await?),
        ("documents", about.documents(conn).await?),
        ("surveys", about.surveys(conn).await?),
        ("bulletins", about.bulletins(conn).await?),
        ("activities", about.activities(conn).await?),
        ("devices", about.devices(conn).await?),
        ("sessions", about.sessions(conn).await?),
    ];
    Ok(sections.into_iter().map(|(name, rows)| (name.to_owned(), Value::Array(rows))).collect())
}

/// Whose data, and who asks.
struct About<'a> {
    viewer: &'a Viewer,
    owner_id: Uuid,
}

impl About<'_> {
    /// For staff only what belongs to their projects.
    fn in_reach(&self, project: impl ColumnTrait) -> Condition {
        match self.viewer.staff_id() {
            Some(staff) => Condition::all().add(project.in_subquery(projects_of_staff(staff))),
            None => Condition::all(),
        }
    }

    /// The person's own rows of a table, as far as they belong to a project in reach.
    async fn own<E>(
        &self,
        conn: &impl ConnectionTrait,
        (owner, project): (E::Column, E::Column),
        show: impl Fn(E::Model) -> Value,
    ) -> Result<Vec<Value>>
    where
        E: EntityTrait,
        E::Model: Send + Sync,
    {
        let rows = E::find().filter(owner.eq(self.owner_id)).filter(self.in_reach(project)).all(conn).await?;
        Ok(rows.into_iter().map(show).collect())
    }

    async fn stages(&self, conn: &impl ConnectionTrait) -> Result<Vec<Value>> {
        use owner_stage_change::{Column, Entity};
        let rows = Entity::find().filter(Column::OwnerId.eq(self.owner_id)).order_by_asc(Column::Id).all(conn).await?;
        let show = |row: owner_stage_change::Model| json!({ "from": row.from_stage, "to": row.to_stage, "at": row.occurred_at });
        Ok(rows.into_iter().map(show).collect())
    }

    async fn homes(&self, conn: &impl ConnectionTrait) -> Result<Vec<Value>> {
        let owned = ownership::Entity::find().filter(ownership::Column::OwnerId.eq(self.owner_id)).all(conn).await?;
        let ids = owned.iter().map(|row| row.unit_id);
        let units = unit::Entity::find()
            .filter(unit::Column::Id.is_in(ids))
            .filter(self.in_reach(unit::Column::ProjectId))
            .all(conn)
            .await?;
        let show = |row: &ownership::Model| {
            let unit = units.iter().find(|unit| unit.id == row.unit_id)?;
            Some(json!({ "home": unit.code, "ownedFrom": row.started_on, "ownedTo": row.ended_on }))
        };
        Ok(owned.iter().filter_map(show).collect())
    }

    async fn contracts(&self, conn: &impl ConnectionTrait) -> Result<Vec<Value>> {
        let signed = select(contract_party::Entity, contract_party::Column::ContractId)
            .filter(contract_party::Column::OwnerId.eq(self.owner_id));
        let homes =
            select(ownership::Entity, ownership::Column::UnitId).filter(ownership::Column::OwnerId.eq(self.owner_id));
        let theirs = Condition::any()
            .add(contract::Column::Id.in_subquery(signed.into_query()))
            .add(contract::Column::UnitId.in_subquery(homes.into_query()));
        let rows = contract::Entity::find()
            .filter(theirs)
            .filter(self.in_reach(contract::Column::ProjectId))
            .all(conn)
            .await?;
        let acknowledged = clause_acknowledgement::Entity::find()
            .filter(clause_acknowledgement::Column::OwnerId.eq(self.owner_id))
            .all(conn)
            .await?;
        let mut shown: Vec<Value> = rows
            .into_iter()
            .map(|row| json!({ "number": row.number, "status": row.status, "signedOn": row.signed_on, "handedOverOn": row.handed_over_on }))
            .collect();
        shown.extend(acknowledged.into_iter().map(|row| json!({ "clauseAcknowledgedAt": row.acknowledged_at })));
        Ok(shown)
    }

    async fn handovers(&self, conn: &impl ConnectionTrait) -> Result<Vec<Value>> {
        use handover::{Column, Entity};
        let show = |row: handover::Model| json!({ "status": row.status, "bookedAt": row.created_at, "completedOn": row.completed_on, "cancelReason": row.cancel_reason });
        self.own::<Entity>(conn, (Column::OwnerId, Column::ProjectId), show).await
    }

    async fn appointments(&self, conn: &impl ConnectionTrait) -> Result<Vec<Value>> {
        use appointment::{Column, Entity};
        let show = |row: appointment::Model| json!({ "kind": row.kind, "status": row.status, "at": row.scheduled_at });
        self.own::<Entity>(conn, (Column::OwnerId, Column::ProjectId), show).await
    }

    /// What the person reported, and only that: co-owners' reports are theirs.
    async fn tickets(&self, conn: &impl ConnectionTrait) -> Result<Vec<Value>> {
        use ticket::{Column, Entity};
        let show = |row: ticket::Model| {
            json!({
                "number": row.number, "kind": row.kind, "status": row.status, "title": row.title,
                "description": row.description, "channel": row.channel, "createdAt": row.created_at,
                "resolution": row.resolution, "satisfied": row.satisfied, "rating": row.rating,
            })
        };
        self.own::<Entity>(conn, (Column::ReporterOwnerId, Column::ProjectId), show).await
    }

    async fn contacts(&self, conn: &impl ConnectionTrait) -> Result<Vec<Value>> {
        use interaction::{Column, Entity};
        let show = |row: interaction::Model| json!({ "channel": row.channel, "direction": row.direction, "summary": row.summary, "at": row.occurred_at });
        self.own::<Entity>(conn, (Column::OwnerId, Column::ProjectId), show).await
    }

    async fn documents(&self, conn: &impl ConnectionTrait) -> Result<Vec<Value>> {
        let rows = super::customer_file::of_owners(conn, self.viewer, &[self.owner_id]).await?;
        let show = |row: owner_document::Model| json!({ "kind": row.kind, "reference": row.reference, "filedOn": row.filed_on });
        Ok(rows.into_values().flatten().map(show).collect())
    }

    async fn surveys(&self, conn: &impl ConnectionTrait) -> Result<Vec<Value>> {
        use survey_invitation::{Column, Entity};
        let invitations = Entity::find()
            .filter(Column::OwnerId.eq(self.owner_id))
            .filter(self.in_reach(Column::ProjectId))
            .all(conn)
            .await?;
        let ids = invitations.iter().map(|row| row.id);
        let answers =
            survey_answer::Entity::find().filter(survey_answer::Column::InvitationId.is_in(ids)).all(conn).await?;
        let show = |row: &survey_invitation::Model| {
            let own = answers.iter().filter(|answer| answer.invitation_id == row.id);
            let answers: Vec<&str> = own.map(|answer| answer.value.as_str()).collect();
            json!({ "kind": row.kind, "status": row.status, "invitedAt": row.invited_at, "answers": answers })
        };
        Ok(invitations.iter().map(show).collect())
    }

    async fn bulletins(&self, conn: &impl ConnectionTrait) -> Result<Vec<Value>> {
        use bulletin_delivery::{Column, Entity};
        let visible = select(bulletin::Entity, bulletin::Column::Id).filter(self.in_reach(bulletin::Column::ProjectId));
        let rows = Entity::find()
            .filter(Column::OwnerId.eq(self.owner_id))
            .filter(Column::BulletinId.in_subquery(visible.into_query()))
            .all(conn)
            .await?;
        Ok(rows.into_iter().map(|row| json!({ "deliveredAt": row.delivered_at, "readAt": row.read_at })).collect())
    }

    async fn activities(&self, conn: &impl ConnectionTrait) -> Result<Vec<Value>> {
        use activity_registration::{Column, Entity};
        let visible = select(activity::Entity, activity::Column::Id).filter(self.in_reach(activity::Column::ProjectId));
        let rows = Entity::find()
            .filter(Column::OwnerId.eq(self.owner_id))
            .filter(Column::ActivityId.in_subquery(visible.into_query()))
            .all(conn)
            .await?;
        let show = |row: activity_registration::Model| json!({ "status": row.status, "registeredAt": row.created_at, "attendedAt": row.attended_at });
        Ok(rows.into_iter().map(show).collect())
    }

    async fn devices(&self, conn: &impl ConnectionTrait) -> Result<Vec<Value>> {
        let rows = device::Entity::find().filter(device::Column::PrincipalId.eq(self.owner_id)).all(conn).await?;
        let show =
            |row: device::Model| json!({ "platform": row.platform, "name": row.name, "registeredAt": row.created_at });
        Ok(rows.into_iter().map(show).collect())
    }

    async fn sessions(&self, conn: &impl ConnectionTrait) -> Result<Vec<Value>> {
        let rows = session::Entity::find().filter(session::Column::PrincipalId.eq(self.owner_id)).all(conn).await?;
        let show = |row: session::Model| json!({ "device": row.device_name, "signedInAt": row.created_at, "endedAt": row.ended_at });
        Ok(rows.into_iter().map(show).collect())
    }
}

/// One column of a table, for use inside another condition.
fn select<E: EntityTrait>(_: E, column: E::Column) -> sea_orm::Select<E> {
    E::find().select_only().column(column)
}
