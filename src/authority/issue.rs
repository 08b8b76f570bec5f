//! Issuing snapshots: facts are read strictly, projected and signed.

use base64ct::{Base64UrlUnpadded, Encoding};
use ed25519_dalek::Signer;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::authority::misspelt::no_such_field;
use crate::document::{Audience, Base, Changes, Claims, Organization};
use crate::error::{Code, Error};
use crate::facts::{self, Facts, MAX_ISSUED_TIME, RawFacts, Scope};
use crate::token::envelope::{DELTA, HEAD, SNAPSHOT};
use crate::token::json::{JsonFaultDetails, JsonReader, MAX_INTEGER, PASSING};
use crate::token::jwk::{Jwk, is_ed25519};

impl Facts {
    /// Reads and validates the facts of a workspace from JSON. It is stricter than opening a snapshot: unknown fields, unknown capabilities,
    /// times in milliseconds and the ids `.` and `..` are refused.
    ///
    /// # Errors
    /// [`Code::Malformed`] if the text is not JSON; [`Code::InvalidFacts`] with the path of the first fault.
    pub fn from_json(json: String) -> Result<Facts, Error> {
        Facts::read(json, |reader, partial| {
            let raw = read_given(reader, partial)?;
            let refused = |path: String| Error::at(Code::InvalidFacts, path.as_str(), "new ids cannot be `.` or `..`");
            raw.refused_id(reader).map_or(Ok(raw), |path| Err(refused(path)))
        })
    }

    /// Reads stored facts. A later version may have stored them: unknown fields are ignored.
    pub(crate) fn from_stored(json: String) -> Result<Facts, Error> {
        Facts::read(json, read_stored)
    }

    fn read(json: String, read: impl Fn(&mut JsonReader, bool) -> Result<RawFacts, Error>) -> Result<Facts, Error> {
        let seed = u64::from_le_bytes(Sha256::digest(&json).first_chunk().copied().unwrap_or_default());
        let mut reader = JsonReader::behind(PASSING, json);
        let raw = read(&mut reader, false)?;
        Facts::gather(raw, reader.into_text(), &WORKSPACE, seed)
    }

    /// Changes the facts of a workspace by [`crate::document::Changes`] as JSON: all of them or, after an error, none. The cost is linear in
    /// the change.
    ///
    /// # Errors
    /// As [`Facts::from_json`].
    pub fn amend(&mut self, changes: String) -> Result<(), Error> {
        let mut reader = JsonReader::behind(PASSING, changes);
        let raw = read_given(&mut reader, true)?;
        self.put_passing(raw, reader.into_text(), &WORKSPACE)
    }

    /// Reads and validates the facts of a document.
    ///
    /// # Errors
    /// As [`Facts::from_json`].
    pub fn from_document(document: &Organization) -> Result<Facts, Error> {
        Facts::from_json(to_json(document)?)
    }
}

impl Organization {
    /// Reads an organization from JSON, as strictly as [`Facts::from_json`]. `Deserialize` alone ignores unknown fields, so that documents of
    /// later versions can be read.
    ///
    /// # Errors
    /// As [`Facts::from_json`].
    pub fn from_json(json: &str) -> Result<Organization, Error> {
        Facts::from_json(json.to_owned())?;
        serde_json::from_str(json).map_err(|_| Error::new(Code::InvalidFacts, "the facts are not those of an organization"))
    }
}

const WORKSPACE: facts::Recipient = facts::Recipient { scope: Scope::Workspace, subject: None };

fn unreadable(fault: &JsonFaultDetails) -> Error {
    let code = if fault.syntax { Code::Malformed } else { Code::InvalidFacts };
    Error::at(code, &*fault.path, &fault.reason)
}

/// Reads facts of a caller: unknown fields are refused.
fn read_given(reader: &mut JsonReader, partial: bool) -> Result<RawFacts, Error> {
    let read = read_stored(reader, partial);
    match (read, reader.unknown_field()) {
        // A misspelt field causes a second error, a missing one: the misspelling is reported.
        (Err(fault), Some(field)) if fault.code() != Code::Malformed => Err(no_such_field(field, partial)),
        (Ok(_), Some(field)) => Err(no_such_field(field, partial)),
        (read, _) => read,
    }
}

/// Reads stored facts: unknown fields are ignored.
fn read_stored(reader: &mut JsonReader, partial: bool) -> Result<RawFacts, Error> {
    let raw = RawFacts::read(reader, partial).and_then(|raw| reader.finish().map(|()| raw)).map_err(|fault| unreadable(&fault))?;
    raw.unissuable().map_or(Ok(()), |(path, reason)| Err(Error::at(Code::InvalidFacts, path.as_str(), reason)))?;
    Ok(raw)
}

pub(crate) fn to_json(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::new(Code::InvalidOptions, error.to_string()))
}

