//! Standard answers as the API shows them, found by words, and how they are written.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::knowledge_article;

use super::{
    connection::{Counted, Total, counted, listed, page},
    context::Ask,
    enums::{ArticleAudience, ArticleStatus, TicketCategory},
    id::Kind,
    loaders::{ProjectOf, StaffOf},
    staff::Staff,
    unit::Project,
    user_error::payloads,
};
use crate::{
    domain::{search::Query, text},
    error::Result,
    page::Cursor,
    service::article::{self, ArticleChanges, NewArticle},
    store::{self, article::ArticleFilter},
};

/// A standard answer.
pub struct Article(pub knowledge_article::Model);

impl From<knowledge_article::Model> for Article {
    fn from(row: knowledge_article::Model) -> Self {
        Self(row)
    }
}

/// A standard answer (常见问题). Owners read the published ones that are meant for everyone; staff the published ones of their projects; those who write them the drafts too.
#[Object]
impl Article {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Article.id(self.0.id)
    }

    /// The question, in one line.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// The answer: text of any number of lines.
    async fn body(&self) -> &str {
        &self.0.body
    }

    /// The subject; null when it belongs to none.
    async fn category(&self) -> Option<TicketCategory> {
        self.0.category.map(Into::into)
    }

    /// Whom it is for.
    async fn audience(&self) -> ArticleAudience {
        self.0.audience.into()
    }

    /// Where it stands.
    async fn status(&self) -> ArticleStatus {
        self.0.status.into()
    }

    /// Counts up with each change; send it as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was drafted.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// The project it holds in; null when it holds everywhere.
    async fn project(&self, ctx: &Context<'_>) -> Option<Result<Project>> {
        ctx.ask().find(ProjectOf(self.0.project_id?), Project).await
    }

    /// Who drafted it, as far as you may see them.
    async fn author(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.author_id), Staff).await
    }
}

/// Narrows a list of standard answers. What is left out does not narrow it.
#[derive(InputObject, Default)]
#[graphql(name = "ArticleFilter")]
pub struct ArticleFilterInput {
    /// Written for this project.
    project_id: Option<ID>,
    /// On this subject.
    category: Option<TicketCategory>,
    /// For these readers.
    audience: Option<ArticleAudience>,
    /// In this place of its life.
    status: Option<ArticleStatus>,
}

/// Reading standard answers.
#[derive(Default)]
pub struct ArticleQueries;

#[Object]
impl ArticleQueries {
    /// The standard answers that you may read: the newest first, or with `search` those that fit, the best first.
    #[allow(clippy::too_many_arguments)]
    async fn articles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(
            desc = "What to look for in titles and bodies, at most 60 characters: Chinese in whole or in part, as in a question; words of other languages by their beginnings. Every part set off by a space must be found. A cursor belongs to the search it was given in."
        )]
        search: Option<String>,
        #[graphql(desc = "Narrows the list.")] filter: Option<ArticleFilterInput>,
    ) -> Result<Counted<Article>> {
        let page = page(first, after, last, before)?;
        let filter = filter.unwrap_or_default();
        let filter = ArticleFilter {
            project_id: Kind::Project.read_optional("filter.projectId", filter.project_id.as_ref())?,
            category: filter.category.map(Into::into),
            audience: filter.audience.map(Into::into),
            status: filter.status.map(Into::into),
        };
        let viewer = &ctx.ask().viewer;
        let search = text::optional_line("search", search.as_deref(), 60)?;
        let Some(search) = search else { return listed(ctx, store::article::list(viewer, &filter), page).await };
        let found = match Query::read(&search) {
            Some(query) => store::article::search(ctx.ask().services.db.reader(), viewer, &filter, &query).await?,
            None => Vec::new(),
        };
        let count = found.len() as u64;
        let total = Total::new(move || Box::pin(async move { Ok(count) }));
        Ok(counted(store::article::cut(found, &page)?, total, |row| Cursor::Id(row.id), Article))
    }
}

/// Drafts a standard answer.
#[derive(InputObject)]
pub struct CreateArticleInput {
    /// The project it holds in. Only administrators leave it out: it holds everywhere then.
    project_id: Option<ID>,
    /// The question, in one line; at most 120 characters.
    title: String,
    /// The answer; at most 10,000 characters.
    body: String,
    /// The subject.
    category: Option<TicketCategory>,
    /// Whom it is for.
    #[graphql(default_with = "ArticleAudience::Staff")]
    audience: ArticleAudience,
}

/// Changes a standard answer. What is left out stays.
#[derive(InputObject)]
pub struct UpdateArticleInput {
    /// Which article.
    article_id: ID,
    /// Another question.
    title: Option<String>,
    /// Another answer.
    body: Option<String>,
    /// Another subject.
    category: Option<TicketCategory>,
    /// Other readers.
    audience: Option<ArticleAudience>,
    /// The version you changed. The call is refused with CONFLICT when somebody was faster.
    expected_version: Option<i32>,
}

/// Publishes a standard answer.
#[derive(InputObject)]
pub struct PublishArticleInput {
    /// Which article; a draft or a retired one.
    article_id: ID,
}

/// Takes a standard answer back.
#[derive(InputObject)]
pub struct RetireArticleInput {
    /// Which article.
    article_id: ID,
}

payloads! {
    /// The article that was drafted.
    CreateArticlePayload {
        /// The article; null when the call was refused.
        article: Article
    }
    /// The article that was changed.
    UpdateArticlePayload {
        /// The article; null when the call was refused.
        article: Article
    }
    /// The article that was published.
    PublishArticlePayload {
        /// The article; null when the call was refused.
        article: Article
    }
    /// The article that was taken back.
    RetireArticlePayload {
        /// The article; null when the call was refused.
        article: Article
    }
}

/// Writing standard answers.
#[derive(Default)]
pub struct ArticleMutations;

#[Object]
impl ArticleMutations {
    /// Drafts a standard answer. Only those who write answers see it until it is published.
    async fn create_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CreateArticleInput,
    ) -> Result<CreateArticlePayload> {
        let request = ctx.ask();
        let outcome = async {
            let new = NewArticle {
                project_id: Kind::Project.read_optional("projectId", input.project_id.as_ref())?,
                title: input.title,
                body: input.body,
                category: input.category.map(Into::into),
                audience: input.audience.into(),
            };
            article::create(&request.services, &request.viewer, new).await
        };
        CreateArticlePayload::of(outcome.await)
    }

    /// Changes a standard answer; it counts one version up. Agents change drafts, managers published ones too.
    async fn update_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: UpdateArticleInput,
    ) -> Result<UpdateArticlePayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Article.read("articleId", &input.article_id)?;
            let changes = ArticleChanges {
                title: input.title,
                body: input.body,
                category: input.category.map(Into::into),
                audience: input.audience.map(Into::into),
                expected_version: input.expected_version,
            };
            article::update(&request.services, &request.viewer, id, changes).await
        };
        UpdateArticlePayload::of(outcome.await)
    }

    /// Publishes a draft, or brings a retired answer back.
    async fn publish_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: PublishArticleInput,
    ) -> Result<PublishArticlePayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Article.read("articleId", &input.article_id)?;
            article::publish(&request.services, &request.viewer, id).await
        };
        PublishArticlePayload::of(outcome.await)
    }

    /// Takes an answer back that does not hold any more.
    async fn retire_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RetireArticleInput,
    ) -> Result<RetireArticlePayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Article.read("articleId", &input.article_id)?;
            article::retire(&request.services, &request.viewer, id).await
        };
        RetireArticlePayload::of(outcome.await)
    }
}
