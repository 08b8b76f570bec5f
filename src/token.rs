//! What a signed token is made of: its encoding, its JSON and its keys.

pub(crate) mod base64url;
pub(crate) mod json;
pub(crate) mod jwk;
