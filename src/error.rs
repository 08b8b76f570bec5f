//! Errors with their stable codes, and the texts of their messages. Rust and TypeScript share the codes.

/// A foreign text for a one-line message: in backticks and made [`harmless`].
pub(crate) fn quote(text: &str) -> String {
    concat(&["`", &harmless(text), "`"])
}

/// Joins texts. Messages are built with this and [`decimal`], because `format!` adds 3 KB of WebAssembly.
pub(crate) fn concat(pieces: &[&str]) -> String {
    pieces.iter().copied().collect()
}

/// A number for a message.
pub(crate) fn decimal(number: u64) -> String {
    let mut digits = Vec::new();
    let mut rest = number;
    while digits.is_empty() || rest > 0 {
        digits.push(char::from(b'0' + (rest % 10) as u8));
        rest /= 10;
    }
    digits.into_iter().rev().collect()
}

/// A quoted text, or `absent`.
pub(crate) fn or_absent(found: Option<&str>) -> String {
    found.map_or_else(|| "absent".to_owned(), quote)
}

/// A foreign text, cut to 64 characters, without characters that break or reorder a line or end a quotation.
pub(crate) fn harmless(text: &str) -> String {
    const LONGEST: usize = 64;
    let harmful = |character: char| {
        character.is_control()
            || matches!(character, '`' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let cut = text.chars().nth(LONGEST).map(|_| '…');
    text.chars().take(LONGEST).map(|character| if harmful(character) { '\u{fffd}' } else { character }).chain(cut).collect()
}

/// Declares an enum whose variants have one name each, in Rust, JSON and TypeScript.
macro_rules! named {
    ($(#[$outer:meta])* $enum:ident: $($(#[doc = $doc:literal])+ $(#[cfg($if:meta)])? $variant:ident $name:literal,)+) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
        #[cfg_attr(bindings, derive(tsify::Tsify))]
        pub enum $enum {
            $(
                $(#[doc = $doc])+
                $(#[cfg($if)])?
                #[serde(rename = $name)]
                $variant,
            )+
        }

        impl $enum {
            /// Every one with its meaning, a sentence or more, in the order of the declaration.
            #[cfg(feature = "authority")]
            pub(crate) const MEANINGS: &[($enum, &str)] = &[$($(#[cfg($if)])? ($enum::$variant, std::concat!($($doc),+).trim_ascii()),)+];

            /// All names, in the order of the declaration.
            #[cfg(feature = "authority")]
            #[allow(dead_code, reason = "not every list of names is needed")]
            pub(crate) const NAMES: &[&str] = &[$($(#[cfg($if)])? $name,)+];

            /// The name that stands in documents.
            pub const fn name(self) -> &'static str {
                match self { $($(#[cfg($if)])? $enum::$variant => $name,)+ }
            }
        }
    };
}
pub(crate) use named;

named! {
    /// The stable code of an error.
    // Not exhaustive: later versions may add codes.
    #[non_exhaustive]
    Code:
    /// The token is longer than the caller accepts.
    TooLarge "too_large",
    /// Not a JWS Compact with a readable header and claims.
    Malformed "malformed",
    /// The header's `typ` is not that of a snapshot.
    WrongType "wrong_type",
    /// The header's `alg` is neither `EdDSA` nor `Ed25519`.
    UnsupportedAlgorithm "unsupported_algorithm",
    /// The header names no key, or none of the caller's JWK Set, or brings its own.
    UnknownKey "unknown_key",
    /// The signature does not hold.
    BadSignature "bad_signature",
    /// `iss` is not the issuer asked for.
    WrongIssuer "wrong_issuer",
    /// `aud` does not contain the audience asked for.
    WrongAudience "wrong_audience",
    /// The facts are another organization's.
    WrongOrganization "wrong_organization",
    /// `nbf` is still to come.
    NotYetValid "not_yet_valid",
    /// `exp` has passed.
    Expired "expired",
    /// `version` is below the caller's minimum.
    RolledBack "rolled_back",
    /// The delta starts from another state than the snapshot's.
    WrongState "wrong_state",
    /// The facts contradict themselves or the scope.
    InvalidFacts "invalid_facts",
    /// The question cannot be answered from a snapshot of this scope.
    WrongScope "wrong_scope",
    /// The two snapshots are of different organizations.
    DifferentOrganizations "different_organizations",
    /// The options are not what they should be.
    InvalidOptions "invalid_options",
    /// There is no such user in the facts.
    UnknownUser "unknown_user",
    /// The key cannot sign or be read.
    InvalidKey "invalid_key",
    /// The steps from that version are not known any more: get the full snapshot.
    DeltaUnavailable "delta_unavailable",
    /// An event does not continue the chain, or was rewritten.
    Tampered "tampered",
    /// A later version of this software has written the text.
    #[cfg(feature = "authority")]
    UnsupportedFormat "unsupported_format",
    /// Used after `free()`.
    Freed "freed",
}

/// An error: a stable code, the path of the fault where there is one, and a message of one line.
///
/// Boxed, so that returning a success costs nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Error(Box<Details>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Details {
    code: Code,
    path: Option<String>,
    message: String,
}

impl Error {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Error {
        Error(Box::new(Details { code, path: None, message: message.into() }))
    }

    /// An error at a place in the document; the message names the place.
    pub(crate) fn at(code: Code, path: impl Into<String>, reason: &str) -> Error {
        Error::at_path(code, path.into(), reason)
    }

    /// An error at a claim or header parameter with another value than the expected one.
    pub(crate) fn mismatch(code: Code, path: &str, found: Option<&str>, expected: &str) -> Error {
        Error::at(code, path, &concat(&[&or_absent(found), ", expected ", &quote(expected)]))
    }

    fn at_path(code: Code, path: String, reason: &str) -> Error {
        if path.is_empty() {
            return Error::new(code, reason);
        }
        Error(Box::new(Details { code, message: concat(&[&path, ": ", reason]), path: Some(path) }))
    }

    /// The stable code.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// Where in the document or the options: `assistants[3].grants[0].role`.
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    #[cfg(bindings)]
    pub(crate) fn message(&self) -> &str {
        &self.0.message
    }
}

impl std::fmt::Debug for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Lowercase, one line, the caller's input in backticks.
impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::{decimal, quote};

    #[test]
    fn writes_numbers_as_the_standard_library_does() {
        for number in [0, 7, 10, 99, 1_790_000_000, u64::MAX] {
            assert_eq!(decimal(number), number.to_string());
        }
    }

    #[test]
    fn quotes_on_one_short_line() {
        assert_eq!(quote("ana"), "`ana`");
        assert_eq!(quote("a\nb\u{2028}c\u{202e}d`e"), "`a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}e`");
        assert_eq!(quote(&"x".repeat(1000)).chars().count(), 67);
    }
}