/// A private key that signs snapshots.
pub struct SigningKey {
    kid: String,
    key: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// A key from 32 bytes of entropy from a cryptographically secure source. Without a `kid`, the key is named by its thumbprint (RFC 7638).
    ///
    /// # Errors
    /// [`Code::InvalidKey`] if the `kid` is empty or longer than 256 bytes. (The header of a snapshot has a limit.)
    pub fn from_entropy(entropy: &[u8; 32], kid: Option<String>) -> Result<SigningKey, Error> {
        if kid.as_ref().is_some_and(|kid| !(1..=256).contains(&kid.len())) {
            return Err(Error::at(Code::InvalidKey, "kid", "expected 1 to 256 bytes"));
        }
        let key = ed25519_dalek::SigningKey::from_bytes(entropy);
        let kid = kid.unwrap_or_else(|| {
            let x = Base64UrlUnpadded::encode_string(key.verifying_key().as_bytes());
            let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
            Base64UrlUnpadded::encode_string(&Sha256::digest(members))
        });
        Ok(SigningKey { kid, key })
    }

    /// The key of a private JWK.
    ///
    /// # Errors
    /// [`Code::InvalidKey`] unless the JWK is an OKP Ed25519 key with `kid` and `d`, and `d` is the private key of `x`.
    pub fn from_jwk(jwk: &Jwk) -> Result<SigningKey, Error> {
        let fault = |path: &str, reason: &str| Error::at(Code::InvalidKey, path, reason);
        if jwk.kty != "OKP" || jwk.crv.as_deref() != Some("Ed25519") || jwk.alg.as_deref().is_some_and(|alg| !is_ed25519(alg)) {
            return Err(fault("kty", "expected an OKP key on Ed25519"));
        }
        let kid = jwk.kid.clone().ok_or_else(|| fault("kid", "missing"))?;
        let mut entropy = [0; 32];
        let private = jwk.d.as_deref().ok_or_else(|| fault("d", "missing: this is not a private key"))?;
        match Base64UrlUnpadded::decode(private, &mut entropy) {
            Ok(decoded) if decoded.len() == 32 => {}
            _ => return Err(fault("d", "expected 32 bytes in base64url")),
        }
        let key = SigningKey::from_entropy(&entropy, Some(kid))?;
        if jwk.x.is_some() && jwk.x != key.public_jwk().x {
            return Err(fault("x", "is not the public key of `d`"));
        }
        Ok(key)
    }

    /// The public key, for the JWK Set of verifiers.
    pub fn public_jwk(&self) -> Jwk {
        Jwk {
            kty: "OKP".to_owned(),
            crv: Some("Ed25519".to_owned()),
            x: Some(Base64UrlUnpadded::encode_string(self.key.verifying_key().as_bytes())),
            d: None,
            kid: Some(self.kid.clone()),
            alg: Some("EdDSA".to_owned()),
            usage: Some("sig".to_owned()),
            key_ops: None,
        }
    }

    /// The private key. It is a secret: its holder can sign any permissions.
    pub fn private_jwk(&self) -> Jwk {
        Jwk { d: Some(Base64UrlUnpadded::encode_string(self.key.as_bytes())), ..self.public_jwk() }
    }

    /// Signs a payload as JWS Compact.
    fn sign(&self, typ: &str, payload: &str) -> Result<String, Error> {
        #[derive(Serialize)]
        struct Header<'a> {
            alg: &'static str,
            typ: &'a str,
            kid: &'a str,
        }
        let header = to_json(&Header { alg: "EdDSA", typ, kid: &self.kid })?;
        let mut token = Base64UrlUnpadded::encode_string(header.as_bytes());
        token.push('.');
        token.push_str(&Base64UrlUnpadded::encode_string(payload.as_bytes()));
        let signature = self.key.sign(token.as_bytes());
        token.push('.');
        token.push_str(&Base64UrlUnpadded::encode_string(&signature.to_bytes()));
        Ok(token)
    }
}

/// Shows only the `kid`.
impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// The projection to issue. Exhaustive: the format (§5) fixes the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub enum Projection {
    /// Everything.
    #[default]
    Workspace,
    /// Everything except the digests of links, for the screens of administrators: a workspace snapshot in which no link key matches.
    Overview,
    /// The facts that this user may see: a user id.
    Member(String),
    /// The public ones of these assistants: assistant ids.
    Gate(Vec<String>),
}

impl Projection {
    fn scope(&self) -> Scope {
        match self {
            Projection::Workspace | Projection::Overview => Scope::Workspace,
            Projection::Member(_) => Scope::Member,
            Projection::Gate(_) => Scope::Gate,
        }
    }
}

