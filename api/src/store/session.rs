//! Sessions and the refresh tokens that were given out in them.

use chrono::{DateTime, Utc};
use entity::{
    notification_setting, refresh_token,
    session::{ActiveModel, Column, Entity, Model},
    vocab::{Department, Language, PrincipalKind, Role},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect, QueryTrait, Statement,
    sea_query::{Expr, SubQueryStatement},
};
use uuid::Uuid;

use crate::error::Result;

pub async fn open(conn: &impl ConnectionTrait, session: Model, refresh: Option<refresh_token::Model>) -> Result<()> {
    let mut row = session.into_active_model().reset_all();
    // PostgreSQL marks it with what was written before: whoever signs in elsewhere reads that too.
    row.last_write = ActiveValue::NotSet;
    Entity::insert(row).exec_without_returning(conn).await?;
    if let Some(refresh) = refresh {
        add_refresh_token(conn, refresh).await?;
    }
    Ok(())
}

pub async fn add_refresh_token(conn: &impl ConnectionTrait, token: refresh_token::Model) -> Result<()> {
    super::insert(refresh_token::Entity, conn, token).await
}

/// What each request must know of a session that has not ended, and of its principal.
#[derive(Clone, Debug)]
pub struct Living {
    pub kind: PrincipalKind,
    pub principal_id: Uuid,
    pub last_write: Option<i64>,
    pub language: Option<Language>,
    pub staff: Option<Position>,
    pub is_owner: bool,
}

/// What a member of staff is.
#[derive(Clone, Copy, Debug)]
pub struct Position {
    pub role: Role,
    pub department: Department,
    pub is_active: bool,
}

/// Asked by every request: only what it needs, in words that are written once.
const LIVING: &str = r#"SELECT s.principal_kind, s.principal_id, s.last_write, s.language, o.id, f.role, f.department, f.is_active
    FROM "sessions" s LEFT JOIN "owners" o ON o.id = s.principal_id LEFT JOIN "staff" f ON f.id = s.principal_id
    WHERE s.id = $1 AND s.ended_at IS NULL AND s.expires_at > $2"#;

