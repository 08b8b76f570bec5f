//! A signed token, file by file as the steps of `docs/snapshot-format.md` (§5): [`envelope`] verifies it, [`claims`] reads and
//! compares its claims. Below them stand what tokens are written in ([`base64url`], [`json`]) and the keys ([`jwk`]).

pub(crate) mod base64url;
pub(crate) mod claims;
pub(crate) mod envelope;
pub(crate) mod expect;
pub(crate) mod head;
pub(crate) mod json;
pub(crate) mod jwk;
