//! What standard answers are found by: their words, made in one way for both databases, in an index of each one's own.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statements: &[&str] = match manager.get_database_backend() {
            DbBackend::Postgres => &[
                "CREATE TABLE article_terms (article_id uuid PRIMARY KEY REFERENCES knowledge_articles (id), terms tsvector NOT NULL)",
                "CREATE INDEX ix_article_terms_terms ON article_terms USING gin (terms)",
            ],
            _ => &[
                "CREATE VIRTUAL TABLE article_terms USING fts5(article_id UNINDEXED, terms, tokenize = 'unicode61 remove_diacritics 0')",
            ],
        };
        for statement in statements {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("DROP TABLE article_terms").await?;
        Ok(())
    }
}
