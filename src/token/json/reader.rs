//! The reader: where it is, objects and arrays, and its refusals.

use super::{JsonFault, JsonFaultDetails, MAX_DEPTH, MAX_DOCUMENT, MAX_UNKNOWN_FIELDS, Read, Span, Text};
use crate::error::{concat, decimal, harmless};
use crate::sort::sort;

const DUPLICATE: &str = "duplicate key";

/// One part of a path: a field's name or an array's index.
#[derive(Clone, Copy)]
enum PathPart {
    Field(Span),
    Item(u32),
}

/// An object being read.
pub(crate) struct Object {
    /// A bit for each known field that was read.
    known: u64,
    /// Where its names begin among [`JsonReader::unknown`].
    unknown_from: usize,
    first: bool,
}

/// An array being read: its next index.
pub(crate) struct Array(u32);

/// Reads one JSON text from front to back.
pub(crate) struct JsonReader {
    pub(super) text: Text,
    pub(super) at: usize,
    depth: u32,
    path: Vec<PathPart>,
    /// Names of the unknown fields of the objects that are open: keys of spans.
    unknown: Vec<u64>,
    /// Whether duplicate keys are accepted: while reading a second time.
    lenient: bool,
    #[cfg(feature = "authority")]
    unknown_field: Option<UnknownField>,
}

/// A field that an object cannot have.
#[cfg(feature = "authority")]
pub(crate) struct UnknownField {
    /// Where, with its name.
    pub(crate) path: String,
    /// Its name.
    pub(crate) name: String,
    /// The fields that the object can have.
    pub(crate) known: &'static [&'static str],
}

/// A place in the text to go back to.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    at: usize,
    depth: u32,
    path: usize,
    unknown: usize,
}

impl JsonReader {
    /// A reader of `document`. A document longer than [`MAX_DOCUMENT`] reads as if it were empty.
    pub(crate) fn new(document: String) -> JsonReader {
        JsonReader::behind(0, document)
    }

    /// A reader of a document that will be appended to a text of the length `base`.
    pub(crate) fn behind(base: u32, document: String) -> JsonReader {
        let document = if document.len() > MAX_DOCUMENT { String::new() } else { document };
        let text = Text { base, document, ..Text::default() };
        JsonReader {
            text,
            at: 0,
            depth: 0,
            path: Vec::new(),
            unknown: Vec::new(),
            lenient: false,
            #[cfg(feature = "authority")]
            unknown_field: None,
        }
    }

    /// The text, which the spans refer to.
    pub(crate) fn into_text(self) -> Text {
        self.text
    }

    /// The string of a span.
    pub(crate) fn get(&self, span: Span) -> &str {
        self.text.get(span)
    }

    /// The span of the value that was just read, from the mark before it.
    pub(crate) fn since(&self, mark: Mark) -> Span {
        self.span_from(mark.at)
    }

    pub(super) fn span_from(&self, start: usize) -> Span {
        Span::new(self.text.base + start as u32, (self.at - start) as u32)
    }

    /// A mark before the next value.
    pub(crate) fn mark(&mut self) -> Mark {
        self.skip_space();
        Mark { at: self.at, depth: self.depth, path: self.path.len(), unknown: self.unknown.len() }
    }

    /// Goes back to a value with a known fault, to read one field of it. Duplicate keys are accepted until [`JsonReader::strict`].
    pub(crate) fn retry(&mut self, mark: Mark) {
        self.at = mark.at;
        self.depth = mark.depth;
        self.path.truncate(mark.path);
        self.unknown.truncate(mark.unknown);
        self.lenient = true;
    }

    /// Refuses duplicate keys again.
    pub(crate) fn strict(&mut self) {
        self.lenient = false;
    }

    /// Refuses text behind the value.
    pub(crate) fn finish(&mut self) -> Read<()> {
        self.skip_space();
        if self.peek().is_none() { Ok(()) } else { Err(self.syntax("text after the document")) }
    }

    /// A fault in the content, at the current path.
    pub(crate) fn fault(&self, reason: impl Into<String>) -> JsonFault {
        Box::new(JsonFaultDetails { syntax: false, path: self.path(), reason: reason.into() })
    }

    /// A fault in the content, at a field of the document.
    pub(crate) fn fault_at(&self, field: &str, reason: &str) -> JsonFault {
        Box::new(JsonFaultDetails { syntax: false, path: field.to_owned(), reason: reason.to_owned() })
    }

    pub(super) fn syntax(&self, reason: &str) -> JsonFault {
        Box::new(JsonFaultDetails { syntax: true, path: self.path(), reason: reason.to_owned() })
    }

