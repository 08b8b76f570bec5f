//! Events: the change that a command made, as two texts. Each event names the event before it by hash.
//!
//! The first text is for people: the audit shows it. The second text is *sealed*: it holds addresses and digests, and only a directory reads
//! it. The first text holds the hash of the second and of the event before, so that any rewriting of the past is noticed.

use std::ops::Range;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::actor::Actor;
use super::api_keys::ApiKey;
use super::endpoint::Endpoint;
use super::format::{self, FORMAT};
use crate::authority::issue::to_json;
use crate::document::Changes;
use crate::error::{Code, Error};
use crate::facts::MAX_ISSUED_TIME;
use crate::token::json::MAX_INTEGER;

/// The event of one accepted command. A service stores its fields and makes it again from them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct Event {
    /// The version of the organization after the event.
    pub version: u64,
    /// JSON: format, version, time, actor, the hash of the event before, the command as executed, the hash of the sealed text.
    pub text: String,
    /// JSON: the changes, and how they are undone. Not to be shown.
    pub sealed: String,
}

/// SHA-256 of a text.
pub(super) type Hash = [u8; 32];

pub(super) fn hash(text: &str) -> Hash {
    Sha256::digest(text).into()
}

pub(super) fn base64url(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

pub(super) fn hash_of(text: &str) -> Option<Hash> {
    let mut hash = [0; 32];
    Base64UrlUnpadded::decode(text, &mut hash).ok().filter(|decoded| decoded.len() == 32)?;
    Some(hash)
}

/// The content of the sealed text. [`SealedText`] writes it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct SealedContent {
    /// Undoes `after`.
    pub(super) before: Changes,
    pub(super) after: Changes,
    #[serde(default, rename = "directory")]
    pub(super) people: PeopleChanges,
    /// The epoch that begins.
    #[serde(default)]
    pub(super) epoch: Option<u64>,
}

/// The sealed text of an event, and where in it the changes of the facts are: they are JSON by themselves, and are not written twice.
pub(super) struct SealedText {
    pub(super) text: String,
    pub(super) places: ChangePlaces,
}

/// Where the changes of the facts are in a sealed text.
pub(super) struct ChangePlaces {
    before: Range<usize>,
    after: Range<usize>,
}

impl SealedText {
    pub(super) fn write(SealedContent { before, after, people, epoch }: &SealedContent) -> Result<SealedText, Error> {
        /// Most events have shorter texts.
        const USUAL: usize = 1024;
        fn put(text: &mut Vec<u8>, name: &str, value: &impl Serialize) -> Result<Range<usize>, Error> {
            text.extend_from_slice(name.as_bytes());
            let start = text.len();
            serde_json::to_writer(&mut *text, value).map_err(|error| Error::new(Code::InvalidOptions, error.to_string()))?;
            Ok(start..text.len())
        }
        let mut text = Vec::with_capacity(USUAL);
        let before = put(&mut text, "{\"before\":", before)?;
        let after = put(&mut text, ",\"after\":", after)?;
        if !people.is_empty() {
            put(&mut text, ",\"directory\":", people)?;
        }
        if let Some(epoch) = epoch {
            put(&mut text, ",\"epoch\":", epoch)?;
        }
        text.push(b'}');
        let text = String::from_utf8(text).map_err(|error| Error::new(Code::InvalidOptions, error.to_string()))?;
        Ok(SealedText { text, places: ChangePlaces { before, after } })
    }
}

impl ChangePlaces {
    /// The changes that undo the event, as JSON.
    pub(super) fn before<'a>(&self, sealed: &'a str) -> &'a str {
        sealed.get(self.before.clone()).unwrap_or_default()
    }

    /// The changes that the event makes, as JSON.
    pub(super) fn after<'a>(&self, sealed: &'a str) -> &'a str {
        sealed.get(self.after.clone()).unwrap_or_default()
    }
}

