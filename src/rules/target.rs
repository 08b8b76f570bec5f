//! The target of a question: by id as the caller names it, and by position in the facts.

use crate::facts::{Facts, Position};
use crate::rules::capability::Kind;

/// The target of a question.
// Exhaustive, as [`Kind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'a> {
    /// The organization.
    Organization,
    /// The team of this id.
    Team(&'a str),
    /// The project of this id.
    Project(&'a str),
    /// The assistant of this id.
    Assistant(&'a str),
}

impl<'a> Target<'a> {
    /// The target of a kind and id. `None` where an id is missing or superfluous.
    pub fn of(kind: Kind, id: Option<&'a str>) -> Option<Target<'a>> {
        match (kind, id) {
            (Kind::Organization, None) => Some(Target::Organization),
            (Kind::Team, Some(id)) => Some(Target::Team(id)),
            (Kind::Project, Some(id)) => Some(Target::Project(id)),
            (Kind::Assistant, Some(id)) => Some(Target::Assistant(id)),
            _ => None,
        }
    }

    /// Its place in the facts, `None` for an id that is not there.
    pub(crate) fn find(self, facts: &Facts) -> Option<Place> {
        let (kind, id) = match self {
            Target::Organization => return Some(Place::Organization),
            Target::Team(id) => (Kind::Team, id),
            Target::Project(id) => (Kind::Project, id),
            Target::Assistant(id) => (Kind::Assistant, id),
        };
        facts.find_target(kind, id).map(|position| Place::new(kind, position))
    }
}

/// A target by its position in the facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Organization,
    Team(Position),
    Project(Position),
    Assistant(Position),
}

impl Place {
    /// The place of a kind at a position. The organization ignores the position.
    pub(crate) fn new(kind: Kind, position: Position) -> Place {
        match kind {
            Kind::Organization => Place::Organization,
            Kind::Team => Place::Team(position),
            Kind::Project => Place::Project(position),
            Kind::Assistant => Place::Assistant(position),
        }
    }

    pub(super) fn kind(self) -> Kind {
        match self {
            Place::Organization => Kind::Organization,
            Place::Team(_) => Kind::Team,
            Place::Project(_) => Kind::Project,
            Place::Assistant(_) => Kind::Assistant,
        }
    }
}
