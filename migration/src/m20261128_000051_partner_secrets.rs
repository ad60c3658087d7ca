//! A partner's secret goes on being good for a while beside the one that has taken its place.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{add_column, drop_column};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_column(manager, "partners", text_null("old_secret_hash")).await?;
        add_column(manager, "partners", timestamp_with_time_zone_null("old_secret_until")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_column(manager, "partners", "old_secret_until").await?;
        drop_column(manager, "partners", "old_secret_hash").await
    }
}
