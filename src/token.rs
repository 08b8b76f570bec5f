//! A signed token, file by file as the steps of `docs/snapshot-format.md` (§5): [`envelope`] verifies it, [`claims`] reads and
//! compares its claims. [`base64url`] and [`json`] read the encodings of tokens, [`jwk`] the
//! keys; [`expect`] has the caller's expectations, [`head`] the tokens that name the current version. [`pending`] is step 6 with the
//! platform's Ed25519.

pub(crate) mod base64url;
pub(crate) mod claims;
#[cfg(all(test, not(target_arch = "wasm32")))]
pub(crate) mod edge_cases;
pub(crate) mod envelope;
pub(crate) mod expect;
pub(crate) mod head;
pub(crate) mod json;
pub(crate) mod jwk;
#[cfg(any(pending, test))]
pub(crate) mod pending;
