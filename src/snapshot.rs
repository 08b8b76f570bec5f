//! An opened snapshot: the facts of a verified token, and when they are valid. Deltas turn it into a later one.

use crate::error::{Code, Error};
use crate::facts::{Facts, Scope};
use crate::rules::capability::CapabilitySet;
use crate::token::claims::{Terms, VerifiedClaims, refuse_older};
use crate::token::envelope::{DELTA, SNAPSHOT, Token};
use crate::token::expect::Expect;
use crate::token::json::Span;
use crate::token::jwk::JwkSet;

/// Whether this is the checking module for member snapshots. The compiler then leaves out of it what only other scopes need.
pub(crate) const MEMBER_MODULE: bool = cfg!(member_module);

/// An opened snapshot: verified facts, and when they are valid.
pub struct Snapshot {
    pub(crate) facts: Facts,
    /// The facts as they were opened, and the changes applied since.
    documents: Vec<Span>,
    terms: Terms,
}

impl Snapshot {
    /// Opens a snapshot at `now` (Unix seconds).
    ///
    /// # Errors
    /// The code of the first step of §5 that fails. Nothing of the payload is read before the signature holds.
    pub fn open(token: Token, keys: &JwkSet, expect: &Expect, now: u64) -> Result<Snapshot, Error> {
        Snapshot::of(VerifiedClaims::open(token, SNAPSHOT, 0, keys, expect)?, expect, now)
    }

    /// Opens the snapshot of verified claims. The second value is a seed that nobody can choose.
    pub(crate) fn of((claims, seed): (VerifiedClaims, u64), expect: &Expect, now: u64) -> Result<Snapshot, Error> {
        let terms = claims.check(expect, now)?;
        if MEMBER_MODULE && terms.recipient.scope != Scope::Member {
            let reason = "the loaded module opens member snapshots only; `init()` loads the whole module";
            return Err(Error::at(Code::WrongScope, "scope", reason));
        }
        // §5 step 13: invalid_facts.
        let facts = Facts::resolve(claims.facts?, claims.reader.into_text(), &terms.recipient, seed)?;
        Ok(Snapshot { facts, documents: vec![claims.document], terms })
    }

    /// Turns this snapshot into the later one that a delta leads to, at the cost of the changes. It then answers as the later
    /// snapshot opened in full.
    ///
    /// # Errors
    /// As [`Snapshot::open`], and [`Code::WrongState`] unless the delta starts from exactly this snapshot. After an error this snapshot
    /// is unchanged; open the later one in full.
    pub fn apply(&mut self, delta: Token, keys: &JwkSet, expect: &Expect, now: u64) -> Result<(), Error> {
        let (claims, _) = VerifiedClaims::open(delta, DELTA, self.facts.end(), keys, expect)?;
        let terms = claims.check(expect, now)?;

        // §5 step 12a: wrong_organization.
        let organization = claims.text(claims.organization);
        if organization != Some(self.organization()) {
            return Err(Error::mismatch(Code::WrongOrganization, "organization.id", organization, self.organization()));
        }
        // §5 step 12b: rolled_back.
        refuse_older(terms.moment, self.terms.moment)?;
        // §5 step 12c: wrong_state. A delta starts from this epoch, this state, this scope and subject.
        if terms.moment.0 != self.epoch() {
            return Err(Error::at(Code::WrongState, "epoch", "the delta is of another epoch"));
        }
        let (version, state) = claims.from;
        if self.state().is_none() || (version, claims.text(state)) != (Some(self.version()), self.state()) {
            return Err(Error::at(Code::WrongState, "from", "the delta starts from another state"));
        }
        if (terms.recipient.scope, claims.text(terms.recipient.subject)) != (self.scope(), self.subject()) {
            return Err(Error::at(Code::WrongState, "scope", "the delta is of another scope or subject"));
        }
        // §5 step 12d: too_large.
        if self.facts.outgrown() {
            return Err(Error::new(Code::TooLarge, "the applied changes are larger than the snapshot: open the later one in full"));
        }
        // §5 step 13: invalid_facts.
        self.facts.put_changes(claims.facts?, &claims.reader.into_text(), &terms.recipient)?;

        self.documents.push(claims.document);
        self.terms = terms;
        Ok(())
    }

    /// Which facts it carries, and so for whom it answers.
    pub fn scope(&self) -> Scope {
        if MEMBER_MODULE { Scope::Member } else { self.terms.recipient.scope }
    }

    /// The user of a member snapshot; `None` in other scopes.
    pub fn subject(&self) -> Option<&str> {
        self.terms.recipient.subject.map(|subject| self.facts.text(subject))
    }

    /// The organization's id.
    pub fn organization(&self) -> &str {
        self.facts.organization()
    }

    /// The epoch of the organization's facts, 0 if the issuer gives none. An authority that goes back to an earlier state raises it.
    /// Every version of a later epoch is later.
    pub fn epoch(&self) -> u64 {
        self.terms.moment.0
    }

    /// The version of the organization's facts. It only grows within an epoch.
    pub fn version(&self) -> u64 {
        self.terms.moment.1
    }

    /// The name of these exact facts, if the issuer gave one.
    pub fn state(&self) -> Option<&str> {
        self.terms.state.map(|state| self.facts.text(state))
    }

    /// `iat`: the time of issue in Unix seconds, if the issuer gives it.
    pub fn issued_at(&self) -> Option<u64> {
        self.terms.issued_at
    }

    /// `exp`, Unix seconds. From then on, or later by the clock tolerance, everything is denied.
    pub fn expires_at(&self) -> u64 {
        self.terms.expires_at
    }

    /// The verified facts as JSON texts, as they were signed: first the opened facts, then the [`crate::document::Changes`] of each
    /// applied delta.
    pub fn documents(&self) -> impl Iterator<Item = &str> {
        self.documents.iter().map(|document| self.facts.text(*document))
    }

    /// The capabilities that the organization's plan withholds from everybody.
    pub fn withheld(&self) -> CapabilitySet {
        self.facts.withheld
    }

    /// Whether the snapshot may be used at `now` (Unix seconds).
    pub fn is_valid(&self, now: u64) -> bool {
        (self.terms.valid_from..self.terms.valid_until).contains(&now)
    }

    /// The interval in which the snapshot may be used: from inclusive, until exclusive, Unix seconds.
    #[cfg(lists)]
    pub(crate) fn validity(&self) -> (u64, u64) {
        (self.terms.valid_from, self.terms.valid_until)
    }

    /// The interval around `now` in which no answer changes by itself: from inclusive, until exclusive, Unix seconds.
    pub fn steady(&self, now: u64) -> (u64, u64) {
        let bounds = [self.terms.valid_from, self.terms.valid_until];
        let from = bounds.into_iter().filter(|at| *at <= now).fold(self.facts.last_change(now), u64::max);
        let until = bounds.into_iter().filter(|at| *at > now).fold(self.facts.next_change(now), u64::min);
        (from, until)
    }
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot")
            .field("organization", &self.organization())
            .field("scope", &self.scope())
            .field("epoch", &self.epoch())
            .field("version", &self.version())
            .finish_non_exhaustive()
    }
}
