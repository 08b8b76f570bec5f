//! The authority module: make keys, sign snapshots.

use serde::Deserialize;
use tsify::Tsify;
use wasm_bindgen::prelude::*;

use super::{seconds, thrown, to_js};
use crate::document::Audience;
use crate::{Code, Error, Facts, Issue, Jwk, Projection, SigningKey};

/// What a snapshot is to say besides the facts. Times are Unix seconds.
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
    /// The version of the organization's facts, from 1, only growing.
    version: u64,
    /// Names these exact facts.
    #[tsify(optional)]
    state: Option<String>,
    /// `jti`
    #[tsify(optional)]
    id: Option<String>,
    /// What of the facts, and for whom; everything by default.
    #[tsify(optional)]
    scope: Option<Projection>,
}

/// The reason is left out: it would repeat what a wrong option held, and one of them is a private key.
fn from_js<T: serde::de::DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value)
        .map_err(|_| thrown(Error::new(Code::InvalidOptions, "the options are not what they should be")))
}

/// A private JWK from 32 bytes of entropy.
#[wasm_bindgen(unchecked_return_type = "Jwk")]
pub fn generate(entropy: &[u8], kid: Option<String>) -> Result<JsValue, JsValue> {
    let entropy = entropy.try_into().map_err(|_| thrown(Error::new(Code::InvalidOptions, "expected 32 bytes of entropy")))?;
    to_js(&SigningKey::from_entropy(entropy, kid).map_err(thrown)?.private_jwk())
}

/// Signs a snapshot of the facts, as JWS Compact.
#[wasm_bindgen]
pub fn issue(facts: String, #[wasm_bindgen(unchecked_param_type = "IssueClaims")] claims: JsValue) -> Result<String, JsValue> {
    let claims: IssueClaims = from_js(claims)?;
    let key = SigningKey::from_jwk(&claims.key).map_err(thrown)?;
    let facts = Facts::from_json(facts).map_err(thrown)?;
    let issue = Issue {
        issuer: claims.issuer,
        audience: claims.audience,
        issued_at: seconds(claims.issued_at),
        not_before: claims.not_before,
        expires_at: seconds(claims.expires_at),
        id: claims.id,
        version: claims.version,
        state: claims.state,
        scope: claims.scope.unwrap_or_default(),
    };
    issue.sign(&facts, &key).map_err(thrown)
}

/// The payload and `header..signature` of a compact token.
#[wasm_bindgen]
pub fn detach(token: &str) -> Result<Vec<String>, JsValue> {
    let (payload, signature) = crate::detach(token).map_err(thrown)?;
    Ok(vec![payload, signature])
}
