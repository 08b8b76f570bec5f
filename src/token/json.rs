//! A strict JSON reader (RFC 8259) for signed payloads and headers.
//!
//! It reads in one pass, keeps strings as spans of the text, knows the path it is at, and refuses what a lenient parser lets
//! through: duplicate keys, trailing text, lone surrogates, deep nesting. Not a general JSON library: numbers that matter are
//! integers, and a caller names the fields it wants.

use crate::error::{concat, decimal, harmless};
use crate::sort::sort;

/// How deep values may nest. A snapshot needs seven levels; the rest is room for unknown fields, and the bound keeps recursion
/// far from the end of a WebAssembly stack.
pub(crate) const MAX_DEPTH: u32 = 32;
/// How many unknown fields one object may have. They are sorted to find duplicates: with so few, in ten rounds at most, so that the
/// work grows with the length of the document and no faster.
pub(crate) const MAX_UNKNOWN_FIELDS: usize = 1024;
/// Longest document: positions in it are 32 bits, and strings with escapes are kept besides, read up to three times.
pub(crate) const MAX_DOCUMENT: usize = 1 << 29;
/// So much may always be added to a text: thousands of changes.
const LEAST_GROWTH: usize = 1 << 20;
/// The largest integer: JavaScript's `Number.MAX_SAFE_INTEGER`, 2^53 − 1, so that both sides read the same number (RFC 7493 §2.2).
pub(crate) const MAX_INTEGER: u64 = (1 << 53) - 1;

/// A string of the text, by bytes: of the document, or past its end of what was decoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    start: u32,
    len: u32,
}

impl Span {
    pub(crate) fn is_empty(self) -> bool {
        self.len == 0
    }

    /// As one number, for [`sort`].
    fn key(self) -> u64 {
        u64::from(self.start) << 32 | u64::from(self.len)
    }

    fn of_key(key: u64) -> Span {
        Span { start: (key >> 32) as u32, len: key as u32 }
    }
}

/// What a reader refuses. Boxed, so that passing on a success costs nothing.
pub(crate) type Fault = Box<FaultDetails>;

/// See [`Fault`].
#[derive(Debug)]
pub(crate) struct FaultDetails {
    /// Whether the text is not JSON at all, as opposed to JSON with the wrong content.
    pub(crate) syntax: bool,
    /// Where: `assistants[3].grants[0].role`; empty for the whole.
    pub(crate) path: String,
    /// What is wrong, one lowercase line.
    pub(crate) reason: String,
}

type Result<T> = std::result::Result<T, Fault>;

const DUPLICATE: &str = "duplicate key";

#[derive(Clone, Copy)]
enum Step {
    Field(Span),
    Item(u32),
}

/// The text of a document and of the strings in it.
#[derive(Default)]
pub(crate) struct Text {
    /// Where its spans start to count: behind another text, if it is to be appended there.
    base: u32,
    document: String,
    /// The strings that had escapes, one after another, and then what was appended. Apart, so that the document is never copied to
    /// grow.
    decoded: String,
}

impl Text {
    /// The string a span stands for.
    pub(crate) fn get(&self, span: Span) -> &str {
        let start = span.start.wrapping_sub(self.base) as usize;
        let (text, start) = match start.checked_sub(self.document.len()) {
            None => (&self.document, start),
            Some(start) => (&self.decoded, start),
        };
        text.get(start..start + span.len as usize).unwrap_or_default()
    }

    /// How long it is: where the next string starts.
    pub(crate) fn len(&self) -> u32 {
        self.base + (self.document.len() + self.decoded.len()) as u32
    }

    /// Adds a string.
    pub(crate) fn push(&mut self, string: &str) -> Span {
        let start = self.len();
        self.decoded.push_str(string);
        Span { start, len: string.len() as u32 }
    }

    /// Adds a text whose spans count from the end of this one.
    pub(crate) fn append(&mut self, text: &Text) {
        self.decoded.push_str(&text.document);
        self.decoded.push_str(&text.decoded);
    }

    /// Takes back what was added from `len` on.
    pub(crate) fn truncate(&mut self, len: u32) {
        self.decoded.truncate((len as usize).saturating_sub(self.document.len()));
    }

