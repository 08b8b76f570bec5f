//! The checking module: opening snapshots, and questions to them.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::{Tsify, object, seconds, thrown};
use crate::rules::{Identity, LinkKey, Principal};
use crate::token::base64url;
use crate::{
    Because, Capability, CapabilitySet, Change, Code, Decision, Error, Expect, JwkSet, Kind, Presented, Scope, Session, Snapshot,
    Target, Token,
};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What a signed head says is current. Times are Unix seconds. */
export type Head = { organization: string; assistant?: string; epoch?: number; version: number; issuedAt?: number; expiresAt: number };
/** The answer with its reasons: every counting relation that grants it, or the first reason why nothing does. */
export type Decision = { allowed: true; because: Because[]; denied?: undefined } | { allowed: false; denied: Denied; because?: undefined };
"#;

/// The claims of a snapshot. Times are Unix seconds.
#[derive(Tsify)]
#[serde(rename_all = "camelCase")]
struct SnapshotInfo<'a> {
    scope: Scope,
    epoch: u64,
    version: u64,
    expires_at: u64,
    organization: &'a str,
    #[tsify(optional)]
    subject: Option<&'a str>,
    #[tsify(optional)]
    issued_at: Option<u64>,
    #[tsify(optional)]
    state: Option<&'a str>,
}

impl From<SnapshotInfo<'_>> for JsValue {
    fn from(info: SnapshotInfo<'_>) -> JsValue {
        object(&[
            ("scope", Some(info.scope.name().into())),
            ("epoch", Some(number(info.epoch))),
            ("version", Some(number(info.version))),
            ("expiresAt", Some(number(info.expires_at))),
            ("organization", Some(info.organization.into())),
            ("subject", info.subject.map(JsValue::from)),
            ("issuedAt", info.issued_at.map(number)),
            ("state", info.state.map(JsValue::from)),
        ])
    }
}

/// A JavaScript number. The core's numbers are all below 2^53, so it is exact.
fn number(number: u64) -> JsValue {
    JsValue::from(number as f64)
}

#[wasm_bindgen]
extern "C" {
    type Array;
    #[wasm_bindgen(constructor)]
    fn new() -> Array;
    #[wasm_bindgen(method)]
    fn push(this: &Array, value: &JsValue);
}

fn list(items: impl Iterator<Item = JsValue>) -> JsValue {
    let array = Array::new();
    for item in items {
        array.push(&item);
    }
    array.into()
}

impl From<Decision> for JsValue {
    fn from(decision: Decision) -> JsValue {
        let reason = |because: &Because| {
            object(&[
                ("relation", Some(because.relation.name().into())),
                ("role", because.role.as_deref().map(JsValue::from)),
                ("team", because.team.as_deref().map(JsValue::from)),
            ])
        };
        object(&match &decision {
            Decision::Allowed(because) => [("allowed", Some(JsValue::TRUE)), ("because", Some(list(because.iter().map(reason))))],
            Decision::Denied(denied) => [("allowed", Some(JsValue::FALSE)), ("denied", Some(denied.name().into()))],
        })
    }
}

impl From<&Change> for JsValue {
    fn from(change: &Change) -> JsValue {
        let names = |set: CapabilitySet| list(set.iter().map(|capability| capability.name().into()));
        object(&[
            ("user", Some((&*change.user).into())),
            ("kind", Some(change.kind.name().into())),
            ("target", change.target.as_deref().map(JsValue::from)),
            ("gained", Some(names(change.gained))),
            ("lost", Some(names(change.lost))),
        ])
    }
}

/// Every capability as `kind name`, one a line, grouped by kind. Its bit in an answer is its index within its kind.
#[wasm_bindgen]
pub fn capability_table() -> String {
    let mut table = String::new();
    for capability in Capability::ALL {
        table.push_str(capability.kind().name());
        table.push(' ');
        table.push_str(capability.name());
        table.push('\n');
    }
    table
}

/// Opens a snapshot: `token` is a compact token, or with `signature` the payload of a detached one. It is passed as bytes, because a
/// long string is copied more slowly. `keys` is a JWK Set and `expect` an `Expect`, both as JSON for the core's own reader: another
/// way of passing them is four times the size.
#[wasm_bindgen]
pub fn open(token: Vec<u8>, signature: Option<String>, keys: &str, expect: &str, now: f64) -> Result<RawSnapshot, JsValue> {
    let (token, keys, expect) = given(token, signature, keys, expect).map_err(thrown)?;
    Ok(RawSnapshot::of(Snapshot::open(token, &keys, &expect, seconds(now)).map_err(thrown)?))
}

/// Opens a head. The parameters are those of `open`.
#[cfg(not(member_module))]
#[wasm_bindgen(unchecked_return_type = "Head")]
pub fn open_head(token: Vec<u8>, signature: Option<String>, keys: &str, expect: &str, now: f64) -> Result<JsValue, JsValue> {
    let (token, keys, expect) = given(token, signature, keys, expect).map_err(thrown)?;
    Ok(head_object(crate::Head::open(token, &keys, &expect, seconds(now)).map_err(thrown)?))
}

