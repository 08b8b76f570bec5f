//! Strings and numbers, and passing over a value of any type.

use super::{JsonReader, MAX_INTEGER, Read, Span};
use crate::error::concat;

impl JsonReader {
    /// A string.
    pub(crate) fn string(&mut self) -> Read<Span> {
        self.skip_space();
        if !self.take(b'"') {
            return Err(self.expected("a string"));
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
        let span = self.span_from(start);
        self.at += 1;
        Ok(span)
    }

    /// A string, copied.
    pub(crate) fn owned(&mut self) -> Read<String> {
        self.string().map(|span| self.get(span).to_owned())
    }

    /// The span of the decoded string that starts at `start` and has its first escape here.
    fn escaped(&mut self, start: usize) -> Read<Span> {
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

    fn escape(&mut self) -> Read<char> {
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

    fn hex4(&mut self) -> Read<u32> {
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
    pub(crate) fn integer(&mut self) -> Read<u64> {
        const WANTED: &str = "an integer from 0 to 9007199254740991";
        self.skip_space();
        let start = self.at;
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.expected(WANTED));
        }
        self.number()?;
        let digits = self.text.get(self.span_from(start));
        match digits.parse() {
            Ok(value) if value <= MAX_INTEGER => Ok(value),
            _ => Err(self.fault(concat(&["expected ", WANTED]))),
        }
    }

    /// Passes over a number of any form.
    fn number(&mut self) -> Read<()> {
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

    fn digits(&mut self) -> Read<()> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start { Err(self.syntax("not a number")) } else { Ok(()) }
    }

    /// Passes over a value of any type. Refuses text that is not JSON, and duplicate keys.
    pub(crate) fn skip(&mut self) -> Read<()> {
        self.skip_space();
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
