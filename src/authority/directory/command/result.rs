//! The answer to an accepted command.

use serde::Serialize;

/// A text that is given out once and never stored: the token of an invitation, the key of a link, the secret of an API key.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Secret(pub String);

impl Secret {
    /// Always true: the text of an event leaves the secrets of its command out.
    pub(super) fn stays_unwritten(&self) -> bool {
        true
    }
}

/// Hides the secret.
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a secret")
    }
}

/// The answer to an accepted command: the ids of the things that it created, and their secrets, which are given out this once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct CommandResult {
    /// The id of the invited or signed-in user.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub user: Option<String>,
    /// The address to which the token must be sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub email: Option<String>,
    /// The token of the invitation. It is a secret of the invited person.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional, type = "string"))]
    pub token: Option<Secret>,
    /// The id of the created team.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub team: Option<String>,
    /// The id of the created project.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub project: Option<String>,
    /// The id of the created assistant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub assistant: Option<String>,
    /// The id of the created link.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub link: Option<String>,
    /// The key of the link. Everybody with the key has the access that the link gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional, type = "string"))]
    pub key: Option<Secret>,
    /// The id of the created webhook.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub webhook: Option<String>,
    /// The id of the API key.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub api_key: Option<String>,
    /// The secret of the API key.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional, type = "string"))]
    pub secret: Option<Secret>,
    /// The ids of invited users whose invitations ended: the user who invited them lost the right to invite them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(bindings, tsify(optional))]
    pub ended: Vec<String>,
}
