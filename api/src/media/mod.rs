pub mod blob {
    #[derive(Clone)]
    pub struct BlobStore;
}
