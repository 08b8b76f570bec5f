//! Reading facts: strictly from callers, leniently from storage, whole or in parts.

use sha2::{Digest, Sha256};

use crate::authority::issue::to_json;
use crate::authority::misspelt::no_such_field;
use crate::document::Organization;
use crate::error::{Code, Error};
use crate::facts::{self, Facts, RawFacts, Scope};
use crate::token::json::{JsonFaultDetails, JsonReader, PASSING, Text};

impl Facts {
    /// Reads and validates the facts of a workspace from JSON. It is stricter than opening a snapshot: unknown fields, unknown capabilities,
    /// times in milliseconds and the ids `.` and `..` are refused.
    ///
    /// # Errors
    /// [`Code::Malformed`] if the text is not JSON; [`Code::InvalidFacts`] with the path of the first fault.
    pub fn from_json(json: String) -> Result<Facts, Error> {
        Facts::read(json, |reader, partial| {
            let raw = read_given(reader, partial)?;
            let refused = |path: String| Error::at(Code::InvalidFacts, path.as_str(), "new ids cannot be `.` or `..`");
            raw.refused_id(reader).map_or(Ok(raw), |path| Err(refused(path)))
        })
    }

    /// Reads stored facts. A later version may have stored them: unknown fields are ignored.
    pub(crate) fn from_stored(json: String) -> Result<Facts, Error> {
        Facts::read(json, read_stored)
    }

    /// Facts to which others are added with [`Facts::add_stored`], until [`Facts::settle`].
    pub(crate) fn begin(json: String, seed: u64) -> Result<Facts, Error> {
        let mut reader = JsonReader::behind(PASSING, json);
        let raw = read_stored(&mut reader, false)?;
        Facts::gather(raw, reader.into_text(), &WORKSPACE, seed)
    }

    /// Adds stored facts, read by a reader of `text`. All of them must be new.
    pub(crate) fn add_stored(&mut self, raw: RawFacts, text: Text) -> Result<(), Error> {
        raw.unissuable().map_or(Ok(()), |(path, reason)| Err(Error::at(Code::InvalidFacts, path.as_str(), reason)))?;
        if raw.id().is_none_or(|id| text.get(id) != self.organization()) {
            return Err(Error::at(Code::InvalidFacts, "id", "is not the organization's"));
        }
        let wanted = self.things() + raw.things();
        self.put_passing(raw, text, &WORKSPACE)?;
        if self.things() == wanted { Ok(()) } else { Err(Error::new(Code::InvalidFacts, "something is given twice")) }
    }

    fn read(json: String, read: impl Fn(&mut JsonReader, bool) -> Result<RawFacts, Error>) -> Result<Facts, Error> {
        let seed = u64::from_le_bytes(Sha256::digest(&json).first_chunk().copied().unwrap_or_default());
        let mut reader = JsonReader::behind(PASSING, json);
        let raw = read(&mut reader, false)?;
        Facts::gather(raw, reader.into_text(), &WORKSPACE, seed)
    }

    /// Changes the facts of a workspace by [`crate::document::Changes`] as JSON: all of them or, after an error, none. The cost is linear in
    /// the change.
    ///
    /// # Errors
    /// As [`Facts::from_json`].
    pub fn amend(&mut self, changes: String) -> Result<(), Error> {
        let mut reader = JsonReader::behind(PASSING, changes);
        let raw = read_given(&mut reader, true)?;
        self.put_passing(raw, reader.into_text(), &WORKSPACE)
    }

    /// Reads and validates the facts of a document.
    ///
    /// # Errors
    /// As [`Facts::from_json`].
    pub fn from_document(document: &Organization) -> Result<Facts, Error> {
        Facts::from_json(to_json(document)?)
    }
}

impl Organization {
    /// Reads an organization from JSON, as strictly as [`Facts::from_json`]. `Deserialize` alone ignores unknown fields, so that documents of
    /// later versions can be read.
    ///
    /// # Errors
    /// As [`Facts::from_json`].
    pub fn from_json(json: &str) -> Result<Organization, Error> {
        Facts::from_json(json.to_owned())?;
        serde_json::from_str(json).map_err(|_| Error::new(Code::InvalidFacts, "the facts are not those of an organization"))
    }
}

const WORKSPACE: facts::Recipient = facts::Recipient { scope: Scope::Workspace, subject: None };

pub(crate) fn unreadable(fault: &JsonFaultDetails) -> Error {
    let code = if fault.syntax { Code::Malformed } else { Code::InvalidFacts };
    Error::at(code, &*fault.path, &fault.reason)
}

/// Reads facts of a caller: unknown fields are refused.
fn read_given(reader: &mut JsonReader, partial: bool) -> Result<RawFacts, Error> {
    let read = read_stored(reader, partial);
    match (read, reader.unknown_field()) {
        // A misspelt field causes a second error, a missing one: the misspelling is reported.
        (Err(fault), Some(field)) if fault.code() != Code::Malformed => Err(no_such_field(field, partial)),
        (Ok(_), Some(field)) => Err(no_such_field(field, partial)),
        (read, _) => read,
    }
}

/// Reads stored facts: unknown fields are ignored.
fn read_stored(reader: &mut JsonReader, partial: bool) -> Result<RawFacts, Error> {
    let raw = RawFacts::read(reader, partial).and_then(|raw| reader.finish().map(|()| raw)).map_err(|fault| unreadable(&fault))?;
    raw.unissuable().map_or(Ok(()), |(path, reason)| Err(Error::at(Code::InvalidFacts, path.as_str(), reason)))?;
    Ok(raw)
}
