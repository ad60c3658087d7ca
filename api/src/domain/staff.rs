//! What is said about a member of staff, whether an administrator types it or a roster holds it.

use entity::vocab::{Department, Role};

use super::{
    invalid::{Invalid, Message, Problem},
    text,
};

/// The longest number, name, login or telephone.
pub const SHORT: usize = 60;

const FEWEST_DIGITS: usize = 5;

/// The staff number (工号), in capitals.
pub fn number(typed: &str) -> Result<String, Invalid> {
    Ok(text::required_line("number", typed, SHORT)?.to_uppercase())
}

pub fn name(typed: &str) -> Result<String, Invalid> {
    text::required_line("name", typed, SHORT)
}

/// The name by which somebody signs in: in small letters, and of one word.
pub fn login(typed: &str) -> Result<String, Invalid> {
    let login = text::required_line("login", typed, SHORT)?.to_lowercase();
    if login.chars().any(char::is_whitespace) {
        return Err(Invalid::new("login", Problem::Invalid, Message::MustBeOneWord));
    }
    Ok(login)
}

/// A telephone on a desk or in a pocket; blank is none.
pub fn work_phone(typed: &str) -> Result<Option<String>, Invalid> {
    let phone = text::optional_line("workPhone", Some(typed), SHORT)?;
    if phone.as_deref().is_some_and(|phone| !is_telephone(phone)) {
        return Err(Invalid::new("workPhone", Problem::Invalid, Message::MustBeATelephone));
    }
    Ok(phone)
}

/// Desks have telephones of all kinds.
pub fn is_telephone(text: &str) -> bool {
    text.chars().all(|letter| letter.is_ascii_digit() || " +-()".contains(letter))
        && text.chars().filter(char::is_ascii_digit).count() >= FEWEST_DIGITS
}

/// The department that goes without saying.
pub fn usual_department(role: Role) -> Option<Department> {
    match role {
        Role::Ambassador | Role::ServiceAgent => Some(Department::CustomerService),
        Role::Technician => Some(Department::PropertyCompany),
        Role::SalesAgent => Some(Department::Sales),
        Role::GroupSupervisor | Role::Auditor | Role::Admin => Some(Department::GroupProperty),
        Role::Manager => None,
    }
}

/// Whether a role sees nothing without a project.
pub fn works_in_projects(role: Role) -> bool {
    !matches!(role, Role::GroupSupervisor | Role::Auditor | Role::Admin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_kept_in_one_spelling() {
        assert_eq!(number(" gj101 ").as_deref(), Ok("GJ101"));
        assert_eq!(login(" WangFang ").as_deref(), Ok("wangfang"));
        assert_eq!(work_phone(" 0510-8888 0101 "), Ok(Some("0510-8888 0101".to_owned())));
        assert_eq!(work_phone(" "), Ok(None));
    }

    #[test]
    fn what_makes_no_sense_is_refused_at_its_place() {
        for (refused, field) in [
            (number("").unwrap_err(), "number"),
            (name("\u{3000}").unwrap_err(), "name"),
            (login("wang fang").unwrap_err(), "login"),
            (login(&"x".repeat(61)).unwrap_err(), "login"),
            (work_phone("分机 12345").unwrap_err(), "workPhone"),
            (work_phone("1234").unwrap_err(), "workPhone"),
        ] {
            assert_eq!(refused.field, field, "{refused:?}");
        }
    }
}
