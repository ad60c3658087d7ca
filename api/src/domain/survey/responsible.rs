//! Which department answers for what a survey finds.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::vocab::{Department, Dimension, SurveyKind};

use crate::domain::message::{Month, Written};

/// What results should reach: the share of ratings of 4 or 5, in hundredths of a percent.
pub const TARGET_BASIS_POINTS: i32 = 8500;

/// The surveys that open by themselves each month.
pub const MONTHLY: [SurveyKind; 3] = [SurveyKind::Sales, SurveyKind::Handover, SurveyKind::CentralisedRectification];

/// The department that answers for one side of a survey.
pub fn responsible(kind: SurveyKind, dimension: Dimension) -> Department {
    use Department::{CustomerService, ProjectManagement, PropertyCompany, Sales};
    match (kind, dimension) {
        (SurveyKind::Sales, Dimension::Quality) => ProjectManagement,
        (SurveyKind::Sales, _) => Sales,
        (SurveyKind::Handover, Dimension::Quality) => ProjectManagement,
        (SurveyKind::Handover, Dimension::Environment) => PropertyCompany,
        (SurveyKind::Handover, _) => CustomerService,
        (
            SurveyKind::CentralisedRectification | SurveyKind::Rectification,
            Dimension::Attitude | Dimension::Content,
        ) => CustomerService,
        (SurveyKind::CentralisedRectification | SurveyKind::Rectification, _) => ProjectManagement,
        (SurveyKind::PropertyService, _) => PropertyCompany,
    }
}

/// Every department that answers for some side of a survey.
pub fn departments(kind: SurveyKind) -> BTreeSet<Department> {
    Dimension::ALL.iter().map(|dimension| responsible(kind, *dimension)).collect()
}

/// The surveys that concern a department: customer service and the group's own department look after all of them.
pub fn concerning(department: Department) -> Vec<SurveyKind> {
    use Department::{CustomerService, GroupProperty, PropertyCompany};
    let all = matches!(department, CustomerService | PropertyCompany | GroupProperty);
    SurveyKind::ALL.iter().copied().filter(|kind| all || departments(*kind).contains(&department)).collect()
}

/// What a survey of a month is called.
pub fn title(kind: SurveyKind, month: NaiveDate) -> Written {
    let month = Month(month);
    match kind {
        SurveyKind::Sales => Written::SurveyOfSales { month },
        SurveyKind::Handover => Written::SurveyOfHandover { month },
        SurveyKind::CentralisedRectification => Written::SurveyOfCentralisedRectification { month },
        SurveyKind::Rectification => Written::SurveyOfRectification { month },
        SurveyKind::PropertyService => Written::SurveyOfPropertyService { month },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_department_that_did_the_work_answers_for_it() {
        for (kind, dimension, department) in [
            (SurveyKind::Sales, Dimension::Attitude, Department::Sales),
            (SurveyKind::Sales, Dimension::Quality, Department::ProjectManagement),
            (SurveyKind::Handover, Dimension::Timeliness, Department::CustomerService),
            (SurveyKind::Handover, Dimension::Quality, Department::ProjectManagement),
            (SurveyKind::Rectification, Dimension::Quality, Department::ProjectManagement),
            (SurveyKind::PropertyService, Dimension::Environment, Department::PropertyCompany),
        ] {
            assert_eq!(responsible(kind, dimension), department, "{kind:?} {dimension:?}");
        }
    }

    #[test]
    fn departments_see_the_surveys_that_concern_them() {
        assert_eq!(concerning(Department::Sales), [SurveyKind::Sales]);
        assert_eq!(concerning(Department::CustomerService), SurveyKind::ALL);
        assert!(concerning(Department::Finance).is_empty());
        for kind in SurveyKind::ALL {
            assert!(departments(*kind).iter().all(|department| concerning(*department).contains(kind)));
        }
    }
}