    /// The current path: `assistants[3].grants[0].role`; empty for the whole.
    pub(crate) fn path(&self) -> String {
        let mut path = String::new();
        for part in &self.path {
            match *part {
                PathPart::Field(name) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(&harmless(self.text.get(name)));
                }
                PathPart::Item(index) => {
                    path.push('[');
                    path.push_str(&decimal(u64::from(index)));
                    path.push(']');
                }
            }
        }
        path
    }

    #[inline(always)]
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.document.as_bytes().get(self.at).copied()
    }

    pub(super) fn skip_space(&mut self) {
        // There is seldom any.
        while let Some(byte) = self.peek()
            && byte <= b' '
            && matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
        {
            self.at += 1;
        }
    }

    /// Reads one byte, if it is this one.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn enter(&mut self, open: u8, wanted: &str) -> Read<()> {
        self.skip_space();
        if !self.take(open) {
            return Err(self.expected(wanted));
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(self.syntax("nested too deeply")) } else { Ok(()) }
    }

    /// The fault of a value of another type, or of a text that is no value.
    pub(super) fn expected(&self, wanted: &str) -> JsonFault {
        match self.peek() {
            Some(b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => self.fault(concat(&["expected ", wanted])),
            _ => self.syntax("not JSON"),
        }
    }

    /// Starts an object.
    pub(crate) fn object(&mut self) -> Read<Object> {
        self.enter(b'{', "an object")?;
        Ok(Object { known: 0, unknown_from: self.unknown.len(), first: true })
    }

    /// The index in `fields` of the next field, with its value to be read by the caller; `None` at the end of the object.
    /// Other fields are passed over.
    pub(crate) fn field(&mut self, object: &mut Object, fields: &'static [&'static str]) -> Read<Option<usize>> {
        loop {
            if !object.first {
                self.path.pop();
            }
            self.skip_space();
            if self.take(b'}') {
                self.depth -= 1;
                return self.end_fields(object.unknown_from).map(|()| None);
            }
            if !object.first {
                if !self.take(b',') {
                    return Err(self.syntax("expected `,` or `}`"));
                }
                self.skip_space();
            }
            object.first = false;
            if self.peek() != Some(b'"') {
                return Err(self.syntax("expected a field name"));
            }
            let name = self.string()?;
            self.path.push(PathPart::Field(name));
            self.skip_space();
            if !self.take(b':') {
                return Err(self.syntax("expected `:`"));
            }
            let key = self.text.get(name);
            let index = fields.iter().position(|field| *field == key);
            if let Some(index) = index {
                let bit = 1 << index;
                if object.known & bit != 0 && !self.lenient {
                    return Err(self.fault(DUPLICATE));
                }
                object.known |= bit;
                return Ok(Some(index));
            }
            if self.unknown.len() - object.unknown_from >= MAX_UNKNOWN_FIELDS {
                return Err(self.syntax("too many unknown fields"));
            }
            #[cfg(feature = "authority")]
            if self.unknown_field.is_none() {
                self.unknown_field = Some(UnknownField { path: self.path(), name: self.text.get(name).to_owned(), known: fields });
            }
            self.unknown.push(name.key());
            self.skip()?;
        }
    }

    /// Forgets the unknown fields of an object that ends. Refuses two of the same name.
    fn end_fields(&mut self, unknown_from: usize) -> Read<()> {
        if self.unknown.len() <= unknown_from {
            return Ok(());
        }
        let mut names = self.unknown.split_off(unknown_from);
        let name = |key| self.text.get(Span::of_key(key));
        sort(&mut names, &|one, other| name(one).cmp(name(other)));
        let twice = names.windows(2).find_map(|pair| match *pair {
            [one, other] if name(one) == name(other) => Some(other),
            _ => None,
        });
        match twice {
            Some(key) if !self.lenient => {
                self.path.push(PathPart::Field(Span::of_key(key)));
                Err(self.fault(DUPLICATE))
            }
            _ => Ok(()),
        }
    }

    /// The first unknown field that was passed over.
    #[cfg(feature = "authority")]
    pub(crate) fn unknown_field(&self) -> Option<&UnknownField> {
        self.unknown_field.as_ref()
    }

    /// Starts an array.
    pub(crate) fn array(&mut self) -> Read<Array> {
        self.enter(b'[', "an array")?;
        Ok(Array(0))
    }

    /// Whether there is another item, to be read by the caller.
    pub(crate) fn item(&mut self, array: &mut Array) -> Read<bool> {
        if array.0 > 0 {
            self.path.pop();
        }
        self.skip_space();
        if self.take(b']') {
            self.depth -= 1;
            return Ok(false);
        }
        if array.0 > 0 && !self.take(b',') {
            return Err(self.syntax("expected `,` or `]`"));
        }
        self.path.push(PathPart::Item(array.0));
        array.0 += 1;
        Ok(true)
    }

    /// Whether an object comes next.
    pub(crate) fn at_object(&mut self) -> bool {
        self.skip_space();
        self.peek() == Some(b'{')
    }

    /// Whether a string comes next.
    pub(crate) fn at_string(&mut self) -> bool {
        self.skip_space();
        self.peek() == Some(b'"')
    }
}
