//! Reconciling: the commands that lead from the present facts to desired ones.
//!
//! Desired facts come as lines of JSON, one thing each. They are read twice. First [`Reconciliation::read`] checks each line by itself and
//! remembers its id. Then the lines of one kind after another go through [`Directory::reconcile`], which executes the commands that lead to
//! each thing from what is there at that moment, and [`Directory::reconcile_gone`] removes what no line names. So there is never a second
//! document in memory, nor a list of all commands. The phases are in an order in which no command is refused because a later one is missing:
//! roles, people, teams, projects, assistants; then removals in reverse. What a person loses comes late, because assistants change their owners
//! before.

mod fact;
mod plan;

use std::collections::BTreeSet;

use serde::Serialize;
use sha2::{Digest, Sha256};

use self::fact::Fact;
use super::actor::Actor;
use super::command::{Command, FieldError};
use super::decide::Decided;
use super::preview::Preview;
use super::refusal::{Refusal, RefusalCode};
use super::{Directory, address};
use crate::error::{Code, Error, quote};
use crate::rules::capability::Kind;

/// The kinds of desired facts.
// Exhaustive: these are the lists of an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub enum FactKind {
    /// Custom roles.
    Roles,
    /// People.
    Users,
    /// Teams with their members.
    Teams,
    /// Projects.
    Projects,
    /// Assistants with their grants, links and embedding.
    Assistants,
}

impl FactKind {
    /// Every kind, in the order in which things refer to each other.
    pub const ALL: [FactKind; 5] = [FactKind::Roles, FactKind::Users, FactKind::Teams, FactKind::Projects, FactKind::Assistants];

    /// The name of the list.
    pub const fn name(self) -> &'static str {
        match self {
            FactKind::Roles => "roles",
            FactKind::Users => "users",
            FactKind::Teams => "teams",
            FactKind::Projects => "projects",
            FactKind::Assistants => "assistants",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<FactKind> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What a line calls one thing of the kind.
    pub const fn of_one(self) -> &'static str {
        match self {
            FactKind::Roles => "role",
            FactKind::Users => "user",
            FactKind::Teams => "team",
            FactKind::Projects => "project",
            FactKind::Assistants => "assistant",
        }
    }
}

/// What a line may do when it is executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Everything but what people lose.
    First,
    /// What people lose: the global admin's role, and being active.
    Late,
}

/// SHA-256 of an id or an address, cut: nobody can make two of them alike.
type Mark = [u8; 16];

/// The things that the lines of one request name.
#[derive(Debug, Default)]
pub struct Reconciliation {
    /// The kinds of which only the named things stay.
    owned: Vec<FactKind>,
    /// The new owner of assistants whose owner is removed.
    successor: Option<String>,
    named: BTreeSet<Mark>,
    addresses: BTreeSet<Mark>,
}

impl Reconciliation {
    /// Begins with the kinds that the caller owns. `successor`: the user who takes over the assistants of removed people.
    pub fn new(owned: Vec<FactKind>, successor: Option<String>) -> Reconciliation {
        Reconciliation { owned, successor, ..Reconciliation::default() }
    }

    /// Checks a line by itself, and remembers what it names. Returns the kind of its thing.
    ///
    /// # Errors
    /// [`NotReconciled::Fact`] with the path of the first fault.
    pub fn read(&mut self, line: &str) -> Result<FactKind, NotReconciled> {
        let fact = Fact::read(line).map_err(invalid_facts)?;
        if !self.named.insert(mark(fact.kind().name(), fact.id())) {
            return Err(fault("id", "another line has the same thing"));
        }
        if let Fact::User(user) = &fact
            && let Some(email) = &user.email
            && !self.addresses.insert(mark("", &address::key(email)))
        {
            return Err(fault("email", "another line has the same address"));
        }
        Ok(fact.kind())
    }

    fn owns(&self, kind: FactKind) -> bool {
        self.owned.contains(&kind)
    }

    fn names(&self, kind: FactKind, id: &str) -> bool {
        self.named.contains(&mark(kind.name(), id))
    }
}

/// Why desired facts are not reconciled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotReconciled {
    /// A fact has the wrong form, or no command leads to it: [`Code::InvalidFacts`] with the path of the field.
    Fact(Error),
    /// A command that leads to it is refused.
    Command(Refusal),
}

impl From<Refusal> for NotReconciled {
    fn from(refusal: Refusal) -> NotReconciled {
        NotReconciled::Command(refusal)
    }
}

