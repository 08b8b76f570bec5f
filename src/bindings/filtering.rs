//! List filters: conditions from a directory, and from opened snapshots.

use wasm_bindgen::prelude::*;

use super::authority::{RawDirectory, from_json};
use super::{seconds, thrown};
use crate::authority::issue::to_json;
use crate::{Capability, Code, Condition, Error, Expect, JwkSet, Presented, Snapshot, Token};

/// The token, the keys and the expectations from the parameters of the checking module's `open`. That module has these lines of its own: one
/// function in both would move others in it, and pages would download some bytes more.
fn given(token: Vec<u8>, signature: Option<String>, keys: &str, expect: &str) -> Result<(Token, JwkSet, Expect), JsValue> {
    let token = String::from_utf8(token).map_err(|_| thrown(Error::new(Code::Malformed, "the token is not UTF-8")))?;
    let token = match signature {
        None => Token::Compact(token),
        Some(signature) => Token::Detached { payload: token, signature },
    };
    Ok((token, JwkSet::from_json(keys).map_err(thrown)?, Expect::from_json(expect).map_err(thrown)?))
}

/// The condition as JSON. A capability that is not in the list holds nowhere.
fn answered(capability: &str, condition: impl FnOnce(Capability) -> Condition) -> Result<String, JsValue> {
    let known = Capability::from_name(capability);
    to_json(&known.map_or(Condition::None { until: None }, condition)).map_err(thrown)
}

#[wasm_bindgen]
impl RawDirectory {
    /// A `Condition`, as JSON.
    pub fn condition(&self, actor: &str, capability: &str, now: f64) -> Result<String, JsValue> {
        let actor = from_json(actor)?;
        answered(capability, |capability| self.0.condition(&actor, capability, seconds(now)))
    }
}

/// An opened snapshot, for conditions alone.
#[wasm_bindgen]
pub struct RawListSnapshot(Snapshot);

#[wasm_bindgen]
impl RawListSnapshot {
    /// Opens a snapshot. The parameters are those of the checking module's `open`.
    pub fn open(token: Vec<u8>, signature: Option<String>, keys: &str, expect: &str, now: f64) -> Result<RawListSnapshot, JsValue> {
        let (token, keys, expect) = given(token, signature, keys, expect)?;
        Snapshot::open(token, &keys, &expect, seconds(now)).map(RawListSnapshot).map_err(thrown)
    }

    /// Applies a delta.
    pub fn apply(&mut self, delta: Vec<u8>, signature: Option<String>, keys: &str, expect: &str, now: f64) -> Result<(), JsValue> {
        let (delta, keys, expect) = given(delta, signature, keys, expect)?;
        self.0.apply(delta, &keys, &expect, seconds(now)).map_err(thrown)
    }

    pub fn organization(&self) -> String {
        self.0.organization().to_owned()
    }

    pub fn subject(&self) -> Option<String> {
        self.0.subject().map(str::to_owned)
    }

    pub fn epoch(&self) -> f64 {
        self.0.epoch() as f64
    }

    pub fn version(&self) -> f64 {
        self.0.version() as f64
    }

    pub fn expires_at(&self) -> f64 {
        self.0.expires_at() as f64
    }

    /// Refuses principals for whom the snapshot does not answer.
    pub fn answers_for(&self, user: Option<String>, link: Option<String>, origin: Option<String>) -> Result<(), JsValue> {
        let presented = Presented { user: user.as_deref(), link: link.as_deref(), origin: origin.as_deref() };
        self.0.session(presented).map(|_| ()).map_err(thrown)
    }

    /// A `Condition`, as JSON.
    pub fn condition(
        &self,
        user: Option<String>,
        link: Option<String>,
        origin: Option<String>,
        capability: &str,
        now: f64,
    ) -> Result<String, JsValue> {
        let presented = Presented { user: user.as_deref(), link: link.as_deref(), origin: origin.as_deref() };
        let session = self.0.session(presented).map_err(thrown)?;
        answered(capability, |capability| session.condition(capability, seconds(now)))
    }
}
