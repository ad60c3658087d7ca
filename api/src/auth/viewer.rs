//! Who asks. A viewer is made from a verified token and a living session, and from nothing else.

use chrono::{DateTime, Utc};
use entity::vocab::{Department, Language, PrincipalKind, Role};
use uuid::Uuid;

/// The principal behind a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Principal {
    /// Nobody signed in.
    Anonymous,
    Owner(Uuid),
    Staff {
        id: Uuid,
        role: Role,
        department: Department,
    },
    Partner(Uuid),
    /// The company's own jobs; no token leads here.
    System,
}

/// Who asks, in which session, and until when.
#[derive(Clone, Debug, PartialEq)]
pub struct Viewer {
    pub principal: Principal,
    pub session_id: Option<Uuid>,
    /// When the access token ends, and with it every open subscription.
    pub expires_at: Option<DateTime<Utc>>,
    /// What a replica must have replayed before it is read from for this principal.
    pub last_write: Option<i64>,
    /// The language that the principal has chosen to be written to in.
    pub language: Option<Language>,
}

impl Viewer {
    pub fn anonymous() -> Self {
        Self::of(Principal::Anonymous)
    }

    pub fn system() -> Self {
        Self::of(Principal::System)
    }

    /// A viewer without a session: for jobs and tests that act in someone's name.
    pub fn of(principal: Principal) -> Self {
        Self { principal, session_id: None, expires_at: None, last_write: None, language: None }
    }

    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.expires_at
    }

    pub fn owner_id(&self) -> Option<Uuid> {
        match self.principal {
            Principal::Owner(id) => Some(id),
            _ => None,
        }
    }

    pub fn staff_id(&self) -> Option<Uuid> {
        match self.principal {
            Principal::Staff { id, .. } => Some(id),
            _ => None,
        }
    }

    pub fn role(&self) -> Option<Role> {
        match self.principal {
            Principal::Staff { role, .. } => Some(role),
            _ => None,
        }
    }

    pub fn department(&self) -> Option<Department> {
        match self.principal {
            Principal::Staff { department, .. } => Some(department),
            _ => None,
        }
    }

    /// Whether the viewer sees customers by the projects that both have to do with.
    pub fn sees_by_project(&self) -> bool {
        matches!(self.role(), Some(Role::ServiceAgent | Role::SalesAgent | Role::Manager))
    }

    /// The id by which the principal is known; none for anonymous callers and the system.
    pub fn id(&self) -> Option<Uuid> {
        match self.principal {
            Principal::Owner(id) | Principal::Partner(id) | Principal::Staff { id, .. } => Some(id),
            Principal::Anonymous | Principal::System => None,
        }
    }

    pub fn kind(&self) -> PrincipalKind {
        match self.principal {
            Principal::Owner(_) => PrincipalKind::Owner,
            Principal::Staff { .. } => PrincipalKind::Staff,
            Principal::Partner(_) => PrincipalKind::Partner,
            Principal::Anonymous | Principal::System => PrincipalKind::System,
        }
    }
}
