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
        let read = template.read(services.db.reader(), &request.ids, (THEN, now));
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