/// A head as a JavaScript object.
#[cfg(not(member_module))]
pub(super) fn head_object(head: crate::Head) -> JsValue {
    object(&[
        ("organization", Some(head.organization.into())),
        ("assistant", head.assistant.map(JsValue::from)),
        ("epoch", (head.epoch > 0).then(|| number(head.epoch))),
        ("version", Some(number(head.version))),
        ("issuedAt", head.issued_at.map(number)),
        ("expiresAt", Some(number(head.expires_at))),
    ])
}

/// The token, the keys and the expectations from the parameters of `open`.
pub(super) fn given(token: Vec<u8>, signature: Option<String>, keys: &str, expect: &str) -> Result<(Token, JwkSet, Expect), Error> {
    let keys = JwkSet::from_json(keys)?;
    let expect = Expect::from_json(expect)?;
    let token = String::from_utf8(token).map_err(|_| Error::new(Code::Malformed, "the token is not UTF-8"))?;
    let token = match signature {
        None => Token::Compact(token),
        Some(signature) => Token::Detached { payload: token, signature },
    };
    Ok((token, keys, expect))
}

/// A snapshot shared with its principals; `None` once it is freed. Boxed, so that a principal that outlives it keeps little memory.
type Shared = Rc<RefCell<Option<Box<Snapshot>>>>;

fn with<T>(shared: &Shared, ask: impl FnOnce(&Snapshot) -> Result<T, JsValue>) -> Result<T, JsValue> {
    match shared.try_borrow().as_deref() {
        Ok(Some(snapshot)) => ask(snapshot),
        _ => Err(freed()),
    }
}

fn freed() -> JsValue {
    thrown(Error::new(Code::Freed, "the snapshot was freed"))
}

fn capability(number: u8) -> Result<Capability, JsValue> {
    let found = Capability::ALL.get(usize::from(number)).copied();
    found.ok_or_else(|| thrown(Error::new(Code::InvalidOptions, "there is no such capability")))
}

/// The kind of a number, as the package counts kinds.
fn kind_of(number: u8) -> Option<Kind> {
    [Kind::Organization, Kind::Team, Kind::Project, Kind::Assistant].get(usize::from(number)).copied()
}

/// The capabilities of a kind, its first one in bit 0. The capabilities of a kind have consecutive numbers.
fn bits_of(kind: Kind, held: CapabilitySet) -> i32 {
    (held.bits() >> CapabilitySet::of_kind(kind).bits().trailing_zeros()) as i32
}

/// The ids, one a line.
fn lines<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    let mut lines = String::new();
    for id in ids {
        if !lines.is_empty() {
            lines.push('\n');
        }
        lines.push_str(id);
    }
    lines
}

/// An opened snapshot.
#[wasm_bindgen]
pub struct RawSnapshot(Shared);

impl RawSnapshot {
    pub(super) fn of(snapshot: Snapshot) -> RawSnapshot {
        RawSnapshot(Rc::new(RefCell::new(Some(Box::new(snapshot)))))
    }
}

#[wasm_bindgen]
impl RawSnapshot {
    #[wasm_bindgen(unchecked_return_type = "SnapshotInfo")]
    pub fn info(&self) -> Result<JsValue, JsValue> {
        with(&self.0, |snapshot| {
            let info = SnapshotInfo {
                scope: snapshot.scope(),
                epoch: snapshot.epoch(),
                version: snapshot.version(),
                expires_at: snapshot.expires_at(),
                organization: snapshot.organization(),
                subject: snapshot.subject(),
                issued_at: snapshot.issued_at(),
                state: snapshot.state(),
            };
            Ok(info.into())
        })
    }

    /// Applies a delta. The parameters are those of `open`.
    pub fn apply(&self, delta: Vec<u8>, signature: Option<String>, keys: &str, expect: &str, now: f64) -> Result<(), JsValue> {
        let (delta, keys, expect) = given(delta, signature, keys, expect).map_err(thrown)?;
        match self.0.try_borrow_mut().as_deref_mut() {
            Ok(Some(snapshot)) => snapshot.apply(delta, &keys, &expect, seconds(now)).map_err(thrown),
            _ => Err(freed()),
        }
    }

    pub fn documents(&self) -> Result<Vec<String>, JsValue> {
        with(&self.0, |snapshot| Ok(snapshot.documents().map(str::to_owned).collect()))
    }

    pub fn principal(&self, user: Option<String>, link: Option<String>, origin: Option<String>) -> Result<RawPrincipal, JsValue> {
        with(&self.0, |snapshot| {
            let presented = Presented { user: user.as_deref(), link: link.as_deref(), origin: origin.as_deref() };
            let link = snapshot.principal(presented).map_err(thrown)?.link;
            Ok(RawPrincipal { snapshot: self.0.clone(), user, link, origin })
        })
    }

