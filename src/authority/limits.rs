//! The limits of commands and of the directory, each with its reason. The limits of tokens and facts are in `token` and `facts`.

/// Longest address that mail carries, in bytes (RFC 5321 §4.5.3.1.3).
pub(crate) const LONGEST_ADDRESS: usize = 254;
/// Longest name, in characters: a line of a list.
pub(crate) const LONGEST_NAME: usize = 200;
/// Life of an invitation by default, in seconds: 7 days.
pub(crate) const INVITATION_LIFE: u64 = 7 * 24 * 60 * 60;
/// Longest life of an invitation, in seconds: 30 days. A mail in an old mailbox must not give access.
pub(crate) const LONGEST_INVITATION: u64 = 30 * 24 * 60 * 60;
/// Number of origin patterns that the embedding of an assistant may list.
pub(crate) const MOST_ORIGINS: usize = 256;
/// Longest origin pattern, in bytes: `https://*.`, a name of 253 characters (RFC 1035 §2.3.4) and its final dot, and a port.
pub(crate) const LONGEST_ORIGIN: usize = 10 + 254 + 6;
/// Longest note of a review, in characters: a paragraph.
pub(crate) const LONGEST_NOTE: usize = 500;
/// Number of webhooks of an organization: each takes a connection of the service while it is called.
pub(crate) const MOST_WEBHOOKS: usize = 16;
/// Longest address of a webhook, in bytes: what servers usually take.
pub(crate) const LONGEST_WEBHOOK_ADDRESS: usize = 2048;
/// Number of changes that a preview lists, some megabytes. The people beyond are counted.
pub(crate) const MOST_CHANGES: usize = 10_000;
/// Number of events that are kept for deltas: several hours of a busy organization. A reader that missed more gets the full snapshot.
pub(crate) const RECENT_EVENTS: usize = 1024;
/// Bytes of these events as text, together: large events must not fill a service's memory. A full snapshot of five thousand
/// assistants is as large.
pub(crate) const RECENT_BYTES: usize = 1 << 20;
/// Number of networks from which an API key is accepted.
pub(crate) const MOST_NETWORKS: usize = 64;
/// Longest time, in seconds, in which the secret before a rotation is still accepted: 7 days, for services that are deployed weekly.
pub(crate) const LONGEST_GRACE: u64 = 7 * 24 * 60 * 60;
