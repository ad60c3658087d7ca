//! The statements that were written before, for whoever is of the same kind and asks for the same.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    ask::{Arguments, Request, THEN, cells, stand_in},
    plan::Plan,
    unexpected,
};
use crate::{
    auth::viewer::{Principal, Viewer},
    error::Result,
    service::Services,
    store::{db::in_time, direct::Template},
};

/// How many statements are kept: several for each document of the apps. A long one takes some twenty thousand bytes.
const MOST: usize = 512;

/// A memory of statements. When it is full it is emptied: to write one anew takes microseconds.
#[derive(Debug, Default)]
pub struct Templates(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// By the number of their plan.
    statements: HashMap<u64, Vec<Written>>,
    count: usize,
}

#[derive(Debug)]
struct Written {
    is_postgres: bool,
    principal: Principal,
    arguments: Arc<Arguments>,
    template: Arc<Template>,
}

impl Templates {
    /// Reads what a request asks for: the text of a JSON array, a value for each root of its plan, and the arguments that
    /// they are to be spelled by.
    pub async fn read(
        &self,
        (services, viewer): (&Services, &Viewer),
        plan: &Plan,
        request: Request,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<(Arc<Arguments>, String)> {
        let (arguments, template) = self.find(services.db.is_postgres(), viewer, plan, request.arguments)?;
        let conn = services.db.at_hand();
        let read = template.read(&conn, &request.ids, (THEN, now));
        Ok((arguments, in_time(read).await?))
    }

    fn find(
        &self,
        is_postgres: bool,
        viewer: &Viewer,
        plan: &Plan,
        arguments: Arguments,
    ) -> Result<(Arc<Arguments>, Arc<Template>)> {
        let viewer = stand_in(viewer);
        let is_usual = arguments.is_usual();
        if is_usual && let Some(found) = self.known(|known| known.get(plan, is_postgres, viewer.principal, &arguments))
        {
            return Ok(found);
        }
        let asked = cells(plan, &arguments).ok_or_else(unexpected)?;
        let template = Arc::new(Template::write(is_postgres, &viewer, &asked)?);
        let arguments = Arc::new(arguments);
        if is_usual {
            let written = Written {
                is_postgres,
                principal: viewer.principal,
                arguments: Arc::clone(&arguments),
                template: Arc::clone(&template),
            };
            self.known(|known| known.insert(plan, written));
        }
        Ok((arguments, template))
    }

    fn known<T>(&self, use_it: impl FnOnce(&mut Known) -> T) -> T {
        // Nothing here panics half way.
        use_it(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Known {
    fn get(
        &self,
        plan: &Plan,
        is_postgres: bool,
        principal: Principal,
        arguments: &Arguments,
    ) -> Option<(Arc<Arguments>, Arc<Template>)> {
        let mut written = self.statements.get(&plan.number)?.iter();
        let found = written.find(|written| {
            written.is_postgres == is_postgres && written.principal == principal && *written.arguments == *arguments
        })?;
        Some((Arc::clone(&found.arguments), Arc::clone(&found.template)))
    }

    fn insert(&mut self, plan: &Plan, written: Written) {
        if self.count >= MOST {
            *self = Self::default();
        }
        self.count += 1;
        self.statements.entry(plan.number).or_default().push(written);
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::Variables;
    use uuid::Uuid;

    use super::super::super::document::{Checked, Limits, check};
    use super::*;
    use crate::{
        page::Page,
        store::ticket::{TicketFilter, TicketOrder},
    };

    fn checked() -> Checked {
        check("{ tickets { nodes { id } } }", None, &Variables::default(), &Limits::default()).unwrap()
    }

    fn first(limit: i32) -> Arguments {
        use super::super::ask::{Shown, ShownOf};
        let page = Page { limit, backward: false, after: None, before: None };
        let of = ShownOf::Tickets(TicketFilter::default(), TicketOrder::CreatedAtDesc);
        Arguments { shown: vec![Shown { page, of }], kinds: vec![None] }
    }

    fn owner(id: u128) -> Viewer {
        Viewer::of(Principal::Owner(Uuid::from_u128(id)))
    }

    #[test]
    fn those_of_one_kind_who_ask_for_the_same_send_one_statement() {
        let (templates, checked) = (Templates::default(), checked());
        let plan = checked.plans.of_query(&checked).unwrap();
        let find = |viewer: &Viewer, limit| templates.find(true, viewer, plan, first(limit)).unwrap().1;
        let one = find(&owner(1), 20);
        assert!(Arc::ptr_eq(&one, &find(&owner(2), 20)));
        assert!(!Arc::ptr_eq(&one, &find(&owner(1), 21)), "another page");
        assert!(!Arc::ptr_eq(&one, &find(&Viewer::system(), 20)), "somebody else");
        assert!(!format!("{one:?}").contains(&Uuid::from_u128(1).to_string()), "nobody's id is kept");
    }

    #[test]
    fn no_more_statements_are_kept_than_there_is_room_for() {
        let (templates, checked) = (Templates::default(), checked());
        let plan = checked.plans.of_query(&checked).unwrap();
        for limit in 0..i32::try_from(MOST).unwrap() * 2 + 1 {
            templates.find(true, &owner(1), plan, first(limit)).unwrap();
        }
        templates.known(|known| assert!(known.count <= MOST && known.statements[&plan.number].len() <= MOST));
    }
}
