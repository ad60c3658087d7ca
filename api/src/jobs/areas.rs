//! Areas that change hands at an instant, and substitutes whose time has come or is over.

use crate::{
    error::{Error, Result},
    service::{Services, area},
    store,
};

/// How many transfers are looked at in one statement.
const BATCH: u64 = 50;

/// Hands over the areas whose time has come. Returns how many transfers were decided.
pub async fn transfer_areas(services: &Services) -> Result<usize> {
    let mut decided = 0;
    loop {
        let due = store::area::due_transfers(services.db.reader(), services.now(), BATCH).await?;
        let mut progress = 0;
        for id in &due {
            match area::carry_out_due(services, *id).await {
                Ok(done) => progress += usize::from(done),
                // Households were given away at the same moment: the next round sees where they are.
                Err(Error::Invalid(_)) => {}
                Err(error) => tracing::error!(transfer = %id, ?error, "an area could not be handed over"),
            }
        }
        decided += progress;
        if progress == 0 || due.len() < usize::try_from(BATCH).unwrap_or(usize::MAX) {
            return Ok(decided);
        }
    }
}

/// Lets substitutes answer for households from the beginning to the end of an absence. Returns how many changed.
pub async fn settle_substitutes(services: &Services) -> Result<usize> {
    let changed = store::absence::settle(services.db.writer(), services.now()).await?;
    Ok(usize::try_from(changed).unwrap_or(usize::MAX))
}
