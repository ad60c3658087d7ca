//! What is needed to reach devices: how each is pushed to, in which session it was registered, and what each has got.
//! Notifications are found by what they are about, and by their age.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{add_column, create, drop_all, drop_column, drop_index, index, references, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const OF_DEVICES: [&str; 4] = ["push_service", "p256dh", "auth_secret", "session_id"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let [service, key, secret, session] = OF_DEVICES;
        for column in [text_null(service), text_null(key), text_null(secret), uuid_null(session)] {
            add_column(manager, "devices", column).await?;
        }
        let discreet = boolean("push_is_discreet").default(false).take();
        add_column(manager, "notification_settings", discreet).await?;
        receipts(manager).await?;
        index(manager, "notifications", &["subject_id"]).await?;
        index(manager, "notifications", &["created_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_index(manager, "notifications", &["created_at"]).await?;
        drop_index(manager, "notifications", &["subject_id"]).await?;
        drop_all(manager, &["push_receipts"]).await?;
        drop_column(manager, "notification_settings", "push_is_discreet").await?;
        for column in OF_DEVICES {
            drop_column(manager, "devices", column).await?;
        }
        Ok(())
    }
}

/// Devices come and go: a receipt may outlive its device.
async fn receipts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("push_receipts")
        .col(uuid("id").primary_key())
        .col(uuid("delivery_id"))
        .col(uuid("device_id"))
        .col(boolean("is_taken"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("push_receipts", "delivery_id", "notification_deliveries"));
    create(manager, table).await?;
    unique(manager, "push_receipts", &["delivery_id", "device_id"]).await
}
