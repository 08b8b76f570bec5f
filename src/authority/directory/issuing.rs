//! Signing the state of a directory: snapshots, deltas and heads.

use super::Directory;
use super::recent::RecentEvent;
use crate::authority::delta::{self, Transition};
use crate::authority::issue::{DetachedSnapshot, Issue, Projection, SigningKey};
use crate::document::Base;
use crate::error::{Code, Error};

impl Directory {
    /// The `state` claim of a workspace or member snapshot issued at `now` (Unix seconds). It names the exact facts: the history, and the
    /// expiries that have passed. The state of a gate snapshot depends on its assistants too.
    pub fn state(&self, now: u64) -> String {
        delta::state(&self.latest.head, &self.facts, &Projection::Workspace, now)
    }

    /// The same request with the directory's epoch, version and state. A snapshot about one assistant has no state: no delta continues it.
    fn current(&self, issue: Issue) -> Issue {
        let state = !matches!(issue.scope, Projection::MemberAt { .. });
        let state = state.then(|| delta::state(&self.latest.head, &self.facts, &issue.scope, issue.issued_at));
        Issue { epoch: self.epoch, version: self.latest.version, state, ..issue }
    }

    /// Signs a snapshot of the present facts. Epoch, version and state are the directory's, not those of `issue`.
    ///
    /// # Errors
    /// As [`Issue::sign`].
    pub fn snapshot(&self, issue: Issue, key: &SigningKey) -> Result<String, Error> {
        self.current(issue).sign(&self.facts, key)
    }

    /// Signs a snapshot as [`Directory::snapshot`] does, detached and in pieces.
    ///
    /// # Errors
    /// As [`Issue::sign`].
    pub fn detached_snapshot(&self, issue: Issue, key: &SigningKey) -> Result<DetachedSnapshot, Error> {
        self.current(issue).sign_detached(&self.facts, key)
    }

    /// Signs a delta: it turns a snapshot of version `from` and the same scope into the present one. A delta from the present version
    /// renews the times.
    ///
    /// # Errors
    /// [`Code::DeltaUnavailable`] if the events since `from` are no longer kept, or the reader was not a user all the time; otherwise as
    /// [`Issue::sign`].
    pub fn delta(&mut self, from: u64, issue: Issue, key: &SigningKey) -> Result<String, Error> {
        let unavailable = || Error::new(Code::DeltaUnavailable, format!("there is no delta from version {from}"));
        let events: Vec<&RecentEvent> =
            if from == self.latest.version { Vec::new() } else { self.recent.since(from).ok_or_else(unavailable)?.collect() };
        let head = events.first().map_or(self.latest.head, |event| event.from);
        let transitions: Vec<Transition<'_>> =
            events.iter().map(|event| Transition { before: &event.before, after: &event.after }).collect();
        let delta = delta::between(&mut self.facts, &transitions, &head, &issue.scope, issue.issued_at);
        self.facts.compact_when_due();
        let (changes, state) = delta.map_err(|error| if error.code() == Code::UnknownUser { unavailable() } else { error })?;
        self.current(issue).sign_delta(Base { version: from, state }, changes, &self.facts, key)
    }

    /// Signs a head: the claim that the present version is current.
    ///
    /// # Errors
    /// As [`Issue::sign`].
    pub fn head_token(&self, issue: Issue, key: &SigningKey) -> Result<String, Error> {
        self.current(Issue { scope: Projection::Workspace, ..issue }).sign_head(None, &self.facts, key)
    }

    /// Signs a head of an assistant. `version` is that of the last event that changed its gate snapshot: a service stores it from
    /// [`super::Decided::gates`].
    ///
    /// # Errors
    /// As [`Issue::sign`]; [`Code::InvalidOptions`] for a version later than the directory's, or an assistant that is not public.
    pub fn assistant_head_token(&self, assistant: &str, version: u64, issue: Issue, key: &SigningKey) -> Result<String, Error> {
        if !self.is_public(assistant) {
            return Err(Error::at(Code::InvalidOptions, "assistant.id", "no public assistant has this id"));
        }
        if version > self.latest.version {
            return Err(Error::at(Code::InvalidOptions, "assistant.version", "is later than the directory's"));
        }
        let issue = self.current(Issue { scope: Projection::Workspace, ..issue });
        Issue { version, state: None, ..issue }.sign_head(Some(assistant.to_owned()), &self.facts, key)
    }
}