/// A session that has not ended, and its principal, in one statement.
pub async fn living(conn: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<Option<Living>> {
    let living = Statement::from_sql_and_values(conn.get_database_backend(), LIVING, [id.into(), now.into()]);
    let Some(row) = conn.query_one_raw(living).await? else { return Ok(None) };
    let owner: Option<Uuid> = row.try_get_by_index(4)?;
    let role: Option<Role> = row.try_get_by_index(5)?;
    let staff = match role {
        Some(role) => {
            Some(Position { role, department: row.try_get_by_index(6)?, is_active: row.try_get_by_index(7)? })
        }
        None => None,
    };
    Ok(Some(Living {
        kind: row.try_get_by_index(0)?,
        principal_id: row.try_get_by_index(1)?,
        last_write: row.try_get_by_index(2)?,
        language: row.try_get_by_index(3)?,
        staff,
        is_owner: owner.is_some(),
    }))
}

/// A refresh token by its hash, with its session.
pub async fn by_refresh_hash(conn: &impl ConnectionTrait, hash: &str) -> Result<Option<(refresh_token::Model, Model)>> {
    let Some(token) = refresh_token::Entity::find_by_id(hash.to_owned()).one(conn).await? else {
        return Ok(None);
    };
    let session = Entity::find_by_id(token.session_id).one(conn).await?;
    Ok(session.map(|session| (token, session)))
}

/// Uses a refresh token up; false when it had been used before.
pub async fn use_refresh_token(conn: &impl ConnectionTrait, hash: &str, now: DateTime<Utc>) -> Result<bool> {
    let row = refresh_token::ActiveModel { used_at: ActiveValue::Set(Some(now)), ..Default::default() };
    let used = refresh_token::Entity::update_many()
        .set(row)
        .filter(refresh_token::Column::Hash.eq(hash))
        .filter(refresh_token::Column::UsedAt.is_null())
        .exec(conn)
        .await?;
    Ok(used.rows_affected == 1)
}

/// Forgets the tokens of a session that were used up before this: a session may live for years, and each of its refreshes
/// leaves one. Whoever shows one of them again is refused, and the session goes on.
pub async fn forget_used(conn: &impl ConnectionTrait, session_id: Uuid, before: DateTime<Utc>) -> Result<()> {
    use refresh_token::{Column, Entity};
    let long_used = Condition::all().add(Column::SessionId.eq(session_id)).add(Column::UsedAt.lt(before));
    Entity::delete_many().filter(long_used).exec(conn).await?;
    Ok(())
}

/// Lets a session live on until `expires_at`.
pub async fn prolong(
    conn: &impl ConnectionTrait,
    id: Uuid,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    let row = ActiveModel {
        refreshed_at: ActiveValue::Set(now),
        expires_at: ActiveValue::Set(expires_at),
        ..Default::default()
    };
    Entity::update_many().set(row).filter(Column::Id.eq(id)).exec(conn).await?;
    Ok(())
}

/// Notes in a principal's living sessions which language the settings say. English is nobody's until it is chosen; Chinese
/// may stand there for those who chose nothing.
pub async fn take_language(conn: &impl ConnectionTrait, principal: Uuid) -> Result<()> {
    use notification_setting::{Column as Setting, Entity as Settings};
    let is_chosen = Condition::any().add(Setting::IsLanguageChosen.eq(true)).add(Setting::Language.eq(Language::En));
    let chosen = Settings::find()
        .select_only()
        .column(Setting::Language)
        .filter(Setting::PrincipalId.eq(principal))
        .filter(is_chosen)
        .into_query();
    let living = Condition::all().add(Column::PrincipalId.eq(principal)).add(Column::EndedAt.is_null());
    let update = Entity::update_many()
        .col_expr(Column::Language, Expr::SubQuery(None, Box::new(SubQueryStatement::SelectStatement(chosen))))
        .filter(living);
    update.exec(conn).await?;
    Ok(())
}

/// Ends one session; says whether it was alive.
pub async fn end(conn: &impl ConnectionTrait, id: Uuid, reason: &str, now: DateTime<Utc>) -> Result<bool> {
    Ok(end_where(conn, Condition::all().add(Column::Id.eq(id)), reason, now).await? > 0)
}

/// Ends every session of a principal.
pub async fn end_all(conn: &impl ConnectionTrait, principal: Uuid, reason: &str, now: DateTime<Utc>) -> Result<u64> {
    end_where(conn, Condition::all().add(Column::PrincipalId.eq(principal)), reason, now).await
}

/// Ends every session of a principal but one. Returns those that were alive.
pub async fn end_others(
    conn: &impl ConnectionTrait,
    principal: Uuid,
    but: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<Vec<Uuid>> {
    let others = Condition::all()
        .add(Column::PrincipalId.eq(principal))
        .add(Column::EndedAt.is_null())
        .add_option(but.map(|id| Column::Id.ne(id)));
    let ended = Entity::update_many().set(ending("the password was changed", now)).filter(others);
    Ok(ended.exec_with_returning(conn).await?.into_iter().map(|session| session.id).collect())
}

fn ending(reason: &str, now: DateTime<Utc>) -> ActiveModel {
    ActiveModel {
        ended_at: ActiveValue::Set(Some(now)),
        end_reason: ActiveValue::Set(Some(reason.to_owned())),
        ..Default::default()
    }
}

async fn end_where(conn: &impl ConnectionTrait, which: Condition, reason: &str, now: DateTime<Utc>) -> Result<u64> {
    let ended = Entity::update_many()
        .set(ending(reason, now))
        .filter(which)
        .filter(Column::EndedAt.is_null())
        .exec(conn)
        .await?;
    Ok(ended.rows_affected)
}

/// Which of these sessions are over by now.
pub async fn ended_among(conn: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let mut ended = Vec::new();
    for chunk in ids.chunks(500) {
        let rows = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::Id.is_in(chunk.iter().copied()))
            .filter(Column::EndedAt.is_not_null())
            .into_tuple::<Uuid>()
            .all(conn)
            .await?;
        ended.extend(rows);
    }
    Ok(ended)
}

/// Forgets sessions, and their refresh tokens, that have been over since before `before`. Returns how many sessions.
pub async fn forget_before(conn: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<u64> {
    let ids = Entity::find().select_only().column(Column::Id).filter(over(before)).into_query();
    refresh_token::Entity::delete_many().filter(refresh_token::Column::SessionId.in_subquery(ids)).exec(conn).await?;
    Ok(Entity::delete_many().filter(over(before)).exec(conn).await?.rows_affected)
}

pub(super) fn over(before: DateTime<Utc>) -> Condition {
    Condition::any().add(Column::EndedAt.lt(before)).add(Column::ExpiresAt.lt(before))
}
