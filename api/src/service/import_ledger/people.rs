//! The owners of a chunk of rows: who is known already, who is new, and what the ledger tells about them.
//!
//! The identity number decides who a person is. Without one, or where the company did not know it yet, the same name
//! with the same phone is the same person, and so is the same name among the present owners of that very home.
//! What the first row of a file says about a person stands: another phone in a later row of it changes nothing.
//!
//! One phone signs in one owner. Where two persons give the same phone both are kept, with the phone for calling; the
//! first to have it signs in, and it passes on when that one owns no home any more.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::{owner, vocab::OwnerStage};
use uuid::Uuid;

use super::Tools;
use crate::{
    domain::{
        identity_number,
        ledger::{LedgerOwner, stage},
        phone,
    },
    error::Result,
    store::vault::Vault,
};

/// A person as a row tells, with the hashes to look up.
pub(super) struct Person<'r> {
    told: &'r LedgerOwner,
    pub phone_hash: String,
    pub identity_hash: Option<String>,
}

impl<'r> Person<'r> {
    pub(super) fn new(vault: &Vault, told: &'r LedgerOwner) -> Self {
        let identity_hash = told.identity_number.as_deref().map(|number| vault.identity_hash(number));
        Self { told, phone_hash: vault.phone_hash(&told.phone), identity_hash }
    }

    pub(super) fn name(&self) -> &str {
        &self.told.name
    }
}

/// An owner's way from one stage to another; from none for the first.
pub(super) type Move = (Uuid, Option<OwnerStage>, OwnerStage);

/// What an import remembers about people from one chunk to the next.
#[derive(Default)]
pub(super) struct Memory {
    /// Who was told about in an earlier row of this file.
    told: HashSet<Uuid>,
    /// Who gives a phone that they don't sign in with yet, in the order of the file.
    waiting: Vec<(Uuid, String)>,
    awaited: HashSet<String>,
}

impl Memory {
    fn wait(&mut self, id: Uuid, phone_hash: &str) {
        self.waiting.push((id, phone_hash.to_owned()));
        self.awaited.insert(phone_hash.to_owned());
    }

    /// Who waits for which phone: of several the first.
    pub(super) fn into_waiting(self) -> Vec<(Uuid, String)> {
        let Self { waiting, mut awaited, .. } = self;
        waiting.into_iter().filter(|(_, hash)| awaited.remove(hash)).collect()
    }
}

/// The owners that a chunk may speak of.
pub(super) struct People<'a> {
    tools: &'a Tools,
    now: DateTime<Utc>,
    memory: &'a mut Memory,
    owners: HashMap<Uuid, owner::Model>,
    by_identity: HashMap<String, Uuid>,
    by_phone: HashMap<String, Uuid>,
    /// Those whose phone can't be looked up, by name.
    sharing: HashMap<String, Vec<Uuid>>,
    new: Vec<Uuid>,
    changed: BTreeSet<Uuid>,
    moved: Vec<Move>,
}

impl<'a> People<'a> {
    pub(super) fn new(tools: &'a Tools, now: DateTime<Utc>, memory: &'a mut Memory, known: Vec<owner::Model>) -> Self {
        let mut people = Self {
            tools,
            now,
            memory,
            owners: HashMap::new(),
            by_identity: HashMap::new(),
            by_phone: HashMap::new(),
            sharing: HashMap::new(),
            new: Vec::new(),
            changed: BTreeSet::new(),
            moved: Vec::new(),
        };
        known.into_iter().for_each(|owner| people.know(owner));
        people
    }

    fn know(&mut self, owner: owner::Model) {
        let id = owner.id;
        if let Some(hash) = &owner.identity_hash {
            self.by_identity.insert(hash.clone(), id);
        }
        match &owner.phone_hash {
            Some(hash) => drop(self.by_phone.insert(hash.clone(), id)),
            None => {
                let sharing = self.sharing.entry(owner.name.clone()).or_default();
                if !sharing.contains(&id) {
                    sharing.push(id);
                }
            }
        }
        self.owners.insert(id, owner);
    }

