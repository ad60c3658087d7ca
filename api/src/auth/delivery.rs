#[derive(Debug, thiserror::Error)]
#[error("x")]
pub struct DeliveryError;
#[async_trait::async_trait]
pub trait CodeDelivery: Send + Sync {
    async fn deliver(
        &self,
        phone: &str,
        code: &str,
        expires_at: chrono::DateTime<chrono::Utc>,
    ) -> Result<(), DeliveryError>;
}
