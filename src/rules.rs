//! The rules, file by file as the tables of `docs/rules.md`:
//!
//! | file | section |
//! | --- | --- |
//! | [`target`], [`principal`] | §2: targets; users, visitors, keys, origins |
//! | [`capability`], [`role`] | §3.1: capabilities, built-in roles, the grants of each relation |
//! | [`relations`] | §3.2: which relations a principal has to a target |
//! | [`ceilings`] | §3.3: which of them count |
//! | [`decision`], [`reasons`] | §3.3: the decision and its reasons |
//! | [`giving`] | §3.4: who can give or take a role |
//! | [`acting`] | §3.4: users, API keys, and keys on behalf of users as givers of commands |
//! | [`condition`] | §3.6: list filters |
//! | [`origin`] | §4: origins and the patterns of an embedding |
//!
//! Not here: how facts are read and kept ([`crate::facts`]), and the times of a snapshot ([`crate::session`]).

#[cfg(feature = "authority")]
mod acting;
pub(crate) mod capability;
mod ceilings;
#[cfg(lists)]
pub(crate) mod condition;
pub(crate) mod decision;
mod giving;
pub(crate) mod origin;
mod principal;
mod reasons;
mod relations;
pub(crate) mod role;
pub(crate) mod target;

#[cfg(feature = "authority")]
pub(crate) use self::acting::Acting;
pub(crate) use self::ceilings::held;
#[cfg(lists)]
pub(crate) use self::condition::condition;
pub use self::giving::Bound;
pub(crate) use self::giving::{assigning, covers, removing};
pub(crate) use self::principal::{Identity, LinkKey, Principal};
pub(crate) use self::reasons::decide;
#[cfg(feature = "authority")]
pub(crate) use self::relations::in_team;
pub(crate) use self::target::Place;
