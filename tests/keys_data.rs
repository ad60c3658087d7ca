//! Another key for the numbers that are kept sealed, made while servers run: each of them opens what any of them has sealed,
//! at every moment, also when the rotation is stopped half way.

use std::process::ExitCode;

use anju::{
    auth::secret::SecretKey,
    clock::{Clock, Ids},
    commands,
    config::{DatabaseArgs, RotateDataArgs},
    store::vault::{DataRotation, Vault, VaultOptions, begin_data_rotation, rewrap},
};
use chrono::TimeDelta;
use entity::{audit_entry, owner, secret_key, vocab::KeyPurpose};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::{
    both,
    harness::{TestApp, start_of_test, until},
};

const ZHANG: &str = "19100000001";
const NUMBER: &str = "110101199003074477";

async fn begin(app: &TestApp) -> DataRotation {
    begin_data_rotation(&app.services.db, &*app.clock, &Ids::new(), None).await.unwrap()
}

async fn finish(app: &TestApp, rotation: &DataRotation) -> bool {
    rotation.finish(&app.services.db, &*app.clock, &Ids::new()).await.unwrap()
}

/// Everything that is left, some rows at a time; how many values it was.
async fn reseal_all(app: &TestApp, rotation: &DataRotation) -> usize {
    let (mut place, mut values) = (None, 0);
    while let Some((last, count)) = rotation.reseal(&app.services.db, place, 2).await.unwrap() {
        (place, values) = (Some(last), values + count);
    }
    values
}

async fn keys(app: &TestApp) -> Vec<secret_key::Model> {
    let sealing = secret_key::Entity::find().filter(secret_key::Column::Purpose.eq(KeyPurpose::Encryption));
    sealing.all(app.services.db.reader()).await.unwrap()
}

/// The number of the key that a server seals with.
fn seals_with(app: &TestApp) -> u8 {
    app.services.vault.seal_phone(app.world.owner("zhang"), ZHANG)[1]
}

/// With which key each phone number is sealed.
async fn sealed_with(app: &TestApp) -> Vec<u8> {
    let owners = owner::Entity::find().all(app.services.db.reader()).await.unwrap();
    let mut keys: Vec<u8> = owners.iter().filter_map(|owner| Some(owner.phone_sealed.as_ref()?[1])).collect();
    keys.sort_unstable();
    keys
}

/// Each server opens what stands in the table, and shows an owner their own number.
async fn everybody_opens_everything(servers: [&TestApp; 2]) {
    for server in servers {
        for owner in owner::Entity::find().all(server.services.db.reader()).await.unwrap() {
            let phone = server.services.vault.open_phone(owner.id, &owner.phone_sealed.unwrap()).unwrap();
            assert_eq!(owner.phone_hash, Some(server.services.vault.phone_hash(&phone)), "{}", owner.name);
        }
        let zhang = servers[0].owner("zhang").await.at(&server.url);
        let seen = zhang.run("{ viewer { ... on Owner { phone } } }", json!({})).await;
        assert_eq!(seen["viewer"]["phone"], ZHANG);
    }
}

/// Lets time pass in small steps until every server seals with this key: their naps begin when they have looked.
async fn until_sealing_with(servers: [&TestApp; 2], number: u8) {
    until("the servers seal with the new key", async || {
        servers[0].clock.advance(TimeDelta::seconds(1));
        servers.iter().all(|server| seals_with(server) == number).then_some(())
    })
    .await;
}