    /// Whether more was added than there was: time to start afresh, for what was replaced still takes its room.
    pub(crate) fn outgrown(&self) -> bool {
        self.decoded.len() > self.document.len().max(LEAST_GROWTH)
    }
}

/// An object being read.
pub(crate) struct Object {
    known: u64,
    unknown_from: usize,
    first: bool,
}

/// An array being read: its next index.
pub(crate) struct Array(u32);

/// Reads one JSON text from front to back.
pub(crate) struct Reader {
    text: Text,
    at: usize,
    depth: u32,
    path: Vec<Step>,
    /// Names of the unknown fields of the objects that are open: keys of spans.
    unknown: Vec<u64>,
    lenient: bool,
    /// The first unknown field that was passed over.
    #[cfg(feature = "authority")]
    stray: Option<Stray>,
}

/// A field that is not one of those that an object may have.
#[cfg(feature = "authority")]
pub(crate) struct Stray {
    /// Where, with its name.
    pub(crate) path: String,
    /// Its name.
    pub(crate) name: String,
    /// Those that the object may have.
    pub(crate) known: &'static [&'static str],
}

impl Reader {
    /// A reader of `document`; what does not fit into [`MAX_DOCUMENT`] reads as if it were empty.
    pub(crate) fn new(document: String) -> Reader {
        Reader::behind(0, document)
    }

    /// The same, of a text that is to be appended to one of that length.
    pub(crate) fn behind(base: u32, document: String) -> Reader {
        let document = if document.len() > MAX_DOCUMENT { String::new() } else { document };
        let text = Text { base, document, decoded: String::new() };
        Reader {
            text,
            at: 0,
            depth: 0,
            path: Vec::new(),
            unknown: Vec::new(),
            lenient: false,
            #[cfg(feature = "authority")]
            stray: None,
        }
    }

    /// The text read, which spans refer to.
    pub(crate) fn into_text(self) -> Text {
        self.text
    }

    /// The string a span stands for.
    pub(crate) fn get(&self, span: Span) -> &str {
        self.text.get(span)
    }

    /// The span of a value just read, from the position before it.
    pub(crate) fn since(&self, start: usize) -> Span {
        Span { start: self.text.base + start as u32, len: (self.at - start) as u32 }
    }

    /// The position of the next value.
    pub(crate) fn position(&mut self) -> usize {
        self.space();
        self.at
    }

    /// Goes back to a value to read it again for one field only, duplicates no longer refused: its fault is known already.
    pub(crate) fn retry(&mut self, position: usize, place: Place) {
        self.at = position;
        self.depth = place.depth;
        self.path.truncate(place.path);
        self.unknown.truncate(place.unknown);
        self.lenient = true;
    }

    /// Refuses duplicates again.
    pub(crate) fn strict(&mut self) {
        self.lenient = false;
    }

    /// Where the reader is in the document's structure, for [`Reader::retry`].
    pub(crate) fn place(&self) -> Place {
        Place { depth: self.depth, path: self.path.len(), unknown: self.unknown.len() }
    }

    /// Refuses anything behind the value.
    pub(crate) fn finish(&mut self) -> Result<()> {
        self.space();
        if self.peek().is_none() { Ok(()) } else { Err(self.syntax("text after the document")) }
    }

    /// A fault in the content, at the place being read.
    pub(crate) fn fault(&self, reason: impl Into<String>) -> Fault {
        Box::new(FaultDetails { syntax: false, path: self.path(), reason: reason.into() })
    }

    /// A fault in the content at a field of what was read.
    pub(crate) fn fault_at(&self, field: &str, reason: &str) -> Fault {
        Box::new(FaultDetails { syntax: false, path: field.to_owned(), reason: reason.to_owned() })
    }

    fn syntax(&self, reason: &str) -> Fault {
        Box::new(FaultDetails { syntax: true, path: self.path(), reason: reason.to_owned() })
    }

