//! Long JSON in pieces: writing never copies what is written already, and a reader takes one piece after another.

use std::io;

use serde::Serialize;

use crate::error::{Code, Error};

/// Bytes of every piece but the last: a multiple of three, so that the base64 texts of the pieces make the base64 text of the whole.
const PIECE: usize = 48 * 1024;

/// JSON in pieces.
#[derive(Default)]
pub(crate) struct Pieces(Vec<Vec<u8>>);

impl Pieces {
    /// The JSON of a value.
    pub(crate) fn of(value: &impl Serialize) -> Result<Pieces, Error> {
        let mut pieces = Pieces::default();
        serde_json::to_writer(&mut pieces, value).map_err(|error| Error::new(Code::InvalidOptions, error.to_string()))?;
        Ok(pieces)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(Vec::as_slice)
    }
}

impl IntoIterator for Pieces {
    type Item = Vec<u8>;
    type IntoIter = std::vec::IntoIter<Vec<u8>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl io::Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.last().is_none_or(|last| last.len() == PIECE) {
            // The first one of many is full at once; the only one of a short text must not take more than it needs.
            self.0.push(Vec::with_capacity(if self.0.is_empty() { 0 } else { PIECE }));
        }
        let Some(last) = self.0.last_mut() else { return Ok(0) };
        let taken = bytes.len().min(PIECE - last.len());
        last.extend_from_slice(bytes.get(..taken).unwrap_or_default());
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
