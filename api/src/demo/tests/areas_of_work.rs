//! What the demo shows besides tickets: sales, surveys, rounds, areas and closed months.

use entity::{
    appointment, area_duty, area_transfer, complaint_analysis, contract_clause, duty_shift, frozen_figure,
    improvement_task, incident, inspection, inspection_finding, prospect, publication, survey_campaign, survey_cell,
    survey_invitation,
    vocab::{AppointmentStatus, ContractStatus, FigureKey, InvitationStatus, PublicationStatus, TaskStatus},
};

use super::*;

/// Two texts are out and two are held back; one disclosure is missing; a contract waits for one clause.
pub(super) async fn before_the_signing(demo: &Filled) {
    let texts = demo.all::<publication::Entity>().await;
    let published = texts.iter().filter(|row| row.status == PublicationStatus::Published).count();
    assert_eq!((texts.len(), published), (4, 2));
    let shown = demo.all::<entity::disclosure::Entity>().await;
    let missing: usize = demo
        .all::<project::Entity>()
        .await
        .iter()
        .map(|project| {
            let kinds: Vec<_> = shown.iter().filter(|row| row.project_id == project.id).map(|row| row.kind).collect();
            crate::domain::disclosure::missing(&kinds).len()
        })
        .sum();
    assert_eq!(missing, 1);
    assert_eq!(demo.all::<prospect::Entity>().await.len(), 4);
    let contacts = demo.all::<entity::interaction::Entity>().await;
    let overdue = |row: &&entity::interaction::Model| {
        row.followed_up_at.is_none() && row.next_follow_up_at.is_some_and(|at| at < present())
    };
    assert_eq!(contacts.iter().filter(overdue).count(), 1);
    let drafts = demo.all::<contract::Entity>().await;
    let draft = drafts.iter().find(|row| row.status == ContractStatus::Draft).unwrap();
    let clauses = demo.all::<contract_clause::Entity>().await;
    let known = demo.all::<entity::clause_acknowledgement::Entity>().await;
    assert!(clauses.iter().all(|clause| clause.contract_id == draft.id));
    assert_eq!((clauses.len(), known.len()), (3, 2));
    let visits = demo.all::<appointment::Entity>().await;
    let count = |status| visits.iter().filter(|row| row.status == status).count();
    assert_eq!([AppointmentStatus::Done, AppointmentStatus::NoShow, AppointmentStatus::Booked].map(count), [9, 1, 1]);
    assert!(visits.iter().filter(|row| row.ended_at.is_some()).all(|row| row.ended_at < Some(present())));
}

/// Results fit to be shown, a bad one with its task, and a survey that the first owner may answer.
pub(super) async fn asked(demo: &Filled) {
    let campaigns = demo.all::<survey_campaign::Entity>().await;
    assert_eq!(campaigns.iter().filter(|row| row.closed_at.is_none()).count(), 1);
    assert!(campaigns.iter().all(|row| row.opened_at <= present()));
    let cells = demo.all::<survey_cell::Entity>().await;
    assert!(cells.len() >= 3 && cells.iter().all(|cell| cell.response_count >= 5), "{cells:?}");
    let tasks = demo.all::<improvement_task::Entity>().await;
    let done = tasks.iter().filter(|row| row.status == TaskStatus::Done).count();
    assert!(done == 1 && tasks.len() > done, "{tasks:?}");
    let hash = demo.services.vault.phone_hash(demo.accounts.owners[0].phone);
    let owner = crate::store::owner::by_phone_hash(demo.services.db.reader(), &hash).await.unwrap().unwrap();
    let own = demo.all::<survey_invitation::Entity>().await;
    let own: Vec<_> = own.into_iter().filter(|row| row.owner_id == Some(owner.id)).collect();
    assert_eq!(own.iter().filter(|row| row.status == InvitationStatus::Open).count(), 1);
}

/// Rounds with a finding that became a ticket, a plan that is overdue, who answers where, and what complaints taught.
pub(super) async fn looked_after(demo: &Filled) {
    assert!(demo.all::<inspection::Entity>().await.len() > 50);
    let findings = demo.all::<inspection_finding::Entity>().await;
    assert_eq!(findings.iter().filter(|row| row.ticket_id.is_some()).count(), 1);
    let today = local_day(present());
    let plans = demo.all::<entity::inspection_plan::Entity>().await;
    assert_eq!(plans.iter().filter(|plan| plan.next_due_on < today).count(), 1);
    let duties = demo.all::<area_duty::Entity>().await;
    assert_eq!(duties.iter().filter(|row| row.ended_at.is_none()).count(), 6);
    let transfers = demo.all::<area_transfer::Entity>().await;
    assert_eq!(transfers.iter().filter(|row| row.applied_at.is_some()).count(), 1);
    assert_eq!(transfers.len(), 2);
    let shifts = demo.all::<duty_shift::Entity>().await;
    let running = shifts.iter().filter(|row| (row.starts_at..row.ends_at).contains(&present())).count();
    assert_eq!(running, 2, "one at each project");
    let analyses = demo.all::<complaint_analysis::Entity>().await.len();
    assert!((20..60).contains(&analyses), "{analyses} complaints were looked into");
}

/// Two months are closed, and one figure would be another by now.
pub(super) async fn closed(demo: &Filled) {
    let figures = demo.all::<frozen_figure::Entity>().await;
    let months: HashSet<_> = figures.iter().map(|row| row.month).collect();
    assert_eq!(months.len(), 2);
    assert_eq!(figures.len(), 2 * 2 * FigureKey::ALL.len());
    let equipment = figures.iter().filter(|row| row.key == FigureKey::EquipmentIncidents);
    assert_eq!(equipment.map(|row| row.numerator).sum::<i64>(), 1);
    assert!(demo.all::<incident::Entity>().await.iter().all(|row| !row.is_liable));
}