    /// The owners that the persons of one row are, known or new, each once. `present` own the unit now.
    pub(super) fn owners_of(
        &mut self,
        persons: &[Person<'_>],
        present: &[Uuid],
        reached: OwnerStage,
    ) -> Result<Vec<Uuid>> {
        let mut owners = Vec::with_capacity(persons.len());
        for person in persons {
            let id = match self.find(person, present, &owners)? {
                Some(id) => {
                    self.update(id, person, reached)?;
                    id
                }
                None => self.add(person, reached),
            };
            self.memory.told.insert(id);
            if !owners.contains(&id) {
                owners.push(id);
            }
        }
        Ok(owners)
    }

    fn find(&self, person: &Person<'_>, present: &[Uuid], taken: &[Uuid]) -> Result<Option<Uuid>> {
        if let Some(id) = person.identity_hash.as_ref().and_then(|hash| self.by_identity.get(hash)) {
            return Ok(Some(*id));
        }
        let with_phone = self.by_phone.get(&person.phone_hash);
        let sharing = self.sharing.get(person.name()).into_iter().flatten();
        for id in with_phone.into_iter().chain(sharing).copied() {
            if self.is_free_namesake(id, person, taken) && self.may_be(id, person) && self.has_phone(id, person)? {
                return Ok(Some(id));
            }
        }
        let mut namesakes = Vec::new();
        for id in present.iter().copied().filter(|id| self.is_free_namesake(*id, person, taken)) {
            // Name, phone and home agree: the identity number was wrong, here or there, and the ledger is newer.
            if self.has_phone(id, person)? {
                return Ok(Some(id));
            }
            namesakes.extend(Some(id).filter(|id| self.may_be(*id, person)));
        }
        // Name and home agree, and only one can be meant: the phone is another.
        Ok(if let [id] = namesakes[..] { Some(id) } else { None })
    }

    fn is_free_namesake(&self, id: Uuid, person: &Person<'_>, taken: &[Uuid]) -> bool {
        !taken.contains(&id) && self.owners.get(&id).is_some_and(|owner| owner.name == person.told.name)
    }

    /// Whether the identity numbers leave it open that this is the person.
    fn may_be(&self, id: Uuid, person: &Person<'_>) -> bool {
        person.identity_hash.is_none() || self.owners.get(&id).is_some_and(|owner| owner.identity_hash.is_none())
    }

    fn has_phone(&self, id: Uuid, person: &Person<'_>) -> Result<bool> {
        match self.owners.get(&id) {
            Some(owner) => has_phone(&self.tools.vault, owner, person),
            None => Ok(false),
        }
    }

    fn update(&mut self, id: Uuid, person: &Person<'_>, reached: OwnerStage) -> Result<()> {
        let Some(before) = self.owners.get(&id).cloned() else { return Ok(()) };
        let mut after = owner::Model { stage: stage::furthest(before.stage, reached), ..before.clone() };
        if !self.memory.told.contains(&id) {
            after.name.clone_from(&person.told.name);
            self.set_identity(&mut after, person);
            if !has_phone(&self.tools.vault, &before, person)? {
                self.set_phone(&mut after, person);
            }
            if after.phone_hash.is_none() {
                self.memory.wait(id, &person.phone_hash);
            }
        }
        if after.stage != before.stage {
            self.moved.push((id, Some(before.stage), after.stage));
        }
        if after != before {
            self.forget(&before);
            self.know(after);
            if !self.new.contains(&id) {
                self.changed.insert(id);
            }
        }
        Ok(())
    }

    fn forget(&mut self, owner: &owner::Model) {
        if let Some(hash) = &owner.identity_hash {
            self.by_identity.remove(hash);
        }
        if let Some(hash) = &owner.phone_hash {
            self.by_phone.remove(hash);
        }
        if let Some(sharing) = self.sharing.get_mut(&owner.name) {
            sharing.retain(|id| *id != owner.id);
        }
    }

    fn add(&mut self, person: &Person<'_>, reached: OwnerStage) -> Uuid {
        let id = self.tools.ids.new_id(self.now);
        let mut owner = owner::Model {
            id,
            name: person.told.name.clone(),
            phone_hash: None,
            phone_sealed: None,
            phone_masked: None,
            identity_hash: None,
            identity_sealed: None,
            identity_masked: None,
            stage: reached,
            created_at: self.now,
        };
        self.set_identity(&mut owner, person);
        self.set_phone(&mut owner, person);
        let hash = &person.phone_hash;
        if self.by_phone.contains_key(hash) || self.memory.awaited.contains(hash) {
            self.memory.wait(id, hash);
        } else {
            owner.phone_hash = Some(person.phone_hash.clone());
        }
        self.know(owner);
        self.new.push(id);
        self.moved.push((id, None, reached));
        id
    }

    /// A blank identity number says nothing.
    fn set_identity(&self, owner: &mut owner::Model, person: &Person<'_>) {
        if let (Some(number), Some(hash)) = (&person.told.identity_number, &person.identity_hash)
            && owner.identity_hash.as_ref() != Some(hash)
        {
            owner.identity_hash = Some(hash.clone());
            owner.identity_sealed = Some(self.tools.vault.seal_identity(owner.id, number));
            owner.identity_masked = Some(identity_number::mask(number));
        }
    }

    /// The phone for calling. Whether it also signs in is known only when all of the file has been read.
    fn set_phone(&self, owner: &mut owner::Model, person: &Person<'_>) {
        owner.phone_hash = None;
        owner.phone_sealed = Some(self.tools.vault.seal_phone(owner.id, &person.told.phone));
        owner.phone_masked = Some(phone::mask(&person.told.phone));
    }

    /// Who came to another stage, in the order of the rows.
    pub(super) fn moved(&mut self) -> Vec<Move> {
        std::mem::take(&mut self.moved)
    }

    /// The owners to add and to write anew.
    pub(super) fn edits(mut self) -> super::plan::Edits<owner::Model> {
        let mut take = |ids: Vec<Uuid>| ids.iter().filter_map(|id| self.owners.remove(id)).collect();
        let (new, changed) = (take(std::mem::take(&mut self.new)), take(self.changed.iter().copied().collect()));
        super::plan::Edits { new, changed }
    }
}

/// Whether this is the owner's phone. One that can't be looked up is opened, if its masked form does not tell already.
fn has_phone(vault: &Vault, owner: &owner::Model, person: &Person<'_>) -> Result<bool> {
    match (&owner.phone_hash, &owner.phone_sealed) {
        (Some(hash), _) => Ok(*hash == person.phone_hash),
        (None, Some(sealed)) if owner.phone_masked == Some(phone::mask(&person.told.phone)) => {
            Ok(vault.open_phone(owner.id, sealed)? == person.told.phone)
        }
        _ => Ok(false),
    }
}