/// The changes of people besides the facts.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct PeopleChanges {
    /// Invitations, new or replacing the user's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) invitations: Vec<Invitation>,
    /// Accounts, new or replacing the user's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) accounts: Vec<Account>,
    /// Endpoints of webhooks, new or replacing the one of the same id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) endpoints: Vec<Endpoint>,
    /// API keys, new or replacing those of the same id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) keys: Vec<ApiKey>,
    #[serde(skip_serializing_if = "GonePeople::is_empty")]
    pub(super) gone: GonePeople,
}

/// The users whose invitation or account was removed, and the ids of removed endpoints and API keys.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct GonePeople {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) invitations: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) accounts: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) endpoints: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) keys: Vec<String>,
}

impl PeopleChanges {
    pub(super) fn is_empty(&self) -> bool {
        *self == PeopleChanges::default()
    }
}

impl GonePeople {
    fn is_empty(&self) -> bool {
        *self == GonePeople::default()
    }
}

/// An invitation that has not been accepted yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Invitation {
    pub(super) user: String,
    pub(super) email: String,
    pub(super) role: String,
    /// SHA-256 of the token, base64url. The token itself is only in the mail.
    pub(super) digest: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) invited_by: Option<String>,
    pub(super) invited_at: u64,
    pub(super) expires: u64,
}

/// The account that a user signs in with (OpenID Connect).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Account {
    pub(super) user: String,
    pub(super) issuer: String,
    pub(super) subject: String,
}

/// The actor in the text of an event.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum WrittenActor<'a> {
    User(&'a str),
    Key(&'a str),
}

impl<'a> WrittenActor<'a> {
    /// The actor, none for the authority itself, and the key that acted on behalf of the user.
    fn of(actor: &'a Actor) -> (Option<WrittenActor<'a>>, Option<&'a str>) {
        match actor {
            Actor::User(user) => (Some(WrittenActor::User(user)), None),
            Actor::Key(key) => (Some(WrittenActor::Key(key)), None),
            Actor::OnBehalf { user, key } => (Some(WrittenActor::User(user)), Some(key)),
            Actor::System => (None, None),
        }
    }
}

/// Version, time and hash of the latest event of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ChainEnd {
    pub(super) version: u64,
    pub(super) at: u64,
    pub(super) head: Hash,
}

impl ChainEnd {
    /// Writes the event after `previous`, or the first event if there is none. Returns the end of the chain with it too.
    pub(super) fn write(
        previous: Option<&ChainEnd>,
        at: u64,
        actor: &Actor,
        command: &impl Serialize,
        sealed: String,
    ) -> Result<(Event, ChainEnd), Error> {
        #[derive(Serialize)]
        struct Text<'a, C> {
            format: u64,
            version: u64,
            at: u64,
            #[serde(skip_serializing_if = "Option::is_none")]
            actor: Option<WrittenActor<'a>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            via: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            previous: Option<String>,
            command: &'a C,
            sealed: String,
        }
        let version = previous.map_or(0, |previous| previous.version) + 1;
        let (actor, via) = WrittenActor::of(actor);
        let text = to_json(&Text {
            format: FORMAT,
            version,
            at,
            actor,
            via,
            previous: previous.map(|previous| base64url(&previous.head)),
            command,
            sealed: base64url(&hash(&sealed)),
        })?;
        let end = ChainEnd { version, at, head: hash(&text) };
        Ok((Event { version, text, sealed }, end))
    }

    /// The chain end itself, if a directory can give such a version and time.
    pub(super) fn in_range(self) -> Option<ChainEnd> {
        Some(self).filter(|end| (1..=MAX_INTEGER).contains(&end.version) && end.at <= MAX_ISSUED_TIME)
    }

    /// The end of the chain with this event. The event must have the version that its text has, and continue `previous`; without
    /// `previous` it must be the first event.
    pub(super) fn of(previous: Option<&ChainEnd>, event: &Event) -> Result<ChainEnd, Error> {
        let end = ChainEnd::read(previous, &event.text, Some(&event.sealed))?;
        if event.version == end.version { Ok(end) } else { Err(tampered(end.version, "is given with another version")) }
    }

    /// Like [`ChainEnd::of`], from the texts of an event.
    fn read(previous: Option<&ChainEnd>, text: &str, sealed: Option<&str>) -> Result<ChainEnd, Error> {
        let nothing = ChainEnd { version: 0, at: 0, head: Hash::default() };
        let head = previous.map(|previous| previous.head);
        let previous = previous.unwrap_or(&nothing);
        let links = EventLinks::read(text)?;
        if links.version != previous.version + 1 || links.previous != head {
            return Err(tampered(links.version, &format!("does not follow the event of version {}", previous.version)));
        }
        links.follow(text, sealed, previous.at)
    }
}