    /// The digest of a share-link key, as snapshots contain it; `None` for a text that is not a key.
    pub fn digest(&self, link: &str) -> Result<Option<String>, JsValue> {
        with(&self.0, |snapshot| {
            let presented = Presented { link: Some(link), ..Presented::default() };
            let Some(LinkKey(Some(digest))) = snapshot.principal(presented).map_err(thrown)?.link else {
                return Ok(None);
            };
            let mut text = Vec::new();
            base64url::encode(&digest, &mut text);
            Ok(String::from_utf8(text).ok())
        })
    }

    /// The visitor who presented the key of this digest.
    pub fn holder(&self, digest: &str) -> RawPrincipal {
        let link = Some(LinkKey(base64url::decode_32(digest)));
        RawPrincipal { snapshot: self.0.clone(), user: None, link, origin: None }
    }

    /// The interval in which no answer changes by itself: from inclusive, until exclusive.
    pub fn steady(&self, now: f64) -> Result<Vec<f64>, JsValue> {
        with(&self.0, |snapshot| {
            let (from, until) = snapshot.steady(seconds(now));
            Ok(vec![from as f64, until as f64])
        })
    }

    /// The ids of the targets of a kind, sorted, one a line.
    pub fn ids(&self, kind: u8) -> Result<String, JsValue> {
        with(&self.0, |snapshot| Ok(kind_of(kind).map(|kind| lines(snapshot.ids(kind))).unwrap_or_default()))
    }

    /// The ids of the users, one a line.
    pub fn who_can(&self, number: u8, id: Option<String>, now: f64) -> Result<String, JsValue> {
        with(&self.0, |snapshot| {
            Ok(lines(snapshot.who_can(capability(number)?, id.as_deref(), seconds(now)).map_err(thrown)?.into_iter()))
        })
    }

    #[wasm_bindgen(unchecked_return_type = "Change[]")]
    pub fn diff(&self, older: &RawSnapshot, now: f64) -> Result<JsValue, JsValue> {
        if !now.is_finite() {
            return Err(thrown(Error::at(Code::InvalidOptions, "now", "is not a time")));
        }
        with(&self.0, |snapshot| {
            with(&older.0, |older| Ok(list(snapshot.diff(older, seconds(now)).map_err(thrown)?.iter().map(JsValue::from))))
        })
    }

    /// Frees the memory, even while principals refer to the snapshot.
    pub fn release(&self) {
        if let Ok(mut snapshot) = self.0.try_borrow_mut() {
            *snapshot = None;
        }
    }
}

/// One principal of a snapshot.
#[wasm_bindgen]
pub struct RawPrincipal {
    snapshot: Shared,
    user: Option<String>,
    link: Option<LinkKey>,
    origin: Option<String>,
}

#[wasm_bindgen]
impl RawPrincipal {
    fn ask<T>(&self, ask: impl FnOnce(Session<'_>) -> Result<T, JsValue>) -> Result<T, JsValue> {
        let principal = Principal { identity: Identity::Visitor, link: self.link, origin: self.origin.as_deref() };
        with(&self.snapshot, |snapshot| ask(snapshot.resume(self.user.as_deref(), principal)))
    }

    /// The capabilities held on a target of a kind, as bits in the order of the table.
    pub fn held(&self, kind: u8, id: Option<String>, now: f64) -> Result<i32, JsValue> {
        self.ask(|session| {
            let Some(kind) = kind_of(kind) else { return Ok(0) };
            let target = Target::of(kind, id.as_deref());
            Ok(target.map_or(0, |target| bits_of(kind, session.capabilities(target, seconds(now)))))
        })
    }

    #[wasm_bindgen(unchecked_return_type = "Decision")]
    pub fn check(&self, capability: &str, id: Option<String>, now: f64) -> Result<JsValue, JsValue> {
        self.ask(|session| Ok(session.check_name(capability, id.as_deref(), seconds(now)).into()))
    }

    /// The capabilities held on every target of a kind, in the order of the ids.
    pub fn held_everywhere(&self, kind: u8, now: f64) -> Result<Vec<i32>, JsValue> {
        self.ask(|session| {
            let Some(kind) = kind_of(kind) else { return Ok(Vec::new()) };
            Ok(session.everywhere(kind, seconds(now)).map(|held| bits_of(kind, held)).collect())
        })
    }

    /// The number of the [`Bound`](crate::Bound) that stands in the way, counted from 1; 0 if none does. With `now`, the principal must
    /// also hold `user.assign_role`.
    pub fn role_bound(&self, user: Option<String>, role: Option<String>, now: Option<f64>) -> Result<u8, JsValue> {
        self.ask(|session| {
            let (user, role) = (user.as_deref(), role.as_deref());
            let assignable = |now| session.can_assign_role(user.unwrap_or_default(), role.unwrap_or_default(), seconds(now));
            Ok(match now {
                Some(now) => u8::from(!assignable(now)),
                None => session.role_bound(user, role).map_or(0, |bound| bound as u8 + 1),
            })
        })
    }
}