/// The claims of a snapshot besides the facts. Times are Unix seconds.
#[derive(Clone, Debug, Default)]
pub struct Issue {
    /// `iss`
    pub issuer: Option<String>,
    /// `aud`
    pub audience: Option<Audience>,
    /// `iat`; also the time of the projection.
    pub issued_at: u64,
    /// `nbf`
    pub not_before: Option<u64>,
    /// `exp`: from this time on the snapshot denies everything (later by the reader's clock tolerance).
    pub expires_at: u64,
    /// `jti`
    pub id: Option<String>,
    /// The epoch of the organization's facts. It is raised after the authority was restored to an earlier state.
    pub epoch: u64,
    /// The version of the organization's facts, from 1. It only grows within an epoch.
    pub version: u64,
    /// The `state` claim: the name of these exact facts, for deltas.
    pub state: Option<String>,
    /// The projection.
    pub scope: Projection,
}

impl Issue {
    /// Signs a snapshot of the facts, as JWS Compact.
    ///
    /// # Errors
    /// [`Code::InvalidOptions`] with the claim that is out of range; [`Code::UnknownUser`] for a member who is not in the facts.
    pub fn sign(&self, facts: &Facts, key: &SigningKey) -> Result<String, Error> {
        self.check()?;
        let organization = match &self.scope {
            Projection::Workspace => facts.workspace(),
            Projection::Overview => facts.overview(),
            Projection::Member(user) => facts.member(user, self.issued_at)?,
            Projection::Gate(assistants) => facts.gate(&assistants.iter().map(String::as_str).collect::<Vec<_>>()),
        };
        key.sign(SNAPSHOT, &to_json(&self.claims(self.scope.scope(), None, organization))?)
    }

    /// Signs a delta: it turns the snapshot of the same scope at `from` into the present one.
    pub(crate) fn sign_delta(&self, from: Base, changes: Changes, facts: &Facts, key: &SigningKey) -> Result<String, Error> {
        self.check()?;
        let organization = Changed { id: facts.organization(), changes };
        key.sign(DELTA, &to_json(&self.claims(self.scope.scope(), Some(from), organization))?)
    }

    /// Signs a head of the organization, or of an assistant's gate snapshot.
    pub(crate) fn sign_head(&self, assistant: Option<String>, facts: &Facts, key: &SigningKey) -> Result<String, Error> {
        self.check()?;
        let organization = Changed { id: facts.organization(), changes: Changes::default() };
        let scope = if assistant.is_some() { Scope::Gate } else { Scope::Workspace };
        key.sign(HEAD, &to_json(&Claims { assistant, ..self.claims(scope, None, organization) })?)
    }

    fn claims<F>(&self, scope: Scope, from: Option<Base>, organization: F) -> Claims<F> {
        Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: if let Projection::Member(user) = &self.scope { Some(user.clone()) } else { None },
            assistant: None,
            iat: self.issued_at,
            nbf: self.not_before,
            exp: self.expires_at,
            jti: self.id.clone(),
            scope,
            epoch: self.epoch,
            version: self.version,
            state: self.state.clone(),
            from,
            organization,
        }
    }

    fn check(&self) -> Result<(), Error> {
        let fault = |claim: &str, reason: String| Err(Error::at(Code::InvalidOptions, claim, &reason));
        if !(1..=MAX_INTEGER).contains(&self.version) {
            return fault("version", format!("expected an integer from 1 to {MAX_INTEGER}"));
        }
        if self.epoch > MAX_INTEGER {
            return fault("epoch", format!("expected an integer from 0 to {MAX_INTEGER}"));
        }
        for (claim, time) in
            [("issuedAt", self.issued_at), ("notBefore", self.not_before.unwrap_or(0)), ("expiresAt", self.expires_at)]
        {
            if time > MAX_ISSUED_TIME {
                return fault(claim, "expected Unix seconds; these look like milliseconds".to_owned());
            }
        }
        if self.expires_at <= self.issued_at.max(self.not_before.unwrap_or(0)) {
            return fault("expiresAt", "must be later than `issuedAt` and `notBefore`".to_owned());
        }
        Ok(())
    }
}

/// The facts of a delta.
#[derive(Serialize)]
struct Changed<'a> {
    id: &'a str,
    #[serde(flatten)]
    changes: Changes,
}

/// The detached form of a compact token (RFC 7515 appendix F): the payload as text, which compresses well, and `header..signature`.
///
/// # Errors
/// [`Code::Malformed`] if the token is not a compact token with a text payload.
pub fn detach(compact: &str) -> Result<(String, String), Error> {
    let malformed = || Error::new(Code::Malformed, "expected `header.payload.signature` with a text payload");
    let (header, rest) = compact.split_once('.').ok_or_else(malformed)?;
    let (payload, signature) = rest.split_once('.').filter(|(_, signature)| !signature.contains('.')).ok_or_else(malformed)?;
    let payload = Base64UrlUnpadded::decode_vec(payload).map_err(|_| malformed())?;
    let payload = String::from_utf8(payload).map_err(|_| malformed())?;
    Ok((payload, format!("{header}..{signature}")))
}
