//! What there is to do, before anything is done: a round in which nothing is due costs one or two small reads.

use entity::project;

use crate::{
    domain::figure::Month,
    error::Result,
    service::{Services, survey::campaign, ticket::time_zone},
    store::{
        self,
        agenda::{Chore, Local},
    },
};

/// Those of these jobs that have something to do. A project whose clock can't be read is the jobs' own affair.
pub async fn due(services: &Services, chores: &[Chore]) -> Result<Vec<Chore>> {
    let conn = services.db.reader();
    let mut locals = Vec::new();
    if chores.iter().any(|chore| chore.is_local()) {
        for project in store::company::every_project(conn).await? {
            match local(services, &project) {
                Ok(local) => locals.push(local),
                Err(_) => return Ok(chores.to_vec()),
            }
        }
    }
    store::agenda::due(conn, chores, &locals, services.now()).await
}

fn local(services: &Services, project: &project::Model) -> Result<Local> {
    let (now, zone) = (services.now(), time_zone(project)?);
    let closed = Month::last_closed(now, zone);
    Ok(Local {
        project_id: project.id,
        today: now.with_timezone(&zone).date_naive(),
        surveyed: campaign::surveyed(project, now)?.filter(|window| window.has_come),
        closed: (Month::at(project.created_at, zone) <= closed).then_some(closed),
    })
}
