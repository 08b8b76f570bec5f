//! Events: what a command did, as two texts, each event chained to the one before by hash.
//!
//! The first text is public: what the audit shows. The second one, *sealed*, is for the fold alone: it holds addresses and digests.
//! The first names the second by its hash, and the event before by its own: nothing of the past can be rewritten unnoticed.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::command::Actor;
use crate::authority::issue::to_json;
use crate::document::Changes;
use crate::error::{Code, Error};
use crate::facts::MAX_ISSUED_TIME;
use crate::token::json::MAX_INTEGER;

/// One accepted command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct Event {
    /// The version of the organization that it leads to.
    pub version: u64,
    /// JSON: version, time, actor, the hash of the event before, the command as executed, the hash of the sealed text.
    pub text: String,
    /// JSON: what changes, and how it goes back. Not to be shown.
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

/// The sealed text.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Sealed {
    /// Undoes `after`.
    pub(super) before: Changes,
    pub(super) after: Changes,
    #[serde(default, rename = "directory", skip_serializing_if = "PeopleChanges::is_empty")]
    pub(super) people: PeopleChanges,
    /// The epoch that begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) epoch: Option<u64>,
}

/// What changes of the people besides the facts.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct PeopleChanges {
    /// New, or replace the user's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) invitations: Vec<Invitation>,
    /// New, or replace the user's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) accounts: Vec<Account>,
    #[serde(skip_serializing_if = "GonePeople::is_empty")]
    pub(super) gone: GonePeople,
}

/// Whose invitation or account is no longer there.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct GonePeople {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) invitations: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) accounts: Vec<String>,
}

impl PeopleChanges {
    fn is_empty(&self) -> bool {
        *self == PeopleChanges::default()
    }
}

impl GonePeople {
    fn is_empty(&self) -> bool {
        *self == GonePeople::default()
    }
}

/// An invitation that was not accepted yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Invitation {
    pub(super) user: String,
    pub(super) email: String,
    pub(super) role: String,
    /// SHA-256 of the token, base64url. The token itself is in the mail alone.
    pub(super) digest: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) invited_by: Option<String>,
    pub(super) invited_at: u64,
    pub(super) expires: u64,
}

/// The account a user signs in with (OpenID Connect).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Account {
    pub(super) user: String,
    pub(super) issuer: String,
    pub(super) subject: String,
}

/// Where a chain of events ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tip {
    pub(super) version: u64,
    pub(super) at: u64,
    pub(super) head: Hash,
}

impl Tip {
    /// Writes the event that follows; the first one without a tip.
    pub(super) fn write(
        tip: Option<&Tip>,
        at: u64,
        actor: &Actor,
        command: &impl Serialize,
        sealed: &Sealed,
    ) -> Result<Event, Error> {
        #[derive(Serialize)]
        struct Text<'a, C> {
            version: u64,
            at: u64,
            #[serde(skip_serializing_if = "Option::is_none")]
            actor: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            previous: Option<String>,
            command: &'a C,
            sealed: String,
        }
        let sealed = to_json(sealed)?;
        let version = tip.map_or(0, |tip| tip.version) + 1;
        let text = to_json(&Text {
            version,
            at,
            actor: if let Actor::User(user) = actor { Some(user) } else { None },
            previous: tip.map(|tip| base64url(&tip.head)),
            command,
            sealed: base64url(&hash(&sealed)),
        })?;
        Ok(Event { version, text, sealed })
    }

    /// The same, if version and time are ones that a directory gives.
    pub(super) fn in_range(self) -> Option<Tip> {
        Some(self).filter(|tip| (1..=MAX_INTEGER).contains(&tip.version) && tip.at <= MAX_ISSUED_TIME)
    }

    /// Where the chain ends with this event, if it is of the version that it says and continues `tip`; without a tip it must be the
    /// first one.
    pub(super) fn of(tip: Option<&Tip>, event: &Event) -> Result<Tip, Error> {
        let tip = Tip::read(tip, &event.text, Some(&event.sealed))?;
        if event.version == tip.version { Ok(tip) } else { Err(tampered(tip.version, "is said to be another one")) }
    }

    /// The same of an event's texts.
    fn read(tip: Option<&Tip>, text: &str, sealed: Option<&str>) -> Result<Tip, Error> {
        let begins = Tip { version: 0, at: 0, head: Hash::default() };
        let previous = tip.map(|tip| tip.head);
        let tip = tip.unwrap_or(&begins);
        let links = Links::read(text)?;
        if links.version != tip.version + 1 || links.previous != previous {
            return Err(tampered(links.version, &format!("does not follow the event of version {}", tip.version)));
        }
        links.follow(text, sealed, tip.at)
    }
}

/// What ties an event's text to other texts.
struct Links {
    version: u64,
    at: u64,
    previous: Option<Hash>,
    sealed: Hash,
}

impl Links {
    fn read(text: &str) -> Result<Links, Error> {
        #[derive(Deserialize)]
        struct Text {
            version: u64,
            at: u64,
            previous: Option<String>,
            sealed: String,
        }
        let unreadable = || Error::new(Code::Tampered, "the text of an event cannot be read");
        let text: Text = serde_json::from_str(text).map_err(|_| unreadable())?;
        let previous = text.previous.map(|previous| hash_of(&previous).ok_or_else(unreadable)).transpose()?;
        Ok(Links { version: text.version, at: text.at, previous, sealed: hash_of(&text.sealed).ok_or_else(unreadable)? })
    }

    fn follow(&self, text: &str, sealed: Option<&str>, not_before: u64) -> Result<Tip, Error> {
        if self.at < not_before {
            return Err(tampered(self.version, "lies before the one it follows"));
        }
        if sealed.is_some_and(|sealed| hash(sealed) != self.sealed) {
            return Err(tampered(self.version, "has another sealed text"));
        }
        let tip = Tip { version: self.version, at: self.at, head: hash(text) };
        tip.in_range().ok_or_else(|| tampered(self.version, "has a version or time that no event has"))
    }
}

pub(super) fn tampered(version: u64, reason: &str) -> Error {
    Error::new(Code::Tampered, format!("the event of version {version} {reason}"))
}

/// Verifies a run of events, in their order: each with its sealed text, where that is at hand. They follow the event whose hash is
/// `previous`, or begin the history. The hash of the last one.
///
/// # Errors
/// [`Code::Tampered`] with the version of the first event that does not fit.
pub fn verify_chain<'a>(
    events: impl IntoIterator<Item = (&'a str, Option<&'a str>)>,
    previous: Option<&str>,
) -> Result<String, Error> {
    let mut events = events.into_iter();
    let Some((text, sealed)) = events.next() else {
        let nothing = || Error::new(Code::Tampered, "there is no event");
        return previous.map(str::to_owned).ok_or_else(nothing);
    };
    let mut tip = match previous {
        None => Tip::read(None, text, sealed)?,
        Some(previous) => {
            let links = Links::read(text)?;
            if links.previous.is_none() || links.previous != hash_of(previous) {
                return Err(tampered(links.version, "does not follow the one before"));
            }
            links.follow(text, sealed, 0)?
        }
    };
    for (text, sealed) in events {
        tip = Tip::read(Some(&tip), text, sealed)?;
    }
    Ok(base64url(&tip.head))
}
