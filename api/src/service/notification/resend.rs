//! Sending anew what was given up, when what kept it has been mended.

use entity::vocab::NotificationChannel;
use serde_json::json;
use uuid::Uuid;

use crate::{
    auth::viewer::Viewer,
    error::{Error, FaultCode, Message, Result},
    service::Services,
    store::{
        self,
        audit::Act,
        notification::outbox::{GivenUp, revive},
    },
};

/// The most messages that are named in one call.
pub const MOST_NAMED: usize = 100;

/// Which of what was given up a call means: some by their ids, or all of a channel.
pub fn which(ids: Option<Vec<Uuid>>, channel: Option<NotificationChannel>) -> Result<GivenUp> {
    match (ids, channel) {
        (Some(ids), None) if ids.len() > MOST_NAMED => {
            let message = Message::ResendCount { most: MOST_NAMED.into() };
            Err(Error::fault(FaultCode::OutOfRange, "deliveryIds", message))
        }
        (Some(ids), None) => Ok(GivenUp::These(ids)),
        (None, Some(channel)) => Ok(GivenUp::By(channel)),
        (None, None) => Err(Error::fault(FaultCode::Required, "deliveryIds", Message::SayWhatToResend)),
        (Some(_), Some(_)) => Err(Error::fault(FaultCode::Invalid, "channel", Message::MessagesOrChannel)),
    }
}

/// Lets messages go out again, under their old ids. Returns how many.
pub async fn resend(services: &Services, viewer: &Viewer, which: GivenUp) -> Result<u64> {
    let now = services.now();
    let tx = services.db.begin().await?;
    let count = revive(&tx, viewer, &which, now).await?;
    let act = Act {
        id: services.new_id(now),
        at: now,
        action: "RESEND_NOTIFICATIONS",
        object_type: "NotificationDelivery",
        object_id: None,
        details: Some(json!({ "messages": count })),
    };
    store::audit::record(&tx, viewer, act).await?;
    tx.commit().await?;
    Ok(count)
}
