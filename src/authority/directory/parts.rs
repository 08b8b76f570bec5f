//! The whole state of a directory in parts of bounded length, and a directory from such parts: a large organization is never one text.
//!
//! The first part says which state it is. Each of the others has facts or people, in an order in which each refers only to those before it. The
//! last one gives the number of parts before it, so that none is missing.

use serde::{Deserialize, Serialize};

use super::Directory;
use super::event::{ChainEnd, PeopleChanges, hash_of};
use super::format::{self, FORMAT};
use super::people::People;
use crate::authority::issue::to_json;
use crate::authority::projection::Holders;
use crate::authority::reading::unreadable;
use crate::document::{self, Organization};
use crate::error::{Code, Error};
use crate::facts::{Facts, RawFacts};
use crate::rules::capability::Kind;
use crate::token::json::{JsonReader, MAX_INTEGER, PASSING, Read, Span, read_object};

/// The length in bytes from which on a part takes nothing more.
const LONG_ENOUGH: usize = 192 * 1024;

/// The first part.
#[derive(Serialize, Deserialize)]
struct Heading {
    format: u64,
    #[serde(default, skip_serializing_if = "document::is_default")]
    epoch: u64,
    version: u64,
    at: u64,
    head: String,
    /// The organization without anything in its lists.
    organization: Organization,
}

/// How far a directory has been written down.
#[derive(Default)]
pub struct PartsCursor {
    /// The number of parts so far.
    parts: u64,
    /// The list that comes next, and how many things of it are written.
    list: usize,
    written: usize,
    /// The version that is being written down.
    version: u64,
}

/// Writes one part.
struct Part<'a> {
    text: String,
    /// How many things of the list are written.
    written: &'a mut usize,
}

