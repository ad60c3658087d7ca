//! Who is who in the demo: the staff, the partners and the owners whose sign-in is told to the visitor. All of it is
//! public by intent; a server with real customers never holds it.

use entity::vocab::{
    Department::{self, CustomerService, Finance, GroupProperty, Legal, ProjectManagement, PropertyCompany, Sales},
    Role,
};

/// What every member of staff signs in with.
pub const PASSWORD: &str = "anju-demo-2026";

/// What a visitor can sign in as.
#[derive(Clone, Debug, PartialEq)]
pub struct Accounts {
    pub owners: Vec<OwnerAccount>,
    pub staff: Vec<StaffAccount>,
    pub partners: Vec<PartnerAccount>,
}

/// An owner: signs in by phone, with a code from the server's log.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OwnerAccount {
    pub name: &'static str,
    pub phone: &'static str,
    pub about: &'static str,
}

/// A member of staff: signs in by login and [`PASSWORD`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StaffAccount {
    /// Staff number (工号).
    pub number: &'static str,
    pub login: &'static str,
    pub name: &'static str,
    pub role: Role,
    pub department: Department,
    pub work_phone: &'static str,
    /// The codes of the projects they work for.
    pub projects: &'static [&'static str],
}

/// A decoration partner: takes a token at `/oauth/token`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PartnerAccount {
    pub name: &'static str,
    pub client_id: &'static str,
    pub client_secret: &'static str,
}

/// The two owners of the first home, who are made before all others and so get these numbers.
pub(super) const OWNERS: [OwnerAccount; 2] = [
    OwnerAccount {
        name: "陈静怡",
        phone: "19100000001",
        about: "owns a home in each project, with tickets in every state",
    },
    OwnerAccount { name: "刘文博", phone: "19100000002", about: "co-owns the first of them" },
];

/// A customer who is about to buy, and is written down by the sales agent.
pub(super) const BUYER: OwnerAccount = OwnerAccount {
    name: "顾一鸣",
    phone: "19100009001",
    about: "is about to buy a home: a draft contract waits for the last clause to be acknowledged",
};

const YT: &str = "YT";
const HP: &str = "HP";

pub(super) const STAFF: [StaffAccount; 14] = [
    staff("GJ001", "butler.yt", "林晓梅", Role::Ambassador, PropertyCompany, "0510-8888-0101", &[YT]),
    staff("GJ002", "butler2.yt", "周志远", Role::Ambassador, PropertyCompany, "0510-8888-0102", &[YT]),
    staff("GJ003", "butler.hp", "沈佳怡", Role::Ambassador, PropertyCompany, "0510-8888-0103", &[HP]),
    staff("WX001", "tech.yt", "王建国", Role::Technician, PropertyCompany, "0510-8888-0201", &[YT]),
    staff("WX002", "tech.hp", "李卫东", Role::Technician, PropertyCompany, "0510-8888-0202", &[HP]),
    staff("WX003", "tech", "赵永强", Role::Technician, PropertyCompany, "0510-8888-0203", &[YT, HP]),
    staff("KF001", "agent", "陈思雨", Role::ServiceAgent, CustomerService, "0510-8888-0301", &[YT, HP]),
    staff("XS001", "sales", "吴浩然", Role::SalesAgent, Sales, "0510-8888-0401", &[YT, HP]),
    staff("JL001", "manager", "孙立新", Role::Manager, PropertyCompany, "0510-8888-0501", &[YT, HP]),
    staff("JT001", "supervisor", "郑雅琴", Role::GroupSupervisor, GroupProperty, "0510-8888-0601", &[]),
    staff("SJ001", "auditor", "冯国栋", Role::Auditor, Finance, "0510-8888-0701", &[]),
    staff("GL001", "admin", "何静", Role::Admin, GroupProperty, "0510-8888-0801", &[]),
    staff("GC001", "works", "许国梁", Role::Manager, ProjectManagement, "0510-8888-0502", &[YT, HP]),
    staff("FW001", "legal", "唐敏", Role::Manager, Legal, "0510-8888-0503", &[YT, HP]),
];

const fn staff(
    number: &'static str,
    login: &'static str,
    name: &'static str,
    role: Role,
    department: Department,
    work_phone: &'static str,
    projects: &'static [&'static str],
) -> StaffAccount {
    StaffAccount { number, login, name, role, department, work_phone, projects }
}

pub(super) const PARTNERS: [PartnerAccount; 2] = [
    PartnerAccount {
        name: "木言装饰设计有限公司",
        client_id: "muyan-demo",
        client_secret: "muyan-demo-secret-not-for-production",
    },
    PartnerAccount {
        name: "知筑家居工程有限公司",
        client_id: "zhizhu-demo",
        client_secret: "zhizhu-demo-secret-not-for-production",
    },
];

/// The accounts of the demo, as `fill` makes them.
pub fn accounts() -> Accounts {
    let owners = OWNERS.into_iter().chain([BUYER]).collect();
    Accounts { owners, staff: STAFF.to_vec(), partners: PARTNERS.to_vec() }
}
