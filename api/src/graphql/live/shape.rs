//! What subscribers have in common who sent the same document: the document itself, and what was made of the last entries.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use async_graphql::Variables;
use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use serde_json::value::RawValue;
use tokio::time::Instant;

use crate::{
    auth::viewer::Principal,
    graphql::document::Checked,
    language::Language,
    store::sight::{Sight, Sought},
};

/// How long what was made for one subscriber is good for others: a ticket is shown as it is now.
const FRESH: Duration = Duration::from_secs(1);

/// What was made of an entry.
#[derive(Clone)]
pub enum Made {
    /// The same for everybody.
    Common(Arc<RawValue>),
    /// The same for all who see the same.
    Seen(Arc<Seen>),
    /// It has to be made for each. This is what it is for one, on whatever devices they have; none where it failed.
    Personal(Principal, Option<Arc<RawValue>>),
}

/// What was made for one person, and what it was that they see.
pub struct Seen {
    pub by: Principal,
    pub written: Arc<RawValue>,
    /// What was looked for.
    pub sought: Arc<BTreeSet<Sought>>,
    /// What of it was found.
    pub sight: Sight,
}

/// For whom something is made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Whom {
    /// For whoever comes first: it may do for others.
    Anybody,
    /// For the first of those who see so much of what that one was shown.
    Seeing(Arc<Sight>),
    One(Principal),
}

/// What is being made of an entry. Whoever waits for it brings it on, so that nobody depends on another's reading.
pub type Making = Shared<BoxFuture<'static, Made>>;

/// What tells what is shown to one from what is shown to another: the document's text, the operation, those variables that
/// change what is shown, and the language of whoever reads it.
type Key = (String, Option<String>, String, Language);

/// An entry by its number, as somebody sees it.
type Shown = (i64, Whom);

/// A document that is subscribed to, once for all its subscribers of one language.
pub struct Shape {
    checked: Arc<Checked>,
    /// Those of the first subscriber. The others' are the same, apart from where they begin.
    variables: Variables,
    made: Mutex<HashMap<Shown, (Instant, Making)>>,
    key: Arc<Key>,
    shapes: Weak<Inner>,
}

impl Shape {
    pub fn checked(&self) -> &Checked {
        &self.checked
    }

    pub fn operation_name(&self) -> Option<&str> {
        self.key.1.as_deref()
    }

    pub fn variables(&self) -> &Variables {
        &self.variables
    }

    /// What is made of an entry for somebody. What was made a while ago is forgotten.
    pub fn made(&self, seq: i64, whom: &Whom, begin: impl FnOnce() -> BoxFuture<'static, Made>) -> Making {
        let (now, shown) = (Instant::now(), (seq, whom.clone()));
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, making)) = made.get(&shown)
            && now.duration_since(*at) < FRESH
        {
            return making.clone();
        }
        made.retain(|_, (at, _)| now.duration_since(*at) < FRESH);
        let making = begin().shared();
        made.insert(shown, (now, making.clone()));
        making
    }
}

impl Drop for Shape {
    fn drop(&mut self) {
        if let Some(shapes) = self.shapes.upgrade() {
            let mut shapes = shapes.lock().unwrap_or_else(PoisonError::into_inner);
            // Another may have come in its place meanwhile.
            if shapes.get(&self.key).is_some_and(|shape| shape.strong_count() == 0) {
                shapes.remove(&self.key);
            }
        }
    }
}

type Inner = Mutex<HashMap<Arc<Key>, Weak<Shape>>>;

/// The documents that are subscribed to on this server.
#[derive(Clone, Default)]
pub struct Shapes(Arc<Inner>);

impl Shapes {
    /// The shape of a document that was checked, together with all others who sent the same and read the same language.
    pub fn of(
        &self,
        (query, operation_name): (String, Option<String>),
        variables: &Variables,
        language: Language,
        checked: Arc<Checked>,
    ) -> Arc<Shape> {
        let shown = shown(variables, &query, &checked);
        let key = Arc::new((query, operation_name, shown, language));
        let mut shapes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shape) = shapes.get(&key).and_then(Weak::upgrade) {
            return shape;
        }
        let shape = Arc::new(Shape {
            checked,
            variables: variables.clone(),
            made: Mutex::default(),
            key: Arc::clone(&key),
            shapes: Arc::downgrade(&self.0),
        });
        shapes.insert(key, Arc::downgrade(&shape));
        shape
    }
}

