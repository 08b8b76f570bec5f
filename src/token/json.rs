//! A strict JSON reader (RFC 8259) for signed payloads and headers.
//!
//! It reads in one pass, keeps strings as spans of the text, knows the path it is at, and refuses what lenient parsers accept:
//! duplicate keys, trailing text, lone surrogates, deep nesting. It is not a general JSON library: the only numbers it returns are
//! integers, and a caller names the fields it wants.

mod fields;
mod reader;
#[cfg(test)]
mod tests;
mod text;
mod values;

pub(crate) use self::fields::{items, one_of, read_object, required};
pub(crate) use self::reader::JsonReader;
#[cfg(feature = "authority")]
pub(crate) use self::reader::UnknownField;
#[cfg(feature = "authority")]
pub(crate) use self::text::{MIN_GROWTH, PASSING};
pub(crate) use self::text::{Span, Text};

/// How deep values may nest. A snapshot needs seven levels; the rest is room for unknown fields, and the limit keeps recursion far
/// from the end of a WebAssembly stack.
pub(crate) const MAX_DEPTH: u32 = 32;
/// How many unknown fields one object may have. They are sorted to find duplicates: with so few, in ten rounds at most, so that the
/// time is linear in the length of the document.
pub(crate) const MAX_UNKNOWN_FIELDS: usize = 1024;
/// Longest document, in bytes. Positions in it are 32 bits wide, and strings with escapes are stored a second time, in up to twice
/// the room.
pub(crate) const MAX_DOCUMENT: usize = 1 << 29;
/// The largest integer: JavaScript's `Number.MAX_SAFE_INTEGER`, 2^53 − 1, so that both sides read the same number (RFC 7493 §2.2).
pub(crate) const MAX_INTEGER: u64 = (1 << 53) - 1;

/// Why a text is refused. Boxed, so that returning a success costs nothing.
pub(crate) type JsonFault = Box<JsonFaultDetails>;

/// See [`JsonFault`].
#[derive(Debug)]
pub(crate) struct JsonFaultDetails {
    /// Whether the text is not JSON at all, as opposed to JSON with the wrong content.
    pub(crate) syntax: bool,
    /// Where: `assistants[3].grants[0].role`; empty for the whole.
    pub(crate) path: String,
    /// The reason, one lowercase line.
    pub(crate) reason: String,
}

/// The result of reading a value.
pub(crate) type Read<T> = Result<T, JsonFault>;