    /// The place being read: `assistants[3].grants[0].role`; empty for the whole.
    pub(crate) fn path(&self) -> String {
        let mut path = String::new();
        for step in &self.path {
            match *step {
                Step::Field(name) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(&harmless(self.text.get(name)));
                }
                Step::Item(index) => {
                    path.push('[');
                    path.push_str(&decimal(u64::from(index)));
                    path.push(']');
                }
            }
        }
        path
    }

    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.text.document.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        // Most often there is none.
        while let Some(byte) = self.peek()
            && byte <= b' '
            && matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
        {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn enter(&mut self, open: u8, wanted: &str) -> Result<()> {
        self.space();
        if !self.take(open) {
            return Err(self.wrong(wanted));
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(self.syntax("nested too deeply")) } else { Ok(()) }
    }

    /// The fault of a value that is not what is wanted, or of no value at all.
    fn wrong(&self, wanted: &str) -> Fault {
        match self.peek() {
            Some(b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => self.fault(concat(&["expected ", wanted])),
            _ => self.syntax("not JSON"),
        }
    }

    /// Starts an object.
    pub(crate) fn object(&mut self) -> Result<Object> {
        self.enter(b'{', "an object")?;
        Ok(Object { known: 0, unknown_from: self.unknown.len(), first: true })
    }

    /// The index in `fields` of the next field, its value to be read by the caller; `None` at the end of the object.
    /// Fields that are not in `fields` are skipped.
    pub(crate) fn field(&mut self, object: &mut Object, fields: &'static [&'static str]) -> Result<Option<usize>> {
        loop {
            if !object.first {
                self.path.pop();
            }
            self.space();
            if self.take(b'}') {
                self.depth -= 1;
                return self.forget(object.unknown_from).map(|()| None);
            }
            if !object.first {
                if !self.take(b',') {
                    return Err(self.syntax("expected `,` or `}`"));
                }
                self.space();
            }
            object.first = false;
            if self.peek() != Some(b'"') {
                return Err(self.syntax("expected a field name"));
            }
            let name = self.string()?;
            self.path.push(Step::Field(name));
            self.space();
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
            if self.stray.is_none() {
                self.stray = Some(Stray { path: self.path(), name: self.text.get(name).to_owned(), known: fields });
            }
            self.unknown.push(name.key());
            self.skip()?;
        }
    }

    /// Forgets the unknown fields of an object that ends. Refuses it if two of them have the same name.
    fn forget(&mut self, unknown_from: usize) -> Result<()> {
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
                self.path.push(Step::Field(Span::of_key(key)));
                Err(self.fault(DUPLICATE))
            }
            _ => Ok(()),
        }
    }

    /// The first unknown field that was passed over: what is given must not have any.
    #[cfg(feature = "authority")]
    pub(crate) fn stray(&self) -> Option<&Stray> {
        self.stray.as_ref()
    }

    /// Starts an array.
    pub(crate) fn array(&mut self) -> Result<Array> {
        self.enter(b'[', "an array")?;
        Ok(Array(0))
    }

    /// Whether there is another item, to be read by the caller.
    pub(crate) fn item(&mut self, array: &mut Array) -> Result<bool> {
        if array.0 > 0 {
            self.path.pop();
        }
        self.space();
        if self.take(b']') {
            self.depth -= 1;
            return Ok(false);
        }
        if array.0 > 0 && !self.take(b',') {
            return Err(self.syntax("expected `,` or `]`"));
        }
        self.path.push(Step::Item(array.0));
        array.0 += 1;
        Ok(true)
    }

    /// Whether an object comes next.
    pub(crate) fn at_object(&mut self) -> bool {
        self.space();
        self.peek() == Some(b'{')
    }

    /// Whether a string comes next.
    pub(crate) fn at_string(&mut self) -> bool {
        self.space();
        self.peek() == Some(b'"')
    }

    /// A string.
    pub(crate) fn string(&mut self) -> Result<Span> {
        self.space();
        if !self.take(b'"') {
            return Err(self.wrong("a string"));
        }
        let start = self.at;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => return self.escaped(start),
                Some(byte) if byte >= b' ' => self.at += 1,
                Some(_) => return Err(self.syntax("control character in a string")),
                None => return Err(self.syntax("unterminated string")),
            }
        }
        let span = self.since(start);
        self.at += 1;
        Ok(span)
    }

    /// A string, as a text of its own.
    pub(crate) fn owned(&mut self) -> Result<String> {
        self.string().map(|span| self.get(span).to_owned())
    }

    /// The rest of a string that started at `start` and has an escape here, decoded.
    fn escaped(&mut self, start: usize) -> Result<Span> {
        let mut decoded = self.text.document.get(start..self.at).unwrap_or_default().to_owned();
        loop {
            let from = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..0x20)) {
                self.at += 1;
            }
            decoded.push_str(self.text.document.get(from..self.at).unwrap_or_default());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(self.text.push(&decoded));
                }
                Some(b'\\') => {
                    self.at += 1;
                    decoded.push(self.escape()?);
                }
                Some(_) => return Err(self.syntax("control character in a string")),
                None => return Err(self.syntax("unterminated string")),
            }
        }
    }

    fn escape(&mut self) -> Result<char> {
        let escape = self.peek();
        self.at += 1;
        let plain = match escape {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let unit = self.hex4()?;
                let code = if (0xD800..0xDC00).contains(&unit) && self.take(b'\\') && self.take(b'u') {
                    let low = self.hex4()?;
                    if !(0xDC00..0xE000).contains(&low) {
                        return Err(self.syntax("lone surrogate in a string"));
                    }
                    0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)
                } else {
                    unit
                };
                return char::from_u32(code).ok_or_else(|| self.syntax("lone surrogate in a string"));
            }
            _ => return Err(self.syntax("unknown escape in a string")),
        };
        Ok(plain)
    }

    fn hex4(&mut self) -> Result<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let digit = digit.ok_or_else(|| self.syntax("bad `\\u` escape in a string"))?;
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }

    /// An integer from 0 to [`MAX_INTEGER`].
    pub(crate) fn integer(&mut self) -> Result<u64> {
        const WANTED: &str = "an integer from 0 to 9007199254740991";
        let start = self.position();
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.wrong(WANTED));
        }
        self.number()?;
        let digits = self.text.get(self.since(start));
        match digits.parse() {
            Ok(value) if value <= MAX_INTEGER => Ok(value),
            _ => Err(self.fault(concat(&["expected ", WANTED]))),
        }
    }

    /// Passes over a number of any form.
    fn number(&mut self) -> Result<()> {
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'0'..=b'9')) { Err(self.syntax("number with a leading zero")) } else { Ok(()) }
    }

    fn digits(&mut self) -> Result<()> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start { Err(self.syntax("not a number")) } else { Ok(()) }
    }

    /// Passes over any value, checking that it is JSON without duplicate keys.
    pub(crate) fn skip(&mut self) -> Result<()> {
        self.space();
        match self.peek() {
            Some(b'{') => {
                let mut object = self.object()?;
                while self.field(&mut object, &[])?.is_some() {}
                Ok(())
            }
            Some(b'[') => {
                let mut array = self.array()?;
                while self.item(&mut array)? {
                    self.skip()?;
                }
                Ok(())
            }
            Some(b'"') => self.string().map(drop),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => ["true", "false", "null"]
                .iter()
                .find(|word| self.text.document.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(word.as_bytes())))
                .map(|word| self.at += word.len())
                .ok_or_else(|| self.syntax("not JSON")),
        }
    }
}

