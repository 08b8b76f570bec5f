//! The authority module: makes keys, signs snapshots, keeps the directory.

use js_sys::Array;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::{Tsify, seconds, thrown};
use crate::authority::issue::to_json;
use crate::document::{Audience, Organization};
use crate::{
    Access, Actor, Capability, Code, Command, CommandResult, Decided, Denied, Directory, Error, Event, Facts, Issue, Jwk, Preview,
    Projection, Refusal, SigningKey,
};

/// The claims of a snapshot besides the facts. Times are Unix seconds.
#[derive(Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
struct IssueClaims {
    /// The private key to sign with.
    key: Jwk,
    /// `iss`
    #[tsify(optional)]
    issuer: Option<String>,
    /// `aud`
    #[tsify(optional)]
    audience: Option<Audience>,
    /// `iat`
    issued_at: f64,
    /// `nbf`
    #[tsify(optional)]
    not_before: Option<u64>,
    /// `exp`
    expires_at: f64,
    /// The epoch of the organization's facts; 0 by default.
    #[tsify(optional)]
    epoch: Option<u64>,
    /// The version of the organization's facts, from 1. It only grows within an epoch.
    version: u64,
    /// Names these exact facts.
    #[tsify(optional)]
    state: Option<String>,
    /// `jti`
    #[tsify(optional)]
    id: Option<String>,
    /// The projection; `workspace` by default.
    #[tsify(optional)]
    scope: Option<Projection>,
}

/// Reads an object of the caller. The package has written it as JSON, so that no getter of the caller runs during a call. The error leaves
/// out the reason, because the reason would quote the option, and one option is a private key.
pub(super) fn from_json<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, JsValue> {
    serde_json::from_str(json).map_err(|_| thrown(Error::new(Code::InvalidOptions, "the options have the wrong form")))
}

pub(super) fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value.serialize(&serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true)).map_err(JsValue::from)
}

/// A private JWK from 32 bytes of entropy.
#[wasm_bindgen(unchecked_return_type = "Jwk")]
pub fn generate(entropy: &[u8], kid: Option<String>) -> Result<JsValue, JsValue> {
    let entropy = entropy.try_into().map_err(|_| thrown(Error::new(Code::InvalidOptions, "expected 32 bytes of entropy")))?;
    to_js(&SigningKey::from_entropy(entropy, kid).map_err(thrown)?.private_jwk())
}

/// Signs a snapshot of the facts, as JWS Compact.
#[wasm_bindgen]
pub fn issue(facts: String, claims: &str) -> Result<String, JsValue> {
    let facts = Facts::from_json(facts).map_err(thrown)?;
    let (issue, key) = read_claims(claims)?;
    issue.sign(&facts, &key).map_err(thrown)
}

/// The claims, and the key to sign them.
pub(super) fn read_claims(claims: &str) -> Result<(Issue, SigningKey), JsValue> {
    let claims: IssueClaims = from_json(claims)?;
    let key = SigningKey::from_jwk(&claims.key).map_err(thrown)?;
    let issue = Issue {
        issuer: claims.issuer,
        audience: claims.audience,
        issued_at: seconds(claims.issued_at),
        not_before: claims.not_before,
        expires_at: seconds(claims.expires_at),
        id: claims.id,
        epoch: claims.epoch.unwrap_or_default(),
        version: claims.version,
        state: claims.state,
        scope: claims.scope.unwrap_or_default(),
    };
    Ok((issue, key))
}

/// The payload and `header..signature` of a compact token.
#[wasm_bindgen]
pub fn detach(token: &str) -> Result<Vec<String>, JsValue> {
    let (payload, signature) = crate::detach(token).map_err(thrown)?;
    Ok(vec![payload, signature])
}

/// The outcome of a command: refused, or decided.
#[derive(Serialize, Tsify)]
#[serde(untagged)]
enum Outcome {
    Refused {
        refused: Refusal,
    },
    Decided {
        /// The event: to be stored, then applied.
        event: Event,
        /// The answer to the actor.
        result: CommandResult,
        /// The ids of the assistants whose gate snapshots may change.
        gates: Vec<String>,
        /// The ids of the users who are removed. Delete everything stored under them, because a later user may get the same id.
        gone: Vec<String>,
        /// The ids of the API keys that are revoked: as for users, a later key may get the same id.
        revoked: Vec<String>,
    },
}

/// What somebody may do with an assistant, or why they may not.
#[derive(Serialize, Tsify)]
#[serde(untagged)]
enum Reached {
    Denied { denied: Denied },
    Access(Access),
}

