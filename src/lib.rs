//! Permission checks for AI assistants, answered where the question is asked.
//!
//! An authority signs *snapshots* of an organization's directory: users, roles, teams, projects, assistants, share links. This crate
//! verifies a snapshot and evaluates the rules locally.
//!
//! ```
//! # #[cfg(feature = "authority")] {
//! use wicketgate::{Capability, Expect, Facts, Issue, JwkSet, Presented, SigningKey, Snapshot, Token};
//!
//! // The authority signs its facts. The entropy comes from the operating system.
//! let key = SigningKey::from_entropy(&[7; 32], None)?;
//! let facts = Facts::from_json(r#"{
//!     "id": "acme",
//!     "users": [{ "id": "vic", "role": "user" }],
//!     "teams": [{ "id": "support" }],
//!     "projects": [{ "id": "faq", "team": "support" }],
//!     "assistants": [{ "id": "helper", "project": "faq", "owner": "vic", "accessibility": "only_me" }]
//! }"#.to_owned())?;
//! let issue = Issue { issued_at: 1_790_000_000, expires_at: 1_790_003_600, version: 1, ..Issue::default() };
//! let token = issue.sign(&facts, &key)?;
//!
//! // Anybody with the public key verifies the snapshot, then asks.
//! let keys = JwkSet { keys: vec![key.public_jwk()] };
//! let now = 1_790_000_060;
//! let snapshot = Snapshot::open(Token::Compact(token), &keys, &Expect::default(), now)?;
//! let vic = snapshot.session(Presented { user: Some("vic"), ..Presented::default() })?;
//! assert!(vic.can(Capability::AssistantEdit, Some("helper"), now));
//! # }
//! # Ok::<(), wicketgate::Error>(())
//! ```
//!
//! Sections (§) without an RFC are those of `docs/rules.md` (§2, §3) and `docs/snapshot-format.md` (§4, §5).
//!
//! # Modules
//! `token` verifies a token, `facts` reads and keeps what is in it, `rules` decides, `snapshot` and `session` are the surface.
//! `authority` issues tokens and keeps the directory; `bindings` exports all of it to JavaScript.
//!
//! # Goals
//! * One set of rules, small enough to read in a minute (start with [`Relation`]), and the same answer everywhere.
//! * Only verified facts are evaluated. Unknown means denied.
//! * No I/O, no clock, no randomness: the caller passes bytes, `now` and entropy.
//!
//! # Non-goals
//! * A policy language. The rules are fixed; roles are data.
//! * Protecting data in a client. An answer in a page decides what to *show*; a server that returns data checks again.
//!
//! # Features
//! * `authority`: signing, projections, keys, the directory.
//! * `bindings` (default): on wasm32, the exports of the npm package; elsewhere nothing.

#![forbid(unsafe_code)]

mod access;
#[cfg(feature = "authority")]
mod authority;
#[cfg(feature = "authority")]
pub mod contract;
mod diff;
pub mod document;
mod error;
#[cfg_attr(not(feature = "authority"), expect(dead_code, reason = "names and addresses are shown by projections only"))]
mod facts;
mod rules;
mod session;
mod snapshot;
mod sort;
mod split;
mod token;

#[cfg(bindings)]
#[expect(unreachable_pub, reason = "exported to JavaScript, which Rust's reachability does not know")]
mod bindings;
// tsify's macro expects its trait in a crate of this name. The checking module declares the few lines that it needs itself.
#[cfg(all(bindings, not(feature = "authority")))]
extern crate self as tsify;
#[cfg(all(bindings, not(feature = "authority")))]
use bindings::{SerializationConfig, Tsify};

#[cfg(feature = "authority")]
pub use authority::directory::{
    Access, Actor, ApiKeyView, Command, CommandArea, CommandField, CommandResult, CommandRow, Decided, Directory, DirectoryUser,
    DirectoryView, Event, FactKind, FieldKind, Founding, Held, HoldingChange, KeyRefusal, KeyRequest, KeyScope, NotReconciled,
    PartsCursor, Pass, Paused, PendingInvitation, Preview, ReadAddress, Reconciled, Reconciliation, Reconciling, Refusal,
    RefusalCode, RefusedKey, Restoring, RoleSet, Secret, VisitorChange, Webhook, WebhookAddress, api_key_digest, commands,
    normal_address, read_address, verify_chain,
};
#[cfg(feature = "authority")]
pub use authority::issue::{DetachedSnapshot, Issue, Projection, SigningKey, detach};
pub use diff::Change;
pub use error::{Code, Error};
pub use facts::{Accessibility, Facts, LinkLevel, Scope, Status};
pub use rules::Bound;
pub use rules::capability::{Capability, CapabilitySet, Kind};
#[cfg(lists)]
pub use rules::condition::{Condition, ConditionEntry};
pub use rules::decision::{Because, Decision, Denied, Relation};
pub use rules::role::Level;
pub use rules::target::Target;
pub use session::{Presented, Session};
pub use snapshot::Snapshot;
pub use token::envelope::Token;
pub use token::expect::{DEFAULT_MAX_BYTES, Expect};
pub use token::head::Head;
pub use token::jwk::{Jwk, JwkSet};
