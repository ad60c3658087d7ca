//! Reading a ledger beside the async world: a blocking thread reads ahead by a few chunks and then waits, so that memory
//! stays bounded however long the file is.

use tokio::{sync::mpsc, task::JoinHandle};

use super::ImportError;
use crate::{
    domain::ledger::Outcome,
    error::Error,
    import::{Ledger, ReadError},
};

/// Enough rows that the statements of a chunk are few, and few enough that they stay short.
pub(super) const ROWS_A_CHUNK: usize = 500;
const CHUNKS_AHEAD: usize = 4;

pub(super) struct Reading {
    chunks: mpsc::Receiver<Vec<Outcome>>,
    thread: JoinHandle<Result<Ledger, ReadError>>,
}

impl Reading {
    pub(super) fn start(ledger: Ledger) -> Self {
        let (sender, chunks) = mpsc::channel(CHUNKS_AHEAD);
        Self { chunks, thread: tokio::task::spawn_blocking(move || read(ledger, &sender)) }
    }

    /// The next rows; none after the last, and after an error that `finish` tells.
    pub(super) async fn next(&mut self) -> Option<Vec<Outcome>> {
        self.chunks.recv().await
    }

    /// Gives the ledger back, to be read again.
    pub(super) async fn finish(self) -> Result<Ledger, ImportError> {
        Ok(self.thread.await.map_err(|error| ImportError::Failed(Error::internal(error)))??)
    }
}

fn read(mut ledger: Ledger, chunks: &mpsc::Sender<Vec<Outcome>>) -> Result<Ledger, ReadError> {
    let mut rows = ledger.rows()?;
    loop {
        let chunk = rows.by_ref().take(ROWS_A_CHUNK).collect::<Result<Vec<_>, _>>()?;
        // Nobody listens any more when the import has failed.
        if chunk.is_empty() || chunks.blocking_send(chunk).is_err() {
            break;
        }
    }
    drop(rows);
    Ok(ledger)
}
