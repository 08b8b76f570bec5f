//! Large organizations: founded, stored and signed in pieces, so that none of them is ever one text.

use wasm_bindgen::prelude::*;

use super::authority::{RawDirectory, from_json, read_claims, to_js};
use super::{object, seconds, thrown};
use crate::authority::pieces::Pieces;
use crate::{Code, DetachedSnapshot, Directory, Error, Facts, Founding, PartsCursor, Refusal, Restoring};

/// How far the parts of a state have been written.
#[wasm_bindgen]
#[derive(Default)]
pub struct RawPartsCursor(PartsCursor);

#[wasm_bindgen]
impl RawPartsCursor {
    #[wasm_bindgen(constructor)]
    pub fn new() -> RawPartsCursor {
        RawPartsCursor::default()
    }
}

/// A directory of which some parts have been read.
#[wasm_bindgen]
pub struct RawRestoring(Restoring);

#[wasm_bindgen]
impl RawRestoring {
    pub fn begin(first: &str) -> Result<RawRestoring, JsValue> {
        Restoring::begin(first).map(RawRestoring).map_err(thrown)
    }

    pub fn add(&mut self, part: String) -> Result<(), JsValue> {
        self.0.add(part).map_err(thrown)
    }

    pub fn finish(self) -> Result<RawDirectory, JsValue> {
        self.0.finish().map(RawDirectory).map_err(thrown)
    }
}

/// A directory of which some founding events have been written.
#[wasm_bindgen]
pub struct RawFounding(Founding);

#[wasm_bindgen]
impl RawFounding {
    /// The organization is JSON in UTF-8.
    pub fn begin(organization: Vec<u8>, now: f64) -> Result<RawFounding, JsValue> {
        let json = String::from_utf8(organization).map_err(|_| thrown(Error::new(Code::Malformed, "is not UTF-8")))?;
        let facts = Facts::from_json(json).map_err(thrown)?;
        Directory::found_in_parts(facts, seconds(now)).map(RawFounding).map_err(thrown_refusal)
    }

    pub fn organization(&self) -> String {
        self.0.organization().to_owned()
    }

    /// An `Event`; undefined after the last one.
    pub fn next_event(&mut self) -> Result<JsValue, JsValue> {
        self.0.next_event().map_err(thrown)?.map_or(Ok(JsValue::UNDEFINED), |event| to_js(&event))
    }

    /// The directory; undefined before the last event.
    pub fn finish(self) -> Option<RawDirectory> {
        self.0.finish().map(RawDirectory)
    }
}

/// A refusal of facts, which has a code, perhaps a path, and a message.
fn thrown_refusal(Refusal { code, message, path, .. }: Refusal) -> JsValue {
    object(&[("code", Some(code.name().into())), ("path", path.as_deref().map(JsValue::from)), ("message", Some(message.into()))])
}

/// A signed snapshot whose payload is read in pieces.
#[wasm_bindgen]
pub struct RawDetached(DetachedSnapshot);

#[wasm_bindgen]
impl RawDetached {
    pub fn signature(&self) -> String {
        self.0.signature.clone()
    }

    /// The next piece; undefined after the last one.
    pub fn next(&mut self) -> Option<Vec<u8>> {
        self.0.next()
    }
}

/// Long JSON that is read in pieces.
#[wasm_bindgen]
pub struct RawPieces(Box<dyn Iterator<Item = Vec<u8>>>);

#[wasm_bindgen]
impl RawPieces {
    /// The next piece; undefined after the last one.
    pub fn next(&mut self) -> Option<Vec<u8>> {
        self.0.next()
    }
}

#[wasm_bindgen]
impl RawDirectory {
    /// The next part of the state; undefined after the last one.
    pub fn next_part(&self, cursor: &mut RawPartsCursor) -> Result<Option<String>, JsValue> {
        self.0.next_part(&mut cursor.0).map_err(thrown)
    }

    /// As [`RawDirectory::snapshot`], detached.
    pub fn detached_snapshot(&self, claims: &str) -> Result<RawDetached, JsValue> {
        let (issue, key) = read_claims(claims)?;
        self.0.detached_snapshot(issue, &key).map(RawDetached).map_err(thrown)
    }

    /// The facts, as JSON in pieces.
    pub fn facts_in_pieces(&self) -> Result<RawPieces, JsValue> {
        let pieces = Pieces::of(&self.0.facts().seen_by_authority().lists()).map_err(thrown)?;
        Ok(RawPieces(Box::new(pieces.into_iter())))
    }

    /// A `DirectoryView`, as JSON in pieces.
    pub fn view_in_pieces(&self, actor: &str, now: f64) -> Result<RawPieces, JsValue> {
        let view = self.0.written_view(&from_json(actor)?, seconds(now)).map_err(thrown)?;
        Ok(RawPieces(Box::new(Pieces::of(&view).map_err(thrown)?.into_iter())))
    }

    /// The ids of the users in that view.
    pub fn users_in_view(&self, actor: &str, now: f64) -> Result<Vec<String>, JsValue> {
        self.0.users_in_view(&from_json(actor)?, seconds(now)).map_err(thrown)
    }
}
