//! Whom the messages of a bulletin have reached, by which channel: as far as the viewer sees to whom it was delivered.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    bulletin_delivery as receipt, notification as told, notification_delivery as message,
    vocab::{DeliveryFailure, DeliveryStatus, NotificationChannel},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{auth::viewer::Viewer, error::Result, store};

/// What became of one channel's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    pub channel: NotificationChannel,
    pub waiting: i64,
    pub reached: i64,
    pub dropped: i64,
    pub failed: i64,
}

#[derive(FromQueryResult)]
struct Counted {
    bulletin_id: Uuid,
    channel: NotificationChannel,
    status: DeliveryStatus,
    messages: i64,
    reached: i64,
}

/// Receipts with the messages that told of the same bulletin to the same person.
fn messages(viewer: &Viewer) -> Select<receipt::Entity> {
    let told_of = receipt::Entity::belongs_to(told::Entity)
        .from(receipt::Column::BulletinId)
        .to(told::Column::SubjectId)
        .on_condition(|receipt, told| {
            let same = Expr::col((receipt, receipt::Column::OwnerId)).equals((told, told::Column::RecipientId));
            Condition::all().add(same)
        })
        .into();
    let sent_by =
        told::Entity::belongs_to(message::Entity).from(told::Column::Id).to(message::Column::NotificationId).into();
    let rows = store::find::<receipt::Entity>(viewer).select_only();
    rows.join(JoinType::InnerJoin, told_of).join(JoinType::InnerJoin, sent_by)
}

/// The counts of each of these bulletins, channel by channel. A channel by which nothing was to go is left out.
pub async fn of_bulletins(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    bulletins: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Reach>>> {
    use message::Column as M;
    let rows = messages(viewer)
        .column(receipt::Column::BulletinId)
        .column(M::Channel)
        .column(M::Status)
        .column_as(M::Id.count(), "messages")
        .column_as(M::SentAt.count(), "reached")
        .filter(receipt::Column::BulletinId.is_in(bulletins.iter().copied()))
        .group_by(receipt::Column::BulletinId)
        .group_by(M::Channel)
        .group_by(M::Status)
        .into_model::<Counted>()
        .all(conn)
        .await?;
    let mut counts: HashMap<Uuid, Vec<Reach>> = HashMap::new();
    for row in rows {
        add(counts.entry(row.bulletin_id).or_default(), &row);
    }
    for channels in counts.values_mut() {
        channels.sort_unstable_by_key(|reach| reach.channel);
    }
    Ok(counts)
}

fn add(channels: &mut Vec<Reach>, row: &Counted) {
    let at = channels.iter().position(|reach| reach.channel == row.channel).unwrap_or_else(|| {
        channels.push(Reach { channel: row.channel, waiting: 0, reached: 0, dropped: 0, failed: 0 });
        channels.len() - 1
    });
    let reach = &mut channels[at];
    reach.reached += row.reached;
    // Whoever has it on one device was reached, whatever becomes of another.
    let rest = row.messages - row.reached;
    match row.status {
        DeliveryStatus::Waiting => reach.waiting += rest,
        DeliveryStatus::Sent => reach.reached += rest,
        DeliveryStatus::Dropped => reach.dropped += rest,
        DeliveryStatus::Dead => reach.failed += rest,
    }
}

/// What became of one person's message by one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Arrival {
    pub receipt_id: Uuid,
    pub channel: NotificationChannel,
    pub status: DeliveryStatus,
    pub sent_at: Option<DateTime<Utc>>,
    pub failure: Option<DeliveryFailure>,
}

/// The messages of each of these receipts.
pub async fn of_receipts(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    receipts: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Arrival>>> {
    use message::Column as M;
    let rows = messages(viewer)
        .column_as(receipt::Column::Id, "receipt_id")
        .columns([M::Channel, M::Status, M::SentAt, M::Failure])
        .filter(receipt::Column::Id.is_in(receipts.iter().copied()))
        .order_by_asc(M::Channel)
        .into_model::<Arrival>()
        .all(conn)
        .await?;
    let mut arrivals: HashMap<Uuid, Vec<Arrival>> = HashMap::new();
    for row in rows {
        arrivals.entry(row.receipt_id).or_default().push(row);
    }
    Ok(arrivals)
}
