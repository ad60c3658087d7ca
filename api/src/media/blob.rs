//! Where photos' bytes are kept: a folder of this machine or a bucket that speaks S3. Keys are made here from ids of
//! ours, never from a client's text. Who may read a photo is decided before this is asked.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::io::ErrorKind;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig};
use reqwest::Url;
use uuid::Uuid;

/// Why the store did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    #[error("nothing is stored under this key")]
    NotFound,
    /// A full disk, a quota, a bucket that does not answer: the client may try again later.
    #[error("the store cannot take or give anything at the moment")]
    Busy(#[source] object_store::Error),
    /// Wrong credentials, missing rights, a broken folder: for the log, and for whoever runs the server.
    #[error("the store failed")]
    Internal(#[source] object_store::Error),
}

/// A store that cannot be used as it is configured.
#[derive(Debug, thiserror::Error)]
pub enum BadBlobStore {
    #[error("`{0}` is neither a folder nor a URL beginning with file:// or s3://")]
    Url(String),
    #[error("`{0}` is not a setting of an S3 store")]
    Setting(String),
    #[error("the folder {0} cannot be made or entered")]
    Folder(PathBuf, #[source] std::io::Error),
    #[error("the store cannot be opened")]
    Store(#[from] object_store::Error),
}

/// The key of one stored file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BlobKey(String);

impl BlobKey {
    /// A photo's cleaned file.
    pub fn picture(id: Uuid) -> BlobKey {
        BlobKey::of(id, "")
    }

    /// A photo's thumbnail.
    pub fn thumbnail(id: Uuid) -> BlobKey {
        BlobKey::of(id, ".thumbnail")
    }

    /// Spread over 256 folders by the random end of the id; the beginning is the time and would fill one at a time.
    fn of(id: Uuid, suffix: &str) -> BlobKey {
        let id = id.simple().to_string();
        BlobKey(format!("{}/{id}{suffix}", &id[30..]))
    }
}

/// A stored file on its way out.
pub struct Blob {
    /// Its length in bytes.
    pub size: u64,
    pub bytes: BoxStream<'static, Result<Bytes, BlobError>>,
}

/// The store itself; clones share it.
#[derive(Clone)]
pub struct BlobStore {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
}

impl BlobStore {
    /// Opens the store that `url` names: a folder (`/var/lib/anju/media`, `file:///…`; made when missing) or
    /// `s3://bucket/prefix` with `settings` named as the AWS tools name them (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT`, …).
    pub fn from_url(url: &str, settings: &BTreeMap<String, String>) -> Result<BlobStore, BadBlobStore> {
        let bad_url = || BadBlobStore::Url(url.to_owned());
        if url.starts_with("s3://") {
            return BlobStore::in_bucket(url, settings);
        }
        let folder = if url.starts_with("file://") {
            Url::parse(url).ok().and_then(|url| url.to_file_path().ok()).ok_or_else(bad_url)?
        } else if url.contains("://") || url.is_empty() {
            return Err(bad_url());
        } else {
            PathBuf::from(url)
        };
        BlobStore::in_folder(&folder)
    }

    /// A store that forgets everything at the end: for tests, and for commands that touch no picture.
    pub fn in_memory() -> BlobStore {
        BlobStore { store: Arc::new(InMemory::new()), prefix: Path::default() }
    }

    fn in_folder(folder: &FilePath) -> Result<BlobStore, BadBlobStore> {
        std::fs::create_dir_all(folder).map_err(|error| BadBlobStore::Folder(folder.to_owned(), error))?;
        // A photo that was acknowledged is on the disk, also when the power fails the moment after.
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(BlobStore { store: Arc::new(store), prefix: Path::default() })
    }

    fn in_bucket(url: &str, settings: &BTreeMap<String, String>) -> Result<BlobStore, BadBlobStore> {
        let parsed = Url::parse(url).map_err(|_| BadBlobStore::Url(url.to_owned()))?;
        let prefix = Path::from_url_path(parsed.path()).map_err(|_| BadBlobStore::Url(url.to_owned()))?;
        let patience = RetryConfig { max_retries: 2, retry_timeout: Duration::from_secs(10), ..RetryConfig::default() };
        // Single deletes: many stores that speak S3 do not know the bulk call. A setting may say otherwise.
        let mut builder = AmazonS3Builder::new()
            .with_client_options(ClientOptions::new().with_timeout(Duration::from_secs(30)))
            .with_retry(patience)
            .with_disable_bulk_delete(true)
            .with_url(url);
        for (name, value) in settings {
            let key: AmazonS3ConfigKey =
                name.to_ascii_lowercase().parse().map_err(|_| BadBlobStore::Setting(name.clone()))?;
            builder = builder.with_config(key, value);
        }
        Ok(BlobStore { store: Arc::new(builder.build()?), prefix })
    }

    /// Stores the bytes under the key. A reader sees all of them or none.
    pub async fn put(&self, key: &BlobKey, bytes: impl Into<Bytes>) -> Result<(), BlobError> {
        self.store.put(&self.at(key), bytes.into().into()).await.map_err(blob_error)?;
        Ok(())
    }

    /// Begins to read what is stored under the key.
    pub async fn get(&self, key: &BlobKey) -> Result<Blob, BlobError> {
        let found = self.store.get(&self.at(key)).await.map_err(blob_error)?;
        Ok(Blob { size: found.meta.size, bytes: found.into_stream().map(|part| part.map_err(blob_error)).boxed() })
    }

    /// Removes what is stored under the key. Once more does no harm.
    pub async fn delete(&self, key: &BlobKey) -> Result<(), BlobError> {
        match self.store.delete(&self.at(key)).await.map_err(blob_error) {
            Err(BlobError::NotFound) => Ok(()),
            outcome => outcome,
        }
    }

    fn at(&self, key: &BlobKey) -> Path {
        let key = Path::from(key.0.as_str());
        self.prefix.parts().chain(key.parts()).collect()
    }
}

impl std::fmt::Debug for BlobStore {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "BlobStore({})", self.store)
    }
}

fn blob_error(error: object_store::Error) -> BlobError {
    match error {
        object_store::Error::NotFound { .. } => BlobError::NotFound,
        // Every failure of S3 that is not about a key or a right is reported as generic, after its retries.
        object_store::Error::Generic { store: "S3", .. } => BlobError::Busy(error),
        error if is_out_of_space(&error) => BlobError::Busy(error),
        error => BlobError::Internal(error),
    }
}

fn is_out_of_space(error: &object_store::Error) -> bool {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<std::io::Error>() {
            return matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded);
        }
        cause = error.source();
    }
    false
}

#[cfg(test)]
#[path = "blob_tests.rs"]
mod tests;
