//! Principals: users and visitors, with the keys and origins that they present.

use sha2::{Digest, Sha256};

use crate::facts::{Facts, Position, Status};

/// The identity of a principal.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Identity {
    /// Somebody not signed in.
    Visitor,
    /// An active user and their organization role.
    User { user: Position, role: Position },
    /// An API key, by its organization role. It is no member, owner, creator or holder of grants.
    #[cfg(feature = "authority")]
    Key { role: Position },
    /// A user who is unknown, invited or suspended. Holds nothing, with or without a share-link key.
    Inactive,
}

impl Identity {
    /// The identity of a signed-in user; `None` is an id that is not in the facts.
    pub(crate) fn of(facts: &Facts, user: Option<Position>) -> Identity {
        match user.and_then(|user| Some((user, facts.user(user)?))) {
            Some((position, user)) if user.status == Status::Active => Identity::User { user: position, role: user.role },
            _ => Identity::Inactive,
        }
    }
}

/// A presented share-link key: its SHA-256, or `None` for a text that cannot be a key and so opens nothing.
#[derive(Clone, Copy)]
pub(crate) struct LinkKey(pub(crate) Option<[u8; 32]>);

impl LinkKey {
    /// The key in a text. A key (§4) is `wk_` and 43 base64url characters, 256 bits.
    pub(crate) fn of(text: &str) -> LinkKey {
        let base64url = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let is_key = text.strip_prefix("wk_").is_some_and(|random| random.len() == 43 && random.bytes().all(base64url));
        LinkKey(is_key.then(|| Sha256::digest(text).into()))
    }
}

/// Does not show the digest, which is a secret.
impl std::fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LinkKey")
    }
}

/// An identity with the share-link key and the origin that it presents.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Principal<'a> {
    pub(crate) identity: Identity,
    /// The share-link key presented.
    pub(crate) link: Option<LinkKey>,
    /// The origin of the page that embeds the widget.
    pub(crate) origin: Option<&'a str>,
}

impl Principal<'_> {
    /// A principal without key and origin.
    pub(crate) fn of(identity: Identity) -> Principal<'static> {
        Principal { identity, link: None, origin: None }
    }
}