/// The outcome of a preview: refused, or the changes.
#[derive(Serialize, Tsify)]
#[serde(untagged)]
enum Previewed {
    Refused { refused: Refusal },
    Previewed(Preview),
}

/// The outcome of founding a directory: refused, or the first event.
#[derive(Serialize, Tsify)]
#[serde(untagged)]
enum Founding {
    Refused { refused: Refusal },
    Founded { event: Event },
}

#[wasm_bindgen(typescript_custom_section)]
const ACTOR: &str = r#"
/**
 * The giver of a command: a user; an API key for itself; a key on behalf of a user, by the rights of both, whichever are less; or the authority itself.
 */
export type Actor = { user: string; via?: string } | { key: string } | "system";
"#;

/// One of the events to be verified.
#[derive(Deserialize, Tsify)]
struct ChainedEvent {
    /// The event's text.
    text: String,
    /// Its sealed text, if that is to be verified too.
    #[tsify(optional)]
    sealed: Option<String>,
}

/// The first event of a directory of this organization.
#[wasm_bindgen(unchecked_return_type = "Founding")]
pub fn found(organization: &str, now: f64) -> Result<JsValue, JsValue> {
    let organization = Organization::from_json(organization).map_err(thrown)?;
    to_js(&match Directory::found(&organization, seconds(now)) {
        Ok((_, event)) => Founding::Founded { event },
        Err(refused) => Founding::Refused { refused },
    })
}

/// The normal form of an address; none for a text that is not an address.
#[wasm_bindgen]
pub fn normal_address(address: &str) -> Option<String> {
    crate::normal_address(address)
}

/// Reads an address that a person wrote.
#[wasm_bindgen(unchecked_return_type = "ReadAddress")]
pub fn read_address(written: &str) -> Result<JsValue, JsValue> {
    to_js(&crate::read_address(written))
}

/// Verifies that each event follows the one before, and returns the hash of the last event.
#[wasm_bindgen]
pub fn verify_chain(events: &str, previous: Option<String>) -> Result<String, JsValue> {
    let events: Vec<ChainedEvent> = from_json(events)?;
    let events = events.iter().map(|event| (event.text.as_str(), event.sealed.as_deref()));
    crate::verify_chain(events, previous.as_deref()).map_err(thrown)
}

/// The directory of one organization.
#[wasm_bindgen]
pub struct RawDirectory(pub(super) Directory);

#[wasm_bindgen]
impl RawDirectory {
    pub fn begin(event: &str) -> Result<RawDirectory, JsValue> {
        Directory::begin(&from_json(event)?).map(RawDirectory).map_err(thrown)
    }

    pub fn restore(dump: &str) -> Result<RawDirectory, JsValue> {
        Directory::restore(dump).map(RawDirectory).map_err(thrown)
    }

    pub fn dump(&self) -> Result<String, JsValue> {
        self.0.dump().map_err(thrown)
    }

    pub fn version(&self) -> f64 {
        self.0.version() as f64
    }

    pub fn epoch(&self) -> f64 {
        self.0.epoch() as f64
    }

    pub fn head(&self) -> String {
        self.0.head()
    }

    pub fn organization(&self) -> String {
        self.0.organization().to_owned()
    }

    pub fn state(&self, now: f64) -> String {
        self.0.state(seconds(now))
    }

    /// An `Outcome`, as JSON: one string crosses the boundary much faster than each member of an object. The command is JSON, and is read
    /// strictly.
    pub fn decide(&self, actor: &str, command: &str, now: f64, entropy: &[u8]) -> Result<String, JsValue> {
        let actor: Actor = from_json(actor)?;
        let entropy = entropy.try_into().map_err(|_| thrown(Error::new(Code::InvalidOptions, "expected 32 bytes of entropy")))?;
        let decided = Command::from_json(command).and_then(|command| self.0.decide(&actor, command, seconds(now), entropy));
        to_json(&match decided {
            Ok(Decided { event, result, gates, gone, revoked }) => Outcome::Decided { event, result, gates, gone, revoked },
            Err(refused) => Outcome::Refused { refused },
        })
        .map_err(thrown)
    }

    /// A `Previewed`, as JSON. The command is JSON too.
    pub fn preview(&mut self, actor: &str, command: &str, now: f64) -> Result<String, JsValue> {
        let actor: Actor = from_json(actor)?;
        let preview = Command::from_json(command).and_then(|command| self.0.preview(&actor, command, seconds(now)));
        to_json(&match preview {
            Ok(preview) => Previewed::Previewed(preview),
            Err(refused) => Previewed::Refused { refused },
        })
        .map_err(thrown)
    }

