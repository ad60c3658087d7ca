//! Which part of a figure a viewer is shown: managers of departments that don't serve customers see the work of their own
//! department, as they do of tickets.

use entity::vocab::{Department, FigureKey, Role};

use crate::{
    auth::{
        scope::serves_customers,
        viewer::{Principal, Viewer},
    },
    domain::figure::{Cut, is_by_department, is_by_staff},
};

/// The part that a viewer is shown when asking for a part; none where the figure means nothing for it, or where it is not
/// the viewer's to see.
pub fn cut_for(viewer: &Viewer, key: FigureKey, asked: Cut) -> Option<Cut> {
    let means_something =
        (asked.department.is_none() || is_by_department(key)) && (asked.staff_id.is_none() || is_by_staff(key));
    if !means_something {
        return None;
    }
    match own_department(viewer).filter(|_| is_by_department(key)) {
        None => Some(asked),
        Some(own) if asked.department.is_none_or(|department| department == own) => {
            Some(Cut { department: Some(own), ..asked })
        }
        Some(_) => None,
    }
}

fn own_department(viewer: &Viewer) -> Option<Department> {
    match viewer.principal {
        Principal::Staff { role: Role::Manager, department, .. } if !serves_customers(department) => Some(department),
        _ => None,
    }
}
