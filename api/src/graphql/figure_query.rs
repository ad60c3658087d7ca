//! Asking for figures, and for who is first.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::vocab;

use super::{
    context::Ask,
    enums::{Department, FigureKey, Role},
    figure::{Figure, Sheet},
    id::Kind,
    loaders::StaffOf,
    scalar::Month,
    staff::Staff,
};
use crate::{
    domain::figure::Cut,
    error::Result,
    service::figure::{Question, board, cut_for},
};

/// Which figures, and of what. What is left out does not narrow.
#[derive(InputObject, Default)]
pub struct FigureFilter {
    /// Only these; all 23 when left out.
    keys: Option<Vec<FigureKey>>,
    /// Of this project; of all that you see together when left out.
    project_id: Option<ID>,
    /// The part of this department. Figures that mean nothing for a department are left out.
    department: Option<Department>,
    /// The part of this member of staff: what they did, or what happened in their households. Figures that mean nothing for a member of staff are left out.
    staff_id: Option<ID>,
    /// Of this month; of the running one when left out.
    month: Option<Month>,
}

/// A member of staff's place.
pub struct StaffRank {
    rank: Option<usize>,
    staff_id: uuid::Uuid,
    figure: (Arc<Sheet>, vocab::FigureKey, Cut),
}

/// A member of staff's place by a figure.
#[Object]
impl StaffRank {
    /// 1 is the best; the same figure has the same rank. Null when there is no figure to show.
    async fn rank(&self) -> Option<usize> {
        self.rank
    }

    /// The member of staff.
    async fn staff(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.staff_id), Staff).await
    }

    /// Their part of the figure, with the target.
    async fn figure(&self) -> Figure {
        let (sheet, key, cut) = &self.figure;
        Figure { sheet: Arc::clone(sheet), key: *key, cut: *cut }
    }
}

/// A department's place by a figure.
#[derive(SimpleObject)]
pub struct DepartmentRank {
    /// 1 is the best; the same figure has the same rank. Null when there is no figure to show.
    rank: Option<usize>,
    /// The department.
    department: Department,
    /// Its part of the figure, with the target.
    figure: Figure,
}

/// Figures and rankings.
#[derive(Default)]
pub struct FigureQueries;

#[Object]
impl FigureQueries {
    /// The company's figures of a month with their targets, in the order of the standard. A closed month shows what was taken down when it was closed. Managers see their own projects; those of departments that don't serve customers see the part of their own department.
    async fn figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which figures, and of what.")] filter: Option<FigureFilter>,
    ) -> Result<Vec<Figure>> {
        let filter = filter.unwrap_or_default();
        let staff_id = Kind::Staff.read_optional("filter.staffId", filter.staff_id.as_ref())?;
        let asked = Cut { department: filter.department.map(Into::into), staff_id };
        let keys = filter.keys.map(|keys| keys.into_iter().map(vocab::FigureKey::from).collect::<Vec<_>>());
        let question = Question {
            keys: in_order(|key| keys.as_ref().is_none_or(|keys| keys.contains(&key))),
            project_id: Kind::Project.read_optional("filter.projectId", filter.project_id.as_ref())?,
            month: filter.month.map(|month| month.0),
        };
        let Some(sheet) = sheet(ctx, question).await? else { return Ok(Vec::new()) };
        let viewer = &ctx.ask().viewer;
        let figure = |key: &vocab::FigureKey| {
            let cut = cut_for(viewer, *key, asked)?;
            Some(Figure { sheet: Arc::clone(&sheet), key: *key, cut })
        };
        Ok(sheet.board().keys.iter().filter_map(figure).collect())
    }

    /// The members of staff of a role by a figure of a month, the best first. Whoever has nothing to be measured by is left out. The satisfaction index is shown for a single project only.
    async fn staff_ranking(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "By which figure; one that means something for a member of staff.")] key: FigureKey,
        #[graphql(desc = "Ambassadors are measured by their households, all others by what they did themselves.")]
        role: Role,
        #[graphql(desc = "Of which month; the running one when left out.")] month: Option<Month>,
        #[graphql(desc = "Of this project; of all that you see together when left out.")] project_id: Option<ID>,
    ) -> Result<Vec<StaffRank>> {
        let Some(sheet) = ranking(ctx, key, month, project_id).await? else { return Ok(Vec::new()) };
        let (request, key) = (ctx.ask(), key.into());
        let ranks = sheet.board().staff_ranking(&request.services, &request.viewer, key, role.into()).await?;
        let rank = |(rank, staff_id, cut)| StaffRank { rank, staff_id, figure: (Arc::clone(&sheet), key, cut) };
        Ok(ranks.into_iter().map(rank).collect())
    }

    /// The departments by a figure of a month, the best first. Departments with nothing to be measured by are left out. The satisfaction index is shown for a single project only.
    async fn department_ranking(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "By which figure; one that means something for a department.")] key: FigureKey,
        #[graphql(desc = "Of which month; the running one when left out.")] month: Option<Month>,
        #[graphql(desc = "Of this project; of all that you see together when left out.")] project_id: Option<ID>,
    ) -> Result<Vec<DepartmentRank>> {
        let Some(sheet) = ranking(ctx, key, month, project_id).await? else { return Ok(Vec::new()) };
        let key = key.into();
        let ranks = sheet.board().department_ranking(&ctx.ask().viewer, key)?;
        let rank = |(rank, department, cut): (_, vocab::Department, _)| DepartmentRank {
            rank,
            department: department.into(),
            figure: Figure { sheet: Arc::clone(&sheet), key, cut },
        };
        Ok(ranks.into_iter().map(rank).collect())
    }
}

/// The figures that are wanted, in the order of the standard.
fn in_order(is_wanted: impl Fn(vocab::FigureKey) -> bool) -> Vec<vocab::FigureKey> {
    vocab::FigureKey::ALL.iter().copied().filter(|key| is_wanted(*key)).collect()
}

async fn ranking(
    ctx: &Context<'_>,
    key: FigureKey,
    month: Option<Month>,
    project_id: Option<ID>,
) -> Result<Option<Arc<Sheet>>> {
    let question = Question {
        keys: vec![key.into()],
        project_id: Kind::Project.read_optional("projectId", project_id.as_ref())?,
        month: month.map(|month| month.0),
    };
    sheet(ctx, question).await
}

async fn sheet(ctx: &Context<'_>, question: Question) -> Result<Option<Arc<Sheet>>> {
    let request = ctx.ask();
    Ok(board(&request.services, &request.viewer, question).await?.map(Sheet::new))
}