    pub fn apply(&mut self, event: &str) -> Result<(), JsValue> {
        self.0.apply(&from_json(event)?).map_err(thrown)
    }

    pub fn set_checkpoint(&mut self) -> Result<(), JsValue> {
        self.0.set_checkpoint().map_err(thrown)
    }

    pub fn release(&mut self) {
        self.0.release();
    }

    pub fn roll_back(&mut self) -> Result<(), JsValue> {
        self.0.roll_back().map_err(thrown)
    }

    /// The directory's `epoch`, `version` and `state` replace those of the claims.
    pub fn snapshot(&self, claims: &str) -> Result<String, JsValue> {
        let (issue, key) = read_claims(claims)?;
        self.0.snapshot(issue, &key).map_err(thrown)
    }

    /// As [`RawDirectory::snapshot`].
    pub fn delta(&mut self, from: f64, claims: &str) -> Result<String, JsValue> {
        let (issue, key) = read_claims(claims)?;
        self.0.delta(seconds(from), issue, &key).map_err(thrown)
    }

    /// As [`RawDirectory::snapshot`].
    pub fn head_token(&self, claims: &str) -> Result<String, JsValue> {
        let (issue, key) = read_claims(claims)?;
        self.0.head_token(issue, &key).map_err(thrown)
    }

    /// As [`RawDirectory::snapshot`], except for the version.
    pub fn assistant_head_token(&self, assistant: &str, version: f64, claims: &str) -> Result<String, JsValue> {
        let (issue, key) = read_claims(claims)?;
        self.0.assistant_head_token(assistant, seconds(version), issue, &key).map_err(thrown)
    }

    pub fn account(&self, issuer: &str, subject: &str) -> Option<String> {
        self.0.account(issuer, subject).map(str::to_owned)
    }

    /// A `DirectoryUser`, as JSON.
    pub fn user(&self, id: &str) -> Result<Option<String>, JsValue> {
        self.0.user(id).map(|user| to_json(&user).map_err(thrown)).transpose()
    }

    /// The name of a `Denied`; undefined if it is allowed.
    #[wasm_bindgen(unchecked_return_type = "Denied | undefined")]
    pub fn denied(&self, actor: &str, capability: &str, target: Option<String>, now: f64) -> Result<JsValue, JsValue> {
        let actor: Actor = from_json(actor)?;
        let denied = match Capability::from_name(capability) {
            Some(capability) => self.0.denied(&actor, capability, target.as_deref(), seconds(now)),
            None => Some(Denied::UnknownTarget),
        };
        Ok(denied.map_or(JsValue::UNDEFINED, |denied| denied.name().into()))
    }

    /// A `Reached`, as JSON.
    pub fn access(&self, actor: &str, assistant: &str, now: f64) -> Result<String, JsValue> {
        let reached = match self.0.access(&from_json(actor)?, assistant, seconds(now)) {
            Ok(access) => Reached::Access(access),
            Err(denied) => Reached::Denied { denied },
        };
        to_json(&reached).map_err(thrown)
    }

    pub fn holds_everything(&self, actor: &str, now: f64) -> Result<bool, JsValue> {
        Ok(self.0.holds_everything(&from_json(actor)?, seconds(now)))
    }

    /// The facts, as JSON.
    pub fn facts(&self) -> Result<String, JsValue> {
        to_json(&self.0.facts().seen_by_authority().lists()).map_err(thrown)
    }

    pub fn user_at(&self, email: &str) -> Option<String> {
        self.0.user_at(email).map(str::to_owned)
    }

    #[wasm_bindgen(unchecked_return_type = "PendingInvitation[]")]
    pub fn invitations(&self) -> Result<JsValue, JsValue> {
        to_js(&self.0.invitations())
    }

    #[wasm_bindgen(unchecked_return_type = "string[]")]
    pub fn public_assistants(&self) -> Array {
        self.0.public_assistants().into_iter().map(JsValue::from).collect()
    }

    pub fn is_public(&self, assistant: &str) -> bool {
        self.0.is_public(assistant)
    }

    /// A `DirectoryView`, as JSON.
    pub fn view(&self, actor: &str, now: f64) -> Result<String, JsValue> {
        to_json(&self.0.written_view(&from_json(actor)?, seconds(now)).map_err(thrown)?).map_err(thrown)
    }
}
