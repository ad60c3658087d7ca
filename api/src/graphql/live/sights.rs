//! Who sees the same: whether an answer that was executed for one person would be the same for another, asked for all who
//! ask in the same moment. Those who see whole projects are asked about in one statement, everybody else each in one.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use futures_util::{StreamExt, stream};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::gather::{self, Answers, Asked, Gathered};
use crate::{
    auth::{
        scope::each_like,
        viewer::{Principal, Viewer},
    },
    error::Result,
    graphql::loaders::LoadFailure,
    store::{
        db::{Db, in_time},
        sight::{Sight, Sought, of_each, of_one},
    },
    trace::Origin,
};

/// What is loaded.
const WHAT: &str = "sights";

/// How many statements run at a time.
const AT_ONCE: usize = 4;

/// What of this exists for somebody?
pub struct Asks {
    principal: Principal,
    sought: Arc<BTreeSet<Sought>>,
}

type Answer = Result<Arc<Sight>, LoadFailure>;

/// For whom one statement asks.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Whose {
    /// All whom this one stands for.
    Each(Principal),
    One(Principal),
}

impl Whose {
    fn of(principal: Principal) -> Self {
        each_like(principal).map_or(Self::One(principal), Self::Each)
    }
}

/// What people ask for, gathered.
pub struct SightReads {
    db: Db,
    gathered: Gathered<Asks, Answer>,
    /// Held by whoever answers: what is asked meanwhile waits and is answered together.
    turn: Mutex<()>,
}

impl SightReads {
    pub fn new(db: Db) -> Self {
        Self { db, gathered: Gathered::new(), turn: Mutex::default() }
    }

    /// What of this exists for somebody at this moment.
    pub async fn of(self: &Arc<Self>, principal: Principal, sought: &Arc<BTreeSet<Sought>>, origin: &Origin) -> Answer {
        let (put, answer) = gather::ask(self, Asks { principal, sought: Arc::clone(sought) }, origin);
        put();
        answer.await.unwrap_or(Err(LoadFailure::Busy))
    }

    async fn answer(&self, whose: Whose, sought: Arc<BTreeSet<Sought>>, asked: Vec<Asked<Asks, Answer>>) {
        let people: HashSet<Principal> = asked.iter().map(|asked| asked.question.principal).collect();
        let sights = in_time(self.sights(whose, people, &sought)).await.map_err(LoadFailure::from);
        let nothing = Arc::<Sight>::default();
        gather::answer_each(asked, |Asks { principal, .. }| {
            let theirs = sights.as_ref().map(|sights| sights.get(principal).unwrap_or(&nothing));
            theirs.cloned().map_err(|failure| *failure)
        });
    }

    /// What each of these sees; nothing for those who are left out.
    async fn sights(
        &self,
        whose: Whose,
        people: HashSet<Principal>,
        sought: &BTreeSet<Sought>,
    ) -> Result<HashMap<Principal, Arc<Sight>>> {
        let reader = self.db.reader();
        match whose {
            Whose::One(principal) => {
                let sight = of_one(reader, &Viewer::of(principal), sought).await?;
                Ok(HashMap::from([(principal, Arc::new(sight))]))
            }
            Whose::Each(each) => {
                let ids = people.into_iter().filter_map(|person| Some((Viewer::of(person).id()?, person)));
                let people: HashMap<Uuid, Principal> = ids.collect();
                let ids: Vec<Uuid> = people.keys().copied().collect();
                let sights = of_each(reader, (each, &ids), sought).await?;
                let of_person = |(id, sight)| Some((*people.get(&id)?, Arc::new(sight)));
                Ok(sights.into_iter().filter_map(of_person).collect())
            }
        }
    }
}

impl Answers for SightReads {
    type Question = Asks;
    type Answer = Answer;

    const WHAT: &str = WHAT;

    fn gathered(&self) -> &Gathered<Asks, Answer> {
        &self.gathered
    }

    async fn answer_all(&self) {
        let _turn = self.turn.lock().await;
        let mut parts: HashMap<_, Vec<Asked<Asks, Answer>>> = HashMap::new();
        for asked in self.gathered.take() {
            let Asks { principal, sought } = &asked.question;
            parts.entry((Whose::of(*principal), Arc::clone(sought))).or_default().push(asked);
        }
        let answer_part = |((whose, sought), asked)| self.answer(whose, sought, asked);
        stream::iter(parts).for_each_concurrent(AT_ONCE, answer_part).await;
    }
}