impl Part<'_> {
    /// Adds things of a list, until it ends or the part is long enough. Says whether the list has ended.
    fn fill<P, T: Serialize>(
        &mut self,
        list: &str,
        things: impl Iterator<Item = P>,
        document: impl Fn(P) -> Option<T>,
    ) -> Result<bool, Error> {
        let mut things = things.skip(*self.written).peekable();
        if things.peek().is_none() {
            return Ok(true);
        }
        self.text.push_str(&format!(r#""{list}":["#));
        let mut first = true;
        while let Some(thing) = things.next_if(|_| self.text.len() < LONG_ENOUGH) {
            *self.written += 1;
            let Some(document) = document(thing) else { continue };
            if !std::mem::take(&mut first) {
                self.text.push(',');
            }
            self.text.push_str(&to_json(&document)?);
        }
        self.text.push(']');
        Ok(things.peek().is_none())
    }
}

impl Directory {
    /// The whole state as texts of some hundred kilobytes each, for [`Directory::restore_parts`].
    pub fn parts(&self) -> impl Iterator<Item = Result<String, Error>> {
        let mut cursor = PartsCursor::default();
        std::iter::from_fn(move || self.next_part(&mut cursor).transpose())
    }

    /// The part after those that the cursor has passed; none after the last one.
    ///
    /// # Errors
    /// [`Code::InvalidOptions`] if the directory has changed since the first part was written.
    pub fn next_part(&self, cursor: &mut PartsCursor) -> Result<Option<String>, Error> {
        const LISTS: usize = 9;
        let PartsCursor { parts, list, written, version } = cursor;
        if *parts > 0 && *version != self.latest.version {
            return Err(Error::new(Code::InvalidOptions, "the directory has changed since its first part was written"));
        }
        if *list > LISTS {
            return Ok(None);
        }
        *parts += 1;
        if *parts == 1 {
            *version = self.latest.version;
            let (at, head, organization) = (self.latest.at, self.head(), self.facts.frame());
            return to_json(&Heading { format: FORMAT, epoch: self.epoch, version: *version, at, head, organization }).map(Some);
        }
        let (facts, people) = (&self.facts, &self.people);
        let seen = facts.seen_by_authority();
        let of = |kind| facts.targets(kind).iter().copied();
        while *list < LISTS {
            let whose =
                if *list < 5 { format!(r#"{{"facts":{{"id":"{}","#, facts.organization()) } else { r#"{"people":{"#.to_owned() };
            let mut part = Part { text: whose, written };
            let start = part.text.len();
            let ended = match *list {
                0 => part.fill("roles", facts.custom_roles(), |role| Some(facts.role_document(role))),
                1 => part.fill("users", facts.all_users().iter().copied(), |user| seen.user(user)),
                2 => part.fill("teams", of(Kind::Team), |team| seen.team(team, &Holders::All)),
                3 => part.fill("projects", of(Kind::Project), |project| seen.project(project)),
                4 => part.fill("assistants", of(Kind::Assistant), |assistant| seen.assistant(assistant, &Holders::All)),
                5 => part.fill("invitations", people.invitations(), Some),
                6 => part.fill("accounts", people.accounts(), Some),
                7 => part.fill("endpoints", people.endpoints(), Some),
                _ => part.fill("keys", people.keys(), Some),
            }?;
            let text = part.text;
            if ended {
                (*list, *written) = (*list + 1, 0);
            }
            if text.len() > start {
                return Ok(Some(text + "}}"));
            }
        }
        *list = LISTS + 1;
        Ok(Some(format!(r#"{{"end":{}}}"#, *parts - 1)))
    }

    /// A directory from all [parts](Directory::parts) of a state. Deltas start from its version: earlier events are not kept in it.
    ///
    /// # Errors
    /// As [`Directory::restore`].
    pub fn restore_parts<T: Into<String>>(parts: impl IntoIterator<Item = T>) -> Result<Directory, Error> {
        let mut parts = parts.into_iter();
        let mut restoring = Restoring::begin(&parts.next().ok_or_else(malformed)?.into())?;
        for part in parts {
            restoring.add(part.into())?;
        }
        restoring.finish()
    }
}

/// A directory of which some parts have been read.
pub struct Restoring {
    facts: Facts,
    people: People,
    latest: ChainEnd,
    epoch: u64,
    /// The number of parts so far.
    parts: u64,
    ended: bool,
}

/// A part after the first one, as it was read.
#[derive(Default)]
struct ReadPart {
    facts: Option<RawFacts>,
    people: Option<Span>,
    end: Option<u64>,
}

impl ReadPart {
    fn read(reader: &mut JsonReader) -> Read<ReadPart> {
        let mut part = ReadPart::default();
        read_object!(reader, {
            "facts" => part.facts = Some(RawFacts::read(reader, false)?),
            "people" => {
                let mark = reader.mark();
                reader.skip()?;
                part.people = Some(reader.since(mark));
            },
            "end" => part.end = Some(reader.integer()?),
        });
        reader.finish()?;
        Ok(part)
    }
}

impl Restoring {
    /// Reads the first part.
    ///
    /// # Errors
    /// As [`Directory::restore_parts`].
    pub fn begin(first: &str) -> Result<Restoring, Error> {
        #[derive(Deserialize)]
        struct Format {
            #[serde(default)]
            format: u64,
        }
        // First: a later format may have other fields.
        let Format { format } = serde_json::from_str(first).map_err(|_| malformed())?;
        format::check(format, "the state")?;
        let Heading { epoch, version, at, head, organization, .. } = serde_json::from_str(first).map_err(|_| malformed())?;
        let head = hash_of(&head).ok_or_else(malformed)?;
        let latest = ChainEnd { version, at, head }.in_range().ok_or_else(malformed)?;
        if epoch > MAX_INTEGER {
            return Err(malformed());
        }
        // Who chooses ids cannot know the head of the history that will name them.
        let seed = u64::from_le_bytes(head.first_chunk().copied().unwrap_or_default());
        let facts = Facts::begin(to_json(&organization)?, seed)?;
        Ok(Restoring { facts, people: People::default(), latest, epoch, parts: 1, ended: false })
    }

    /// Reads the next part.
    ///
    /// # Errors
    /// As [`Directory::restore_parts`]. Then no further part may be added.
    pub fn add(&mut self, part: String) -> Result<(), Error> {
        let mut reader = JsonReader::behind(PASSING, part);
        let ReadPart { facts, people, end } = ReadPart::read(&mut reader).map_err(|fault| unreadable(&fault))?;
        if self.ended || end.is_some_and(|end| end != self.parts) {
            return Err(malformed());
        }
        let changes = people.map_or_else(|| Ok(PeopleChanges::default()), |people| serde_json::from_str(reader.get(people)));
        let changes = changes.map_err(|_| malformed())?;
        let known = self.facts.users().len();
        if let Some(facts) = facts {
            self.facts.add_stored(facts, reader.into_text())?;
        }
        self.add_people(changes, known)?;
        (self.parts, self.ended) = (self.parts + 1, end.is_some());
        Ok(())
    }

    /// Adds invitations and accounts, and the addresses of the users from the position `known` on.
    fn add_people(&mut self, changes: PeopleChanges, known: usize) -> Result<(), Error> {
        let facts = &self.facts;
        // In the order of the part, so that a path in an error message fits it: positions follow that order.
        let users: Vec<document::User> = (known..facts.users().len()).map_while(|user| facts.user_now(user as u32)).collect();
        let find = |user: &str| facts.user_now(facts.find_user(user)?);
        let error = self.people.find_error(&changes, &users, &[], find, |role| facts.is_organization_role(role));
        if let Some((path, reason)) = error {
            return Err(Error::at(Code::InvalidFacts, path, reason));
        }
        if self.people.has_any_of(&changes) {
            return Err(Error::new(Code::InvalidFacts, "something is given twice"));
        }
        self.people.apply(changes);
        for user in users {
            if let Some(address) = user.email {
                self.people.add_address(&address, &user.id);
            }
        }
        Ok(())
    }

    /// The directory, after the last part.
    ///
    /// # Errors
    /// [`Code::Malformed`] if parts are missing.
    pub fn finish(self) -> Result<Directory, Error> {
        if !self.ended {
            return Err(malformed());
        }
        let mut facts = self.facts;
        facts.settle();
        Ok(Directory::at(facts, self.people, self.latest, self.epoch))
    }
}

fn malformed() -> Error {
    Error::new(Code::Malformed, "are not the parts of a directory's state")
}
