//! The text of a document, and the strings in it as spans.

use std::num::NonZeroU32;

/// Bytes that may always be added to a text: thousands of changes.
pub(crate) const MIN_GROWTH: usize = 1 << 20;
/// The position of a text that facts are read from and that is then dropped: behind every text that is kept.
#[cfg(feature = "authority")]
pub(crate) const PASSING: u32 = 1 << 31;

/// A string of a [`Text`], by position and length in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    start: u32,
    /// One more than the length, so that an absent span takes no more room: a workspace has a million spans.
    len_and_one: NonZeroU32,
}

impl Default for Span {
    fn default() -> Span {
        Span::new(0, 0)
    }
}

impl Span {
    pub(super) fn new(start: u32, len: u32) -> Span {
        Span { start, len_and_one: NonZeroU32::MIN.saturating_add(len) }
    }

    fn len(self) -> u32 {
        self.len_and_one.get() - 1
    }

    pub(crate) fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The span as one number, for [`sort`](crate::sort::sort).
    pub(super) fn key(self) -> u64 {
        u64::from(self.start) << 32 | u64::from(self.len())
    }

    pub(super) fn of_key(key: u64) -> Span {
        Span::new((key >> 32) as u32, key as u32)
    }
}

/// The text of a document, and behind it the strings that are not in it as they are.
#[derive(Default)]
pub(crate) struct Text {
    /// The position of the first byte: 0, or the length of the text that this one will be appended to.
    pub(super) base: u32,
    pub(super) document: String,
    /// Decoded strings that had escapes, then appended texts. Apart from the document, which is so never copied to grow.
    pub(super) decoded: String,
    /// The text that is being read, at [`PASSING`]. What is needed of it is kept, then it is dropped.
    #[cfg(feature = "authority")]
    pub(super) passing: Option<Box<Text>>,
}

impl Text {
    /// The string of a span.
    pub(crate) fn get(&self, span: Span) -> &str {
        #[cfg(feature = "authority")]
        if span.start >= PASSING
            && let Some(passing) = &self.passing
        {
            return passing.get(span);
        }
        let start = span.start.wrapping_sub(self.base) as usize;
        let (text, start) = match start.checked_sub(self.document.len()) {
            None => (&self.document, start),
            Some(start) => (&self.decoded, start),
        };
        text.get(start..start + span.len() as usize).unwrap_or_default()
    }

    /// The length: the position of the next string.
    pub(crate) fn len(&self) -> u32 {
        self.base + (self.document.len() + self.decoded.len()) as u32
    }

    /// Adds a string.
    pub(crate) fn push(&mut self, string: &str) -> Span {
        let start = self.len();
        self.decoded.push_str(string);
        Span::new(start, string.len() as u32)
    }

    /// Adds a text whose spans count from the end of this one.
    pub(crate) fn append(&mut self, text: &Text) {
        self.decoded.push_str(&text.document);
        self.decoded.push_str(&text.decoded);
    }

    /// Removes what was added from the position `len` on.
    pub(crate) fn truncate(&mut self, len: u32) {
        self.decoded.truncate((len as usize).saturating_sub(self.document.len()));
    }

    /// Reads from `text`, whose spans count from [`PASSING`], until [`Text::drop_passing`].
    #[cfg(feature = "authority")]
    pub(crate) fn pass(&mut self, text: Text) {
        self.passing = Some(Box::new(text));
    }

    #[cfg(feature = "authority")]
    pub(crate) fn drop_passing(&mut self) {
        self.passing = None;
    }

    /// The same string where it stays: one of the passing text is added.
    #[cfg(feature = "authority")]
    pub(crate) fn keep(&mut self, span: Span) -> Span {
        match self.passing.take() {
            Some(passing) if span.start >= PASSING => {
                let kept = self.add(passing.get(span));
                self.passing = Some(passing);
                kept
            }
            passing => {
                self.passing = passing;
                span
            }
        }
    }

    /// As [`Text::push`], and grows by a quarter: texts of an authority are large and stay.
    #[cfg(feature = "authority")]
    pub(crate) fn add(&mut self, string: &str) -> Span {
        if self.decoded.len() + string.len() > self.decoded.capacity() {
            self.decoded.reserve_exact(string.len().max(self.decoded.len() / 4));
        }
        self.push(string)
    }

    /// Whether more was added than the document holds. Replaced strings keep their room, so it is time to open afresh.
    pub(crate) fn outgrown(&self) -> bool {
        self.decoded.len() > self.document.len().max(MIN_GROWTH)
    }
}