both! {
    async fn numbers_are_sealed_anew_while_servers_run_and_a_rotation_that_was_stopped_goes_on(app) {
        let other = app.another().await;
        let servers = [&app, &other];
        let owners = sealed_with(&app).await.len();
        assert_eq!(sealed_with(&app).await, vec![1; owners]);
        let rotation = begin(&app).await;
        assert_eq!((rotation.number, rotation.goes_on), (2, false));

        // Until every server must have heard of it, nobody seals with the new key.
        for server in servers {
            app.clock.advance(TimeDelta::minutes(2));
            assert!(server.services.vault.refresh(&server.services.db, app.clock.now()).await.is_ok());
            assert_eq!(seals_with(server), 1);
        }
        everybody_opens_everything(servers).await;
        until_sealing_with(servers, 2).await;
        let ahead = rotation.ready_at - app.clock.now();
        assert!(ahead < TimeDelta::minutes(1), "they have waited: {ahead}");
        everybody_opens_everything(servers).await;

        // It is stopped half way.
        let (_, values) = rotation.reseal(&app.services.db, None, 2).await.unwrap().unwrap();
        assert_eq!(values, 2);
        assert!(!finish(&app, &rotation).await, "rows still use the old key");
        let half: usize = sealed_with(&app).await.iter().filter(|key| **key == 2).count();
        assert!(half == 2 && owners > 3, "{half} of {owners}");
        everybody_opens_everything(servers).await;
        drop(rotation);

        let again = begin(&app).await;
        assert_eq!((again.number, again.goes_on, keys(&app).await.len()), (2, true, 2));
        assert_eq!(reseal_all(&app, &again).await, owners - 2);
        assert_eq!(reseal_all(&app, &again).await, 0);
        assert!(finish(&app, &again).await);
        assert_eq!(sealed_with(&app).await, vec![2; owners]);
        let retired = keys(&app).await.iter().filter(|key| key.retired_at.is_some()).count();
        assert_eq!(retired, 1);
        let late = app.another().await;
        everybody_opens_everything([&other, &late]).await;
        assert_eq!(seals_with(&late), 2, "keys keep their numbers");
        let next = begin(&app).await;
        assert_eq!((next.number, next.goes_on), (3, false));
        let entries = audit_entry::Entity::find().all(app.services.db.reader()).await.unwrap();
        let mut actions: Vec<&str> = entries.iter().map(|entry| entry.action.as_str()).filter(|it| it.contains("DATA_KEY")).collect();
        actions.sort_unstable();
        assert_eq!(actions, ["RETIRE_DATA_KEYS", "ROTATE_DATA_KEY", "ROTATE_DATA_KEY"]);
    }

    async fn what_is_written_meanwhile_stays(app) {
        let other = app.another().await;
        let rotation = begin(&app).await;
        until_sealing_with([&app, &other], 2).await;
        let agent = app.staff("agent.a").await;
        let id = anju::graphql::id::Kind::Owner.encode(app.world.owner("zhang"));
        let record = async |number: &str| {
            let input = json!({ "ownerId": id, "identityNumber": number });
            agent.carry_out("recordIdentityNumber", "", input).await;
        };
        let (_, sealed) = tokio::join!(record(NUMBER), reseal_all(&app, &rotation));
        assert!(sealed > 0);
        reseal_all(&app, &rotation).await;
        assert!(finish(&app, &rotation).await);
        let zhang = owner::Entity::find_by_id(app.world.owner("zhang")).one(app.services.db.reader()).await.unwrap().unwrap();
        let kept = app.services.vault.open_identity(zhang.id, &zhang.identity_sealed.unwrap()).unwrap();
        assert_eq!(kept, NUMBER);
    }

    async fn a_row_that_comes_back_with_a_retired_key_is_sealed_anew_by_the_next_run(app) {
        let before = owner::Entity::find().all(app.services.db.reader()).await.unwrap();
        let rotation = begin(&app).await;
        reseal_all(&app, &rotation).await;
        assert!(finish(&app, &rotation).await);
        let (id, sealed) = (before[0].id, before[0].phone_sealed.clone());
        let row = owner::ActiveModel { phone_sealed: Set(sealed), ..Default::default() };
        owner::Entity::update_many().set(row).filter(owner::Column::Id.eq(id)).exec(app.services.db.writer()).await.unwrap();
        let again = begin(&app).await;
        assert_eq!((again.number, again.goes_on), (2, true));
        assert_eq!(reseal_all(&app, &again).await, 1);
    }

    async fn a_wrong_master_key_makes_no_key_and_the_right_one_opens_all_of_them(app) {
        let (db, ids) = (&app.services.db, Ids::new());
        let (right, wrong) = (SecretKey::generate(), SecretKey::generate());
        rewrap(db, &*app.clock, &ids, None, &right).await.unwrap();
        for master in [None, Some(&wrong)] {
            assert!(begin_data_rotation(db, &*app.clock, &ids, master).await.is_err());
        }
        assert_eq!(keys(&app).await.len(), 1);
        let rotation = begin_data_rotation(db, &*app.clock, &ids, Some(&right)).await.unwrap();
        assert!(reseal_all(&app, &rotation).await > 0);
        let options = VaultOptions { master: Some(&right), issuer: "anju", audience: "anju-api" };
        let vault = Vault::open(db, &*app.clock, &ids, options).await.unwrap();
        let owner = owner::Entity::find_by_id(app.world.owner("zhang")).one(db.reader()).await.unwrap().unwrap();
        assert_eq!(vault.open_phone(owner.id, &owner.phone_sealed.unwrap()).unwrap(), ZHANG);
    }

    async fn the_command_goes_on_with_a_rotation_whose_key_everybody_knows(app) {
        begin(&app).await;
        // The command goes by this machine's own clock.
        for key in keys(&app).await {
            let age = if key.created_at > start_of_test() { 300 } else { 400 };
            let row = secret_key::ActiveModel { created_at: Set(start_of_test() - TimeDelta::days(age)), ..Default::default() };
            let rows = secret_key::Entity::update_many().set(row).filter(secret_key::Column::Id.eq(key.id));
            rows.exec(app.services.db.writer()).await.unwrap();
        }
        let database = DatabaseArgs { database_url: app.database.url.clone(), max_connections: 2 };
        let code = commands::rotate_data_key(RotateDataArgs { database, master_key: None }).await.unwrap();
        assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::SUCCESS));
        assert!(sealed_with(&app).await.iter().all(|key| *key == 2));
        let living = keys(&app).await.iter().filter(|key| key.retired_at.is_none()).count();
        assert_eq!(living, 1);
    }
}
