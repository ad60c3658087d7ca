//! Whether somebody would find a row, asked for one and asked for many together: it is what is found when the row is loaded.

use std::collections::{BTreeSet, HashMap};

use anju::{
    auth::{
        scope::each_like,
        viewer::{Principal, Viewer},
    },
    graphql::id::{Kind, decode},
    store::{
        self,
        sight::{Sight, Sought, What, of_each, of_one},
    },
};
use entity::{
    owner, prospect, staff,
    vocab::{Channel, Department, Role},
};
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{expected::PRINCIPALS, objects::Objects};
use crate::{
    both,
    harness::{TestApp, past::leave, world::put},
};

/// Colleagues beside those of the small company: one who sells elsewhere, a rival, and one without a project.
const MORE: [(&str, Role, Department, &str); 3] = [
    ("sales.a2", Role::SalesAgent, Department::Sales, "YT"),
    ("sales.b", Role::SalesAgent, Department::Sales, "HP"),
    ("agent.idle", Role::ServiceAgent, Department::CustomerService, "YT"),
];

async fn principal(app: &TestApp, who: &str) -> Principal {
    let is_staff = app.world.all().any(|(name, _)| name == format!("staff:{who}"));
    if !is_staff {
        let is_partner = who.starts_with("partner-");
        return if is_partner {
            Principal::Partner(app.world.partner(who))
        } else {
            Principal::Owner(app.world.owner(who))
        };
    }
    let row = staff::Entity::find_by_id(app.world.staff(who)).one(app.services.db.reader()).await.unwrap().unwrap();
    Principal::Staff { id: row.id, role: row.role, department: row.department }
}

/// Everything that can be looked for.
fn everything(objects: &Objects) -> BTreeSet<Sought> {
    let sought = objects.all.iter().flat_map(|(_, id)| {
        let (kind, id) = decode(id).unwrap();
        let whats: &[What] = match kind {
            Kind::Unit => &[What::Home, What::OwnersOfHome],
            Kind::Owner => &[What::Owner, What::Oneself],
            Kind::Staff => &[What::Staff],
            Kind::Project => &[What::Project],
            Kind::Ticket => &[What::Ticket],
            _ => &[],
        };
        whats.iter().map(move |what| (*what, id))
    });
    sought.collect()
}

/// What is found of it by whoever loads the rows.
async fn loaded(app: &TestApp, viewer: &Viewer, sought: &BTreeSet<Sought>) -> Sight {
    let conn = app.services.db.reader();
    let ids = |what: What| sought.iter().filter(|of| of.0 == what).map(|(_, id)| *id).collect::<Vec<Uuid>>();
    let homes = store::unit::places(conn, viewer, &ids(What::Home)).await.unwrap().into_keys().collect();
    let projects = store::company::projects(conn, viewer, &ids(What::Project)).await.unwrap().into_keys().collect();
    let tickets = store::ticket::by_ids(conn, viewer, &ids(What::Ticket)).await.unwrap().into_keys().collect();
    // These by all that exist for the viewer, and not among a few.
    let owners = store::find::<owner::Entity>(viewer).all(conn).await.unwrap().into_iter().map(|row| row.id).collect();
    let members = store::find::<staff::Entity>(viewer).all(conn).await.unwrap().into_iter().map(|row| row.id).collect();
    let rows: [(What, BTreeSet<Uuid>); 6] = [
        (What::Home, homes),
        (What::Project, projects),
        (What::Ticket, tickets),
        (What::Owner, owners),
        (What::Staff, members),
        (What::Oneself, viewer.owner_id().into_iter().collect()),
    ];
    let rows = rows.into_iter().flat_map(|(what, ids)| ids.into_iter().map(move |id| ((what, id), id)));
    let mut sight: Sight = rows.filter(|(of, _)| sought.contains(of)).collect();
    let by_id = store::owner::by_ids(conn, viewer, &ids(What::Owner)).await.unwrap();
    assert_eq!(
        by_id.into_keys().collect::<BTreeSet<_>>(),
        sight.iter().filter(|(of, _)| of.0 == What::Owner).map(|(_, id)| *id).collect()
    );
    for (home, owners) in store::owner::of_units(conn, viewer, &ids(What::OwnersOfHome)).await.unwrap() {
        sight.extend(owners.into_iter().map(|owner| ((What::OwnersOfHome, home), owner.id)));
    }
    sight
}

/// A visitor of project YT whom a sales agent there looks after, known elsewhere already.
async fn visit(app: &TestApp, owner: &str, login: &str) {
    let now = app.services.now();
    let row = prospect::Model {
        id: app.services.new_id(now),
        owner_id: app.world.owner(owner),
        project_id: app.world.id("project:YT"),
        sales_agent_id: Some(app.world.staff(login)),
        source: Channel::WalkIn,
        created_at: now,
    };
    put::<prospect::Entity>(&app.services, row).await;
}

both! {
    async fn what_is_seen_of_a_row_is_the_same_alone_and_together(app) {
        let (services, mut app) = (app.services.clone(), app);
        for (login, role, department, project) in MORE {
            app.world.engage(&services, login, role, department, project).await;
        }
        let sought = everything(&Objects::create(&app).await);
        visit(&app, "zhao", "sales.a2").await;
        leave(&app, "agent.idle").await;
        let conn = services.db.reader();
        let mut kinds: HashMap<Principal, Vec<(Uuid, Sight)>> = HashMap::new();
        for who in PRINCIPALS.iter().copied().chain(MORE.map(|more| more.0)) {
            let principal = principal(&app, who).await;
            let viewer = Viewer::of(principal);
            let alone = of_one(conn, &viewer, &sought).await.unwrap();
            assert_eq!(alone, loaded(&app, &viewer, &sought).await, "{who}");
            if let Some(each) = each_like(principal) {
                kinds.entry(each).or_default().push((viewer.id().unwrap(), alone));
            }
        }
        assert_eq!(kinds.len(), 6, "agents, sales agents, managers, supervisors, auditors and administrators");
        let mut told_apart = BTreeSet::new();
        for (each, people) in kinds {
            let ids: Vec<Uuid> = people.iter().map(|(id, _)| *id).collect();
            let mut together = of_each(conn, (each, &ids), &sought).await.unwrap();
            for (id, alone) in &people {
                assert_eq!(&together.remove(id).unwrap_or_default(), alone, "{each:?}");
                told_apart.extend(alone.symmetric_difference(&people[0].1).map(|((what, _), _)| *what));
            }
        }
        let tables = [What::Home, What::OwnersOfHome, What::Owner, What::Staff, What::Project, What::Ticket];
        assert_eq!(told_apart, BTreeSet::from(tables), "people of one kind see different rows of each table");
    }
}
