//! What a figure is counted from: things that add to its denominator, and as far as they count to its numerator.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use entity::vocab::{Department, FigureItemKind};
use uuid::Uuid;

/// One thing behind a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub kind: FigureItemKind,
    pub id: Uuid,
    /// What else tells it from its siblings: the milestone, the warranty item, the survey.
    pub context: Option<Uuid>,
    /// The same in a word, such as the kind of a document.
    pub about: Option<String>,
    /// Where it belongs to one project.
    pub project_id: Option<Uuid>,
    pub department: Option<Department>,
    /// Whose work it was.
    pub staff_id: Option<Uuid>,
    /// Who answered for the household at the time.
    pub ambassador_id: Option<Uuid>,
    pub weight: Weight,
}

/// What a thing adds to a figure: to the numerator at most what it adds to the denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weight {
    numerator: i64,
    denominator: i64,
}

impl Item {
    /// A thing that counts or does not.
    pub fn new(kind: FigureItemKind, id: Uuid, is_counted: bool) -> Self {
        Self::weighted(kind, id, i64::from(is_counted), 1)
    }

    /// A thing that stands for several, such as a round of inspection for what was looked at. Of what it adds to the
    /// denominator it adds at most all to the numerator.
    pub fn weighted(kind: FigureItemKind, id: Uuid, numerator: i64, denominator: i64) -> Self {
        let denominator = denominator.max(0);
        let weight = Weight { numerator: numerator.clamp(0, denominator), denominator };
        Self {
            kind,
            id,
            context: None,
            about: None,
            project_id: None,
            department: None,
            staff_id: None,
            ambassador_id: None,
            weight,
        }
    }

    /// What tells it from other items of the same thing.
    pub fn of(self, context: Uuid, about: impl Into<String>) -> Self {
        Self { context: Some(context), about: Some(about.into()), ..self }
    }

    pub fn numerator(&self) -> i64 {
        self.weight.numerator
    }

    pub fn denominator(&self) -> i64 {
        self.weight.denominator
    }

    /// Whether it is in the numerator as far as it is in the denominator.
    pub fn is_counted(&self) -> bool {
        self.weight.numerator == self.weight.denominator
    }

    /// Its place in the list of a figure's items, the same each time: the id, which is by creation, or where several items
    /// are about one thing a hash. The ids of answers can't be read from it.
    pub fn place(&self) -> Uuid {
        if self.context.is_none() && self.about.is_none() {
            return self.id;
        }
        let half = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            (salt, self.kind, self.id, self.context, &self.about).hash(&mut hasher);
            hasher.finish()
        };
        Uuid::from_u64_pair(half(0), half(1))
    }
}

/// Each thing once, in the order of places: somebody known in two projects is one person.
pub fn distinct(items: Vec<Item>) -> Vec<Item> {
    let mut seen = HashSet::new();
    let mut items: Vec<(Uuid, Item)> = items.into_iter().map(|item| (item.place(), item)).collect();
    items.retain(|(place, item)| seen.insert((*place, item.kind)));
    items.sort_by_key(|(place, item)| (*place, item.kind));
    items.into_iter().map(|(_, item)| item).collect()
}

/// A part of a figure: of one department, of one member of staff.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    pub department: Option<Department>,
    pub staff_id: Option<Uuid>,
}

impl Cut {
    /// The whole figure.
    pub fn is_whole(self) -> bool {
        self == Self::default()
    }

    /// Whether an item belongs to this part.
    pub fn holds(self, item: &Item) -> bool {
        self.department.is_none_or(|department| item.department == Some(department))
            && self.staff_id.is_none_or(|id| item.staff_id == Some(id) || item.ambassador_id == Some(id))
    }
}
