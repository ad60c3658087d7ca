//! Anju's database changes, one file a change, up and down, for SQLite and PostgreSQL. Imports nothing of ours.

use sea_orm_migration::prelude::*;

mod m20261123_000001_company;
mod m20261123_000002_people;
mod m20261123_000003_ticket;
mod m20261123_000004_access;
mod m20261123_000005_lecture;
mod m20261123_000006_default_deadlines;
mod m20261123_000007_journey;
mod m20261123_000008_presales;
mod m20261123_000009_activities;
mod m20261123_000010_bulletins;
mod m20261123_000011_surveys;
mod m20261123_000012_handover;
mod m20261123_000013_warranty;
mod m20261123_000014_property_service;
mod m20261123_000015_knowledge;
mod m20261123_000016_figures;
mod m20261123_000017_search;
mod m20261127_000018_newcomers;
mod m20261127_000020_leases;
mod m20261127_000030_audit_places;
mod m20261128_000040_last_writes;
mod m20261128_000041_notifications;
mod m20261128_000042_deliveries;
mod m20261128_000043_webhooks;
mod m20261128_000044_offline_actions;
mod m20261128_000045_imports;
mod m20261128_000046_push;
mod m20261128_000047_languages;
mod m20261128_000048_public_holidays;
mod m20261128_000050_reasons;
mod m20261128_000051_partner_secrets;
mod questionnaires;
mod table;
mod touchpoints;

pub use sea_orm_migration::MigratorTrait;

/// As whom the migrator writes to the log: two lines for each migration.
pub const LOG_TARGET: &str = "sea_orm_migration";

/// Every change, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_company::Migration),
            Box::new(m20261123_000002_people::Migration),
            Box::new(m20261123_000003_ticket::Migration),
            Box::new(m20261123_000004_access::Migration),
            Box::new(m20261123_000005_lecture::Migration),
            Box::new(m20261123_000006_default_deadlines::Migration),
            Box::new(m20261123_000007_journey::Migration),
            Box::new(m20261123_000008_presales::Migration),
            Box::new(m20261123_000009_activities::Migration),
            Box::new(m20261123_000010_bulletins::Migration),
            Box::new(m20261123_000011_surveys::Migration),
            Box::new(m20261123_000012_handover::Migration),
            Box::new(m20261123_000013_warranty::Migration),
            Box::new(m20261123_000014_property_service::Migration),
            Box::new(m20261123_000015_knowledge::Migration),
            Box::new(m20261123_000016_figures::Migration),
            Box::new(m20261123_000017_search::Migration),
            Box::new(m20261127_000018_newcomers::Migration),
            Box::new(m20261127_000020_leases::Migration),
            Box::new(m20261127_000030_audit_places::Migration),
            Box::new(m20261128_000040_last_writes::Migration),
            Box::new(m20261128_000041_notifications::Migration),
            Box::new(m20261128_000042_deliveries::Migration),
            Box::new(m20261128_000043_webhooks::Migration),
            Box::new(m20261128_000044_offline_actions::Migration),
            Box::new(m20261128_000045_imports::Migration),
            Box::new(m20261128_000046_push::Migration),
            Box::new(m20261128_000047_languages::Migration),
            Box::new(m20261128_000048_public_holidays::Migration),
            Box::new(m20261128_000050_reasons::Migration),
            Box::new(m20261128_000051_partner_secrets::Migration),
        ]
    }
}