/// How commands are decided and shown.
#[derive(Clone, Debug)]
pub struct Reconciling<'a> {
    /// By whose rights.
    pub actor: &'a Actor,
    /// Unix seconds.
    pub now: u64,
    /// From a cryptographically secure source, used once.
    pub entropy: &'a [u8; 32],
    /// How many commands are previewed before they are executed.
    pub previews: usize,
}

/// A command that was executed.
#[derive(Debug)]
pub struct Reconciled {
    /// The command.
    pub command: Command,
    /// Its event and answer.
    pub decided: Decided,
    /// Who gained or lost what, if that was asked for.
    pub preview: Option<Preview>,
}

impl Directory {
    /// Executes the commands that lead to one desired thing. They stay executed if one of them is refused: go back to a checkpoint, or to
    /// what is stored.
    ///
    /// # Errors
    /// [`NotReconciled`] with the fault of the thing, or the refusal of a command.
    pub fn reconcile(
        &mut self,
        all: &Reconciliation,
        line: &str,
        pass: Pass,
        with: &Reconciling<'_>,
        done: &mut Vec<Reconciled>,
    ) -> Result<(), NotReconciled> {
        let fact = Fact::read(line).map_err(invalid_facts)?;
        let commands = self.commands_to(all, &fact, pass, with)?;
        Ok(self.execute_all(commands, with, done)?)
    }

    /// Removes things of a kind that no line names, if the caller owns the kind: at most `limit`. Nothing is left once nothing is done.
    ///
    /// # Errors
    /// As [`Directory::decide`].
    pub fn reconcile_gone(
        &mut self,
        all: &Reconciliation,
        kind: FactKind,
        limit: usize,
        with: &Reconciling<'_>,
        done: &mut Vec<Reconciled>,
    ) -> Result<(), Refusal> {
        if !all.owns(kind) {
            return Ok(());
        }
        let unnamed = |id: &&str| !all.names(kind, id);
        let facts = &self.facts;
        let of = |kind: Kind| facts.targets(kind).iter().map(move |position| facts.target_id(kind, *position));
        let gone: Vec<String> = match kind {
            FactKind::Roles => {
                facts.custom_roles().map(|role| facts.role_id(role)).filter(unnamed).take(limit).map(str::to_owned).collect()
            }
            FactKind::Users => {
                let users = facts.all_users().iter().map(|user| facts.user_id(*user));
                users.filter(unnamed).take(limit).map(str::to_owned).collect()
            }
            FactKind::Teams => of(Kind::Team).filter(unnamed).take(limit).map(str::to_owned).collect(),
            FactKind::Projects => of(Kind::Project).filter(unnamed).take(limit).map(str::to_owned).collect(),
            FactKind::Assistants => of(Kind::Assistant).filter(unnamed).take(limit).map(str::to_owned).collect(),
        };
        for id in gone {
            let which = format!("removing {} {}", kind.of_one(), quote(&id));
            if kind == FactKind::Users && with.actor.user() == Some(&id) {
                return Err(Refusal::new(RefusalCode::OwnRole, format!("{which}: nobody removes themselves")));
            }
            let command = plan::removal(kind, id, all.successor.as_ref());
            let refused = |refusal: Refusal| Refusal { message: format!("{which}: {}", refusal.message), path: None, ..refusal };
            self.execute_all(vec![command], with, done).map_err(refused)?;
        }
        Ok(())
    }

    fn execute_all(&mut self, commands: Vec<Command>, with: &Reconciling<'_>, done: &mut Vec<Reconciled>) -> Result<(), Refusal> {
        for command in commands {
            let previewed = done.len() < with.previews;
            let preview = if previewed { Some(self.preview(with.actor, command.clone(), with.now)?) } else { None };
            // Every command has its own entropy, because the version is another one.
            let entropy = Sha256::new().chain_update(with.entropy).chain_update(self.version().to_le_bytes()).finalize().into();
            let decided = self.execute(with.actor, command.clone(), with.now, &entropy)?;
            done.push(Reconciled { command, decided, preview });
        }
        Ok(())
    }
}

fn mark(kind: &str, id: &str) -> Mark {
    let hash: [u8; 32] = Sha256::new().chain_update(kind).chain_update([0]).chain_update(id).finalize().into();
    hash.first_chunk().copied().unwrap_or_default()
}

/// A fact that cannot be as it is desired.
fn fault(path: &str, reason: &str) -> NotReconciled {
    NotReconciled::Fact(Error::at(Code::InvalidFacts, path, reason))
}

fn invalid_facts(error: FieldError) -> NotReconciled {
    if error.path.is_empty() {
        return NotReconciled::Fact(Error::new(Code::InvalidFacts, error.reason));
    }
    fault(&error.path, &error.reason)
}