/// The variables that change what is shown, as text. One that stands nowhere but in an argument of the subscription's own
/// field only says where to begin and what to follow.
fn shown(variables: &Variables, query: &str, checked: &Checked) -> String {
    let mut names: Vec<&str> = variables.keys().map(|name| name.as_str()).collect();
    names.sort_unstable();
    let arguments = checked.root_variables();
    // Its definition and its use; whatever else looks like it is taken for a use.
    let begins = |name: &str| {
        arguments.iter().any(|argument| argument == name) && query.matches(&format!("${name}")).count() == 2
    };
    names.retain(|name| !begins(name));
    let shown: Vec<_> = names.into_iter().map(|name| (name, &variables[name])).collect();
    serde_json::to_string(&shown).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        graphql::document::{Limits, check},
        store::sight::What,
    };

    const QUERY: &str = "subscription ($after: String, $first: Int, $afterwards: Boolean = true) {
        bulletinPublished(after: $after) { title @include(if: $afterwards) } }";

    fn shape(shapes: &Shapes, query: &str, variables: serde_json::Value) -> Arc<Shape> {
        shape_in(Language::Zh, shapes, query, variables)
    }

    fn shape_in(language: Language, shapes: &Shapes, query: &str, variables: serde_json::Value) -> Arc<Shape> {
        let variables = Variables::from_json(variables);
        let checked = check(query, None, &variables, &Limits::default()).ok().unwrap();
        shapes.of((query.to_owned(), None), &variables, language, Arc::new(checked))
    }

    #[test]
    fn those_who_see_the_same_share_a_shape_wherever_they_begin() {
        let shapes = Shapes::default();
        let query = "subscription ($after: String) { bulletinPublished(after: $after) { title } }";
        let one = shape(&shapes, query, json!({ "after": "a" }));
        assert!(Arc::ptr_eq(&one, &shape(&shapes, query, json!({ "after": "b" }))));
        assert!(Arc::ptr_eq(&one, &shape(&shapes, query, json!({}))));
        let other = query.replace("title", "body");
        assert!(!Arc::ptr_eq(&one, &shape(&shapes, &other, json!({}))));
    }

    #[test]
    fn what_changes_what_is_shown_makes_another_shape() {
        let shapes = Shapes::default();
        let one = shape(&shapes, QUERY, json!({ "afterwards": true }));
        assert!(!Arc::ptr_eq(&one, &shape(&shapes, QUERY, json!({ "afterwards": false }))));
        // Here "$after" also begins the name of another variable: then it is taken to matter.
        let two = shape(&shapes, QUERY, json!({ "afterwards": true, "after": "a" }));
        assert!(!Arc::ptr_eq(&one, &two));
    }

    #[test]
    fn who_reads_another_language_has_another_shape() {
        let shapes = Shapes::default();
        let one = shape_in(Language::Zh, &shapes, QUERY, json!({}));
        assert!(Arc::ptr_eq(&one, &shape_in(Language::Zh, &shapes, QUERY, json!({}))));
        assert!(!Arc::ptr_eq(&one, &shape_in(Language::En, &shapes, QUERY, json!({}))));
    }

    #[test]
    fn a_shape_is_gone_with_its_last_subscriber() {
        let shapes = Shapes::default();
        let one = shape(&shapes, QUERY, json!({}));
        let again = Arc::clone(&one);
        drop(one);
        assert_eq!(shapes.0.lock().unwrap().len(), 1);
        drop(again);
        assert_eq!(shapes.0.lock().unwrap().len(), 0);
    }

    fn common() -> BoxFuture<'static, Made> {
        let written = RawValue::from_string("{}".to_owned()).unwrap();
        async move { Made::Common(Arc::from(written)) }.boxed()
    }

    #[tokio::test]
    async fn those_who_see_otherwise_are_made_something_else() {
        let shape = shape(&Shapes::default(), QUERY, json!({}));
        let id = uuid::Uuid::nil();
        let seeing = |sight: Sight| Whom::Seeing(Arc::new(sight));
        let (something, nothing) = (seeing(Sight::from([((What::Staff, id), id)])), seeing(Sight::new()));
        let making = shape.made(7, &something, common);
        assert!(making.ptr_eq(&shape.made(7, &something.clone(), common)));
        assert!(!making.ptr_eq(&shape.made(7, &nothing, common)));
        assert!(!making.ptr_eq(&shape.made(7, &Whom::Anybody, common)));
    }

    #[tokio::test]
    async fn what_was_made_is_good_for_a_moment() {
        let shape = shape(&Shapes::default(), QUERY, json!({}));
        let making = shape.made(7, &Whom::Anybody, common);
        let again = shape.made(7, &Whom::Anybody, || panic!("it was begun before"));
        assert!(making.ptr_eq(&again));
        assert!(!making.ptr_eq(&shape.made(8, &Whom::Anybody, common)));
        assert!(!making.ptr_eq(&shape.made(7, &Whom::One(Principal::Anonymous), common)));
        for (at, _) in shape.made.lock().unwrap().values_mut() {
            *at = at.checked_sub(FRESH).unwrap();
        }
        assert!(!making.ptr_eq(&shape.made(7, &Whom::Anybody, common)));
        assert_eq!(shape.made.lock().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn nobody_waits_for_one_who_was_first_and_does_not_read() {
        let shape = shape(&Shapes::default(), QUERY, json!({}));
        let slow = || async {
            tokio::task::yield_now().await;
            common().await
        };
        let mut first = shape.made(7, &Whom::Anybody, || slow().boxed());
        assert!((&mut first).now_or_never().is_none(), "it is half made");
        let second = shape.made(7, &Whom::Anybody, || panic!("it was begun before"));
        assert!(matches!(second.await, Made::Common(_)));
        drop(first);
    }
}
