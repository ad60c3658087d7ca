//! A row of the company's roster.

use entity::vocab::{Department, Role};

use super::{Cell, Columns, Fault, Fields, Header, Problem, required};
use crate::domain::{
    ledger::{cell::quote, place},
    message::ImportText,
    staff::{SHORT, is_telephone, usual_department, works_in_projects},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Number,
    Name,
    Login,
    Role,
    Department,
    Projects,
    WorkPhone,
}

use Column as C;

impl Columns for Column {
    const ALL: &'static [Self] = &[C::Number, C::Name, C::Login, C::Role, C::Department, C::Projects, C::WorkPhone];

    const REQUIRED: &'static [Self] = &[C::Number, C::Name, C::Role];

    fn index(self) -> usize {
        self as usize
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            C::Number => &["工号", "员工编号", "number"],
            C::Name => &["姓名", "员工姓名", "name"],
            C::Login => &["登录名", "账号", "login"],
            C::Role => &["角色", "岗位", "role"],
            C::Department => &["部门", "department"],
            C::Projects => &["项目", "所属项目", "projects", "project"],
            C::WorkPhone => &["工作电话", "办公电话", "workphone"],
        }
    }
}

/// A member of staff as the roster says.
#[derive(Clone, Debug, PartialEq)]
pub struct StaffRow {
    /// In capitals.
    pub number: String,
    pub name: String,
    /// In small letters; none where the roster says nothing.
    pub login: Option<String>,
    pub role: Role,
    /// What the roster says, or what goes without saying.
    pub department: Department,
    pub projects: Vec<String>,
    pub work_phone: Option<String>,
}

const PROJECTS: usize = 1000;

/// What a line below the header says.
pub fn read(header: &Header<Column>, line: &[Cell]) -> Result<StaffRow, Fault<Column>> {
    let fields = Fields::new(header, line);
    let role = required(fields.word(C::Role)?, C::Role)?;
    let row = StaffRow {
        number: required(fields.line(C::Number, SHORT)?, C::Number)?.to_uppercase(),
        name: required(fields.line(C::Name, SHORT)?, C::Name)?,
        login: fields.line(C::Login, SHORT)?.map(|login| login.to_lowercase()),
        role,
        department: required(fields.word(C::Department)?.or(usual_department(role)), C::Department)?,
        projects: projects(&fields)?,
        work_phone: work_phone(&fields)?,
    };
    if works_in_projects(role) && row.projects.is_empty() {
        return required(None, C::Projects);
    }
    Ok(row)
}

fn projects(fields: &Fields<'_, Column>) -> Result<Vec<String>, Fault<Column>> {
    let text = fields.text(C::Projects, PROJECTS)?.unwrap_or_default();
    let names = text.split(['、', ',', '，', ';', '；', '\n']).map(place::project);
    let mut named: Vec<String> = names.filter(|name| !name.is_empty()).collect();
    named.sort();
    named.dedup();
    Ok(named)
}

fn work_phone(fields: &Fields<'_, Column>) -> Result<Option<String>, Fault<Column>> {
    let Some(typed) = fields.line(C::WorkPhone, SHORT)? else { return Ok(None) };
    let bad = || Fault::new(C::WorkPhone, Problem::BadPhone, ImportText::RowNoTelephone { found: quote(&typed) });
    is_telephone(&typed).then(|| typed.clone()).map(Some).ok_or_else(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(texts: [&str; 7]) -> Result<StaffRow, Fault<Column>> {
        let line = |texts: &[&str]| texts.iter().map(|text| Cell::from_text(text)).collect::<Vec<_>>();
        let names = ["工号", "姓名", "登录名", "角色", "部门", "项目", "工作电话"];
        read(&Header::read(&line(&names)).unwrap().unwrap(), &line(&texts))
    }

    #[test]
    fn a_row_is_read_with_what_goes_without_saying() {
        let found = row(["gj101", "王芳", "", "客户大使", "", "安居·云庭、 安居·湖畔", "0510-8888 0101"]).unwrap();
        assert_eq!((found.number.as_str(), found.department), ("GJ101", Department::CustomerService));
        assert_eq!(found.projects, ["安居·云庭", "安居·湖畔"]);
        assert!(row(["S1", "李", "li", "AUDITOR", "", "", ""]).is_ok());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_column() {
        for (texts, column, problem) in [
            (["", "王", "", "经理", "客服部", "云庭", ""], Column::Number, Problem::Missing),
            (["1", "王", "", "经理", "", "云庭", ""], Column::Department, Problem::Missing),
            (["1", "王", "", "经理", "客服部", "", ""], Column::Projects, Problem::Missing),
            (["1", "王", "", "老板", "客服部", "云庭", ""], Column::Role, Problem::UnknownWord),
            (["1", "王", "", "经理", "客服", "云庭", ""], Column::Department, Problem::UnknownWord),
            (["1", "王", "", "经理", "客服部", "云庭", "分机"], Column::WorkPhone, Problem::BadPhone),
        ] {
            let fault = row(texts).unwrap_err();
            assert_eq!((fault.column, fault.problem), (column, problem), "{texts:?}");
        }
    }
}
