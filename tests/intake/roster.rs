//! The roster: staff with roles, projects and telephones.

use entity::{
    audit_entry, staff, staff_project,
    vocab::{Department, Language, Role},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use super::{DRY, REFUSING, SKIPPING, counts, faults, load_staff, table};
use crate::{both, harness::TestApp};

const HEAD: &str = "员工花名册 2026\r\n工号,姓名,登录名,角色,部门,项目,工作电话";

fn roster(rows: &[&str]) -> tempfile::NamedTempFile {
    table(&std::iter::once(HEAD).chain(rows.iter().copied()).map(str::to_owned).collect::<Vec<_>>())
}

async fn member(app: &TestApp, number: &str) -> Option<staff::Model> {
    let found = staff::Entity::find().filter(staff::Column::Number.eq(number));
    found.one(app.services.db.reader()).await.unwrap()
}

async fn projects(app: &TestApp, staff_id: uuid::Uuid) -> Vec<uuid::Uuid> {
    let rows = staff_project::Entity::find().filter(staff_project::Column::StaffId.eq(staff_id));
    let rows = rows.order_by_asc(staff_project::Column::ProjectId).all(app.services.db.reader()).await.unwrap();
    rows.into_iter().map(|row| row.project_id).collect()
}

async fn acts(app: &TestApp) -> u64 {
    let acts = audit_entry::Entity::find().filter(audit_entry::Column::Action.eq("IMPORT_STAFF"));
    acts.count(app.services.db.reader()).await.unwrap()
}

both! {
    async fn a_roster_makes_accounts_with_roles_projects_and_telephones(app) {
        let file = roster(&[
            "GJ101,王芳,wangfang,客户大使,,安居·云庭、HP,0510-8888 0101",
            "gj102,李强,,TECHNICIAN,,YT,",
            "GJ103,赵敏,zhaomin,集团督导,集团物业管理部,,",
        ]);
        let done = load_staff(&app, file.path(), REFUSING).await;
        assert_eq!((faults(&done.report), counts(&done.report), done.is_written), (vec![], (3, 0, 0), true));
        let made = member(&app, "GJ101").await.unwrap();
        assert_eq!((made.name.as_str(), made.login.as_str(), made.role), ("王芳", "wangfang", Role::Ambassador));
        assert_eq!((made.department, made.work_phone.as_deref()), (Department::CustomerService, Some("0510-8888 0101")));
        assert!(made.is_active && made.password_hash.is_none());
        let mut both = vec![app.world.id("project:YT"), app.world.id("project:HP")];
        both.sort();
        assert_eq!(projects(&app, made.id).await, both);
        let technician = member(&app, "GJ102").await.unwrap();
        assert_eq!((technician.login.as_str(), technician.department), ("gj102", Department::PropertyCompany));
        assert!(projects(&app, member(&app, "GJ103").await.unwrap().id).await.is_empty());
        assert_eq!(acts(&app).await, 1);
        let again = load_staff(&app, file.path(), REFUSING).await;
        assert_eq!((counts(&again.report), acts(&app).await), ((0, 0, 3), 1), "a second run changes nothing");
    }

    async fn a_roster_says_anew_who_somebody_is_and_takes_nothing_away(app) {
        let before = member(&app, "GJ001").await.unwrap();
        let file = roster(&["GJ001,钱大使,,客户大使,物业公司,湖畔外的项目,"]);
        assert_eq!(faults(&load_staff(&app, file.path(), REFUSING).await.report), ["3 项目 unknown_project"]);
        let client = app.staff("ambassador.a").await;
        let file = roster(&["GJ001,钱大使,,客户大使,物业公司,安居·湖畔,"]);
        assert_eq!(counts(&load_staff(&app, file.path(), REFUSING).await.report), (0, 1, 0));
        let after = member(&app, "GJ001").await.unwrap();
        let expected = staff::Model { name: "钱大使".into(), department: Department::PropertyCompany, ..before.clone() };
        assert_eq!(after, expected, "a blank telephone says nothing");
        assert_eq!(projects(&app, before.id).await.len(), 2, "nobody is taken out of a project");
        let viewer = "{ viewer { ... on Staff { department } } }";
        assert_eq!(client.refused(viewer, serde_json::json!({})).await, "UNAUTHENTICATED", "of another department now");
    }

    async fn bad_rows_are_told_and_refuse_the_roster(app) {
        app.database.execute("UPDATE staff SET is_active = false WHERE number = 'GJ002'").await;
        let file = roster(&[
            "GJ201,甲,,经理,客服部,YT,",
            "GJ201,乙,,经理,客服部,YT,",
            "GJ202,丙,agent.a,经理,客服部,YT,",
            "GJ003,丁,,经理,客服部,YT,",
            "GJ003,丁,somebody,维修技师,物业公司,YT,",
            "GJ002,戊,,客户大使,客服部,YT,",
            "GJ203,己,,经理,客服部,XX,",
            "GJ204,,,经理,客服部,YT,",
            "GJ205,庚,,老板,客服部,YT,",
            ",,,,,,",
            "GJ206,辛,,经理,客服部,YT,转接",
        ]);
        let expected = [
            "4 工号 duplicate", "5 登录名 login_taken", "6 角色 differs", "7 登录名 differs", "8 工号 has_left",
            "9 项目 unknown_project", "10 姓名 missing", "11 角色 unknown_word", "13 工作电话 bad_phone",
        ];
        let sorted = |mut faults: Vec<String>| {
            faults.sort_by_key(|fault| fault.split(' ').next().unwrap().parse::<u32>().unwrap());
            faults
        };
        for options in [REFUSING, DRY] {
            let refused = load_staff(&app, file.path(), options).await;
            assert_eq!(sorted(faults(&refused.report)), expected);
            assert!(!refused.is_written);
            for (language, expected) in [
                (Language::En, "row 4, 工号: this number stands in an earlier row\n"),
                (Language::Zh, "第 4 行，工号：此编号已在前面的行出现\n"),
            ] {
                let told = refused.report.told(language).to_string();
                assert!(told.contains(expected), "{told}");
            }
            assert_eq!(member(&app, "GJ201").await, None);
        }
        let done = load_staff(&app, file.path(), SKIPPING).await;
        assert_eq!((done.is_written, counts(&done.report)), (true, (1, 0, 0)));
        assert_eq!(member(&app, "GJ201").await.unwrap().name, "甲");
    }
}
