//! Issuing snapshots: facts are projected and signed.

use base64ct::{Base64UrlUnpadded, Encoding};
use ed25519_dalek::Signer;
use ed25519_dalek::hazmat::{ExpandedSecretKey, raw_sign_byupdate};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha512};

use crate::authority::pieces::Pieces;
use crate::document::{Audience, Base, Changes, Claims};
use crate::error::{Code, Error};
use crate::facts::{Facts, MAX_ISSUED_TIME, Scope};
use crate::token::envelope::{DELTA, HEAD, SNAPSHOT};
use crate::token::json::MAX_INTEGER;
use crate::token::jwk::{Jwk, is_ed25519};

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

    /// The header of a token, in base64url.
    fn header(&self, typ: &str) -> Result<String, Error> {
        #[derive(Serialize)]
        struct Header<'a> {
            alg: &'static str,
            typ: &'a str,
            kid: &'a str,
        }
        let header = to_json(&Header { alg: "EdDSA", typ, kid: &self.kid })?;
        Ok(Base64UrlUnpadded::encode_string(header.as_bytes()))
    }

    /// Signs a payload in pieces: header and signature in base64url. The token is never one text.
    fn sign_pieces(&self, typ: &str, payload: &Pieces) -> Result<(String, String), Error> {
        let header = self.header(typ)?;
        let expanded = ExpandedSecretKey::from(self.key.as_bytes());
        let message = |hash: &mut Sha512| {
            hash.update(&header);
            hash.update(".");
            for piece in payload.iter() {
                hash.update(Base64UrlUnpadded::encode_string(piece));
            }
            Ok(())
        };
        let failed = |_| Error::new(Code::InvalidKey, "the key cannot sign");
        let signature = raw_sign_byupdate::<Sha512, _>(&expanded, message, &self.key.verifying_key()).map_err(failed)?;
        Ok((header, Base64UrlUnpadded::encode_string(&signature.to_bytes())))
    }

    /// Signs a payload as JWS Compact.
    fn sign(&self, typ: &str, payload: &str) -> Result<String, Error> {
        let mut token = self.header(typ)?;
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
    /// Those of them that concern one assistant: enough to decide about that assistant, and small in every organization.
    MemberAt {
        /// A user id.
        user: String,
        /// An assistant id, which need not exist.
        assistant: String,
    },
    /// The public ones of these assistants: assistant ids.
    Gate(Vec<String>),
}

impl Projection {
    fn scope(&self) -> Scope {
        match self {
            Projection::Workspace | Projection::Overview => Scope::Workspace,
            Projection::Member(_) | Projection::MemberAt { .. } => Scope::Member,
            Projection::Gate(_) => Scope::Gate,
        }
    }

    /// The id of the user whose facts they are.
    fn subject(&self) -> Option<&str> {
        match self {
            Projection::Member(user) | Projection::MemberAt { user, .. } => Some(user),
            Projection::Workspace | Projection::Overview | Projection::Gate(_) => None,
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
        let payload = self.payload(facts)?;
        let (header, signature) = key.sign_pieces(SNAPSHOT, &payload)?;
        let length = payload.iter().map(Base64UrlUnpadded::encoded_len).sum::<usize>();
        let mut token = String::with_capacity(header.len() + length + signature.len() + 2);
        token.push_str(&header);
        token.push('.');
        for piece in payload {
            token.push_str(&Base64UrlUnpadded::encode_string(&piece));
        }
        token.push('.');
        token.push_str(&signature);
        Ok(token)
    }

    /// Signs a snapshot as [`Issue::sign`] does, detached and in pieces: a large organization is never one text.
    ///
    /// # Errors
    /// As [`Issue::sign`].
    pub fn sign_detached(&self, facts: &Facts, key: &SigningKey) -> Result<DetachedSnapshot, Error> {
        let payload = self.payload(facts)?;
        let (header, signature) = key.sign_pieces(SNAPSHOT, &payload)?;
        Ok(DetachedSnapshot { signature: format!("{header}..{signature}"), payload: payload.into_iter() })
    }

    fn payload(&self, facts: &Facts) -> Result<Pieces, Error> {
        self.check()?;
        let view = match &self.scope {
            Projection::Workspace => facts.seen_by_authority(),
            Projection::Overview => facts.seen_in_overview(),
            Projection::Member(user) => facts.seen_by(user, self.issued_at)?,
            Projection::MemberAt { user, assistant } => {
                let lists = facts.seen_by(user, self.issued_at)?.lists_about(assistant);
                return Pieces::of(&self.claims(Scope::Member, None, lists));
            }
            Projection::Gate(assistants) => {
                let organization = facts.gate(&assistants.iter().map(String::as_str).collect::<Vec<_>>());
                return Pieces::of(&self.claims(Scope::Gate, None, organization));
            }
        };
        Pieces::of(&self.claims(self.scope.scope(), None, view.lists()))
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
            sub: self.scope.subject().map(str::to_owned),
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

/// A snapshot whose payload is read in pieces.
pub struct DetachedSnapshot {
    /// `header..signature`
    pub signature: String,
    payload: std::vec::IntoIter<Vec<u8>>,
}

/// The pieces of the payload, UTF-8 together.
impl Iterator for DetachedSnapshot {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        self.payload.next()
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