/// See [`Reader::place`].
#[derive(Clone, Copy)]
pub(crate) struct Place {
    depth: u32,
    path: usize,
    unknown: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skip(text: &str) -> std::result::Result<(), String> {
        let mut reader = Reader::new(text.to_owned());
        reader.skip().and_then(|()| reader.finish()).map_err(|fault| format!("{}: {}", fault.path, fault.reason))
    }

    #[test]
    fn accepts_json() {
        for text in
            ["{}", " [ ] ", "\"\\u00e9\\ud83d\\ude00\\n\"", "-0.5e+10", "0", "true", "null", r#"{"a":[1,{"b":null}],"c":""}"#]
        {
            assert_eq!(skip(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_not_json() {
        for text in [
            "",
            "{",
            "[1,]",
            "{\"a\":1,}",
            "{a:1}",
            "'a'",
            "01",
            "1.",
            ".5",
            "+1",
            "1e",
            "tru",
            "nul",
            "[1 2]",
            "\"\u{1}\"",
            "\"\\x\"",
            "\"\\ud800\"",
            "\"\\ud800\\u0041\"",
            "\"\\u12g4\"",
            "\"open",
            "{\"a\" 1}",
            "{} {}",
            "NaN",
            "\u{feff}{}",
            "-",
            "[,1]",
            "{,}",
        ] {
            assert!(skip(text).is_err(), "{text}");
        }
    }

    #[test]
    fn agrees_with_serde_json_on_strings() {
        for text in [r#""plain""#, r#""tab\tquote\"slash\/""#, r#""\u0041\u00e9\u20ac\ud83d\ude00 end""#, "\"é€😀\""] {
            let mut reader = Reader::new(text.to_owned());
            let span = reader.string().expect("a string");
            assert_eq!(reader.get(span), serde_json::from_str::<String>(text).expect("a string"));
        }
    }

    #[test]
    fn refuses_duplicate_keys_however_they_are_written() {
        assert_eq!(skip(r#"{"a":1,"a":2}"#).unwrap_err(), "a: duplicate key");
        assert_eq!(skip(r#"{"x":[0,{"a":1,"b":{},"\u0061":2}]}"#).unwrap_err(), "x[1].a: duplicate key");
        assert_eq!(skip(r#"{"a":{"b":1},"b":{"b":1}}"#), Ok(()));
        assert_eq!(skip(r#"{"":1,"a":{"a":1},"":2}"#).unwrap_err(), ": duplicate key");
        // Wherever the second stands, and however alike the others are.
        for prefix in ["", "\\u0070", &"p".repeat(900)] {
            let mut fields: Vec<String> = (0..1000).map(|n| format!("\"{prefix}{n}\":{{\"n\":0}}")).collect();
            assert_eq!(skip(&format!("[{{{}}}]", fields.join(","))), Ok(()));
            fields.insert(300, "\"twice\":0".to_owned());
            fields.push("\"tw\\u0069ce\":0".to_owned());
            assert_eq!(skip(&format!("[{{{}}}]", fields.join(","))).unwrap_err(), "[0].twice: duplicate key");
        }
    }

    /// However many fields an object has, their number alone counts: two mebibytes of large objects against as much of small ones.
    #[test]
    fn finds_duplicates_in_linear_time() {
        let time = |names: &[String]| {
            let fields: Vec<String> = names.iter().map(|name| format!("\"{name}\":0")).collect();
            let object = format!("{{{}}}", fields.join(","));
            let document = format!("[{}]", vec![object.as_str(); (2 << 20) / object.len()].join(","));
            let once = || {
                let begun = std::time::Instant::now();
                assert_eq!(skip(&document), Ok(()));
                begun.elapsed()
            };
            (0..3).map(|_| once()).min().unwrap_or_default()
        };
        for prefix in ["", "\\u00e9", &"p".repeat(60), &"p".repeat(1000)] {
            // Multiplying scatters them: what is in order is done sooner.
            let names = |count: u32| -> Vec<String> { (0..count).map(|n| format!("{prefix}{:04}", n * 7919 % 10_000)).collect() };
            let (large, small) = (time(&names(1024)), time(&names(8)));
            assert!(large < small * 12, "{large:?} for large objects, {small:?} for small ones");
        }
    }

    #[test]
    fn bounds_depth_and_unknown_fields() {
        assert_eq!(skip(&format!("{}{}", "[".repeat(32), "]".repeat(32))), Ok(()));
        assert!(skip(&"[".repeat(100_000)).unwrap_err().ends_with("nested too deeply"));
        let fields: Vec<String> = (0..1100).map(|n| format!("\"{n}\":0")).collect();
        assert!(skip(&format!("{{{}}}", fields.join(","))).unwrap_err().ends_with("too many unknown fields"));
    }

    #[test]
    fn reads_integers_that_both_sides_agree_on() {
        let integer = |text: &str| Reader::new(text.to_owned()).integer().map_err(|fault| fault.syntax);
        assert_eq!(integer("0"), Ok(0));
        assert_eq!(integer("9007199254740991"), Ok(MAX_INTEGER));
        for text in ["9007199254740992", "99999999999999999999999", "1.5", "1e3", "-1", "\"1\"", "null"] {
            assert_eq!(integer(text), Err(false), "{text}");
        }
    }
}