/// The fields by which the text of an event refers to other texts.
struct EventLinks {
    version: u64,
    at: u64,
    previous: Option<Hash>,
    sealed: Hash,
}

impl EventLinks {
    fn read(text: &str) -> Result<EventLinks, Error> {
        #[derive(Deserialize)]
        struct Format {
            #[serde(default)]
            format: u64,
        }
        #[derive(Deserialize)]
        struct Text {
            version: u64,
            at: u64,
            previous: Option<String>,
            sealed: String,
        }
        let unreadable = || Error::new(Code::Tampered, "the text of an event cannot be read");
        // First: a later format may have other fields.
        let Format { format } = serde_json::from_str(text).map_err(|_| unreadable())?;
        format::check(format, "the text of an event")?;
        let text: Text = serde_json::from_str(text).map_err(|_| unreadable())?;
        let previous = text.previous.map(|previous| hash_of(&previous).ok_or_else(unreadable)).transpose()?;
        Ok(EventLinks { version: text.version, at: text.at, previous, sealed: hash_of(&text.sealed).ok_or_else(unreadable)? })
    }

    /// The end of the chain with this event, if it is not older than `not_before` (Unix seconds) and its sealed text has the hash that it
    /// names.
    fn follow(&self, text: &str, sealed: Option<&str>, not_before: u64) -> Result<ChainEnd, Error> {
        if self.at < not_before {
            return Err(tampered(self.version, "is older than the event before it"));
        }
        if sealed.is_some_and(|sealed| hash(sealed) != self.sealed) {
            return Err(tampered(self.version, "has a sealed text that does not match its hash"));
        }
        let end = ChainEnd { version: self.version, at: self.at, head: hash(text) };
        end.in_range().ok_or_else(|| tampered(self.version, "has a version or time that no event can have"))
    }
}

pub(super) fn tampered(version: u64, reason: &str) -> Error {
    Error::new(Code::Tampered, format!("the event of version {version} {reason}"))
}

/// Verifies consecutive events in their order, each with its sealed text where the caller has it. The first one follows the event with
/// the hash `previous`; without `previous` it begins the history. Returns the hash of the last event.
///
/// # Errors
/// [`Code::Tampered`] with the version of the first event that does not continue the chain; [`Code::UnsupportedFormat`] for an event of
/// a later format.
pub fn verify_chain<'a>(
    events: impl IntoIterator<Item = (&'a str, Option<&'a str>)>,
    previous: Option<&str>,
) -> Result<String, Error> {
    let mut events = events.into_iter();
    let Some((text, sealed)) = events.next() else {
        let nothing = || Error::new(Code::Tampered, "there is no event");
        return previous.map(str::to_owned).ok_or_else(nothing);
    };
    let mut end = match previous {
        None => ChainEnd::read(None, text, sealed)?,
        Some(previous) => {
            let links = EventLinks::read(text)?;
            if links.previous.is_none() || links.previous != hash_of(previous) {
                return Err(tampered(links.version, "does not follow the event before it"));
            }
            links.follow(text, sealed, 0)?
        }
    };
    for (text, sealed) in events {
        end = ChainEnd::read(Some(&end), text, sealed)?;
    }
    Ok(base64url(&end.head))
}
