//! Which language people have chosen to be written to in, as opposed to the one they were given, and the same in each of
//! their sessions, where every request finds it.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{add_column, drop_column};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_column(manager, "notification_settings", boolean_null("is_language_chosen")).await?;
        add_column(manager, "sessions", text_null("language")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_column(manager, "sessions", "language").await?;
        drop_column(manager, "notification_settings", "is_language_chosen").await
    }
}
