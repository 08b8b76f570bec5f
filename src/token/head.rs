//! Heads: a signed statement of which version is current.

use crate::error::Error;
use crate::token::claims::{Terms, VerifiedClaims};
use crate::token::envelope::{HEAD, Token};
use crate::token::expect::Expect;
use crate::token::jwk::JwkSet;

/// A signed head (§5): the version that was current when it was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The organization's id.
    pub organization: String,
    /// The assistant that it is about; absent if it is about the whole organization.
    pub assistant: Option<String>,
    /// The epoch of the organization's facts; 0 if the issuer gives none.
    pub epoch: u64,
    /// The version of the organization's facts; of a head about an assistant, the version in which its gate snapshot last changed.
    pub version: u64,
    /// `iat`: the time of issue in Unix seconds, if the issuer gives it.
    pub issued_at: Option<u64>,
    /// `exp`, Unix seconds.
    pub expires_at: u64,
}

impl Head {
    /// Opens a head at `now` (Unix seconds).
    ///
    /// # Errors
    /// As [`Snapshot::open`](crate::Snapshot::open).
    pub fn open(token: Token, keys: &JwkSet, expect: &Expect, now: u64) -> Result<Head, Error> {
        Head::of(VerifiedClaims::open(token, HEAD, 0, keys, expect)?.0, expect, now)
    }

    /// Opens the head of verified claims.
    pub(crate) fn of(claims: VerifiedClaims, expect: &Expect, now: u64) -> Result<Head, Error> {
        let Terms { moment: (epoch, version), issued_at, expires_at, .. } = claims.check(expect, now)?;
        let organization = claims.text(claims.organization).unwrap_or_default().to_owned();
        let assistant = claims.text(claims.assistant).map(str::to_owned);
        claims.facts.map(|_| Head { organization, assistant, epoch, version, issued_at, expires_at })
    }
}
