//! The address of a webhook in a command.

use serde::{Serialize, Serializer};

use crate::authority::directory::webhook_address;

/// The address of a webhook. Its path and query may hold a secret of the receiver, so the text of an event has its origin alone.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookAddress(pub String);

/// Writes the origin.
impl Serialize for WebhookAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(webhook_address::origin(&self.0))
    }
}

/// Shows the origin.
impl std::fmt::Debug for WebhookAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(webhook_address::origin(&self.0))
    }
}
