//! E-mail addresses: which texts are addresses, and which addresses are the same. Invitations, sign-ins, founders and removed people are all
//! found by the normal form that is made here.

use crate::authority::limits::LONGEST_ADDRESS;
use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::props::GeneralCategory;
use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};
use serde::Serialize;

use super::visible::{category, is_hidden, named};

/// The longest text that is read, in bytes. Normalization may make an address shorter or longer.
const LONGEST_WRITTEN: usize = 4 * LONGEST_ADDRESS;

/// The result of reading an address that a person wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct ReadAddress {
    /// Its normal form, without the removed characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub address: Option<String>,
    /// Why it is not an address: one lowercase line, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub fault: Option<String>,
    /// The removed invisible characters, in order: `U+200B`.
    pub removed: Vec<String>,
}

/// Reads an address that a person wrote or pasted: removes invisible characters, lists them, and gives the normal form of the rest. It is
/// for forms, which show the result before it is used; use [`normal_address`] of the result.
pub fn read_address(written: &str) -> ReadAddress {
    let hidden = |character: &char| is_hidden(*character) || (character.is_control() && !character.is_whitespace());
    let removed = written.chars().filter(hidden).take(LONGEST_WRITTEN).map(named).collect();
    let rest: String = written.chars().filter(|character| !hidden(character)).collect();
    let (address, fault) = match read(rest.trim()) {
        Ok(address) => (Some(address), None),
        Err(fault) => (None, Some(fault)),
    };
    ReadAddress { address, fault, removed }
}

/// The normal form of an address: two addresses with the same normal form are one mailbox. None for a text that is not an address or could
/// be mistaken for another address.
///
/// * Refused are characters that are invisible, unassigned, private, or other forms of plain characters (`ﬁ`, `ſ`, the Kelvin sign `K`),
///   and characters that need quoting in a mail header.
/// * Accents are composed (NFC).
/// * Letters are in lower case, before the `@` too: no large provider distinguishes mailboxes by case. Two letters become the same only if
///   they are upper and lower case of one letter; `İ`, whose lower case looks like `i`, is refused.
/// * The domain is in ASCII: internationalized labels are A-labels (UTS #46, nontransitional).
pub fn normal_address(address: &str) -> Option<String> {
    read(address).ok()
}

/// The normal form, or the reason why there is none.
pub(super) fn read(address: &str) -> Result<String, String> {
    let none = || "is not an e-mail address".to_owned();
    if address.len() > LONGEST_WRITTEN {
        return Err(none());
    }
    let (local, domain) = address.split_once('@').ok_or_else(none)?;
    for character in local.chars().chain(domain.chars()) {
        check(character)?;
    }
    let domain = Uts46::new()
        .to_ascii(domain.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast, DnsLength::Verify)
        .map_err(|_| none())?;
    let local = lower_case(local);
    // A second dot on an `i` or a `j` is invisible.
    if local.contains(['i', 'j']) && (local.contains("i\u{307}") || local.contains("j\u{307}")) {
        return Err(none());
    }
    let normal = format!("{local}@{domain}");
    let known = !local.is_empty() && normal.len() <= LONGEST_ADDRESS && (domain.contains('.') || domain == "localhost");
    known.then_some(normal).ok_or_else(none)
}

/// The key by which a stored address is found: its normal form. An address that was stored before the normal form existed and has none is
/// its own key.
pub(super) fn key(kept: &str) -> Cow<'_, str> {
    normal_address(kept).map_or(Cow::Borrowed(kept), Cow::Owned)
}

/// Refuses a character that no part of an address may have.
fn check(character: char) -> Result<(), String> {
    if is_quoted(character) || character.is_whitespace() || character.is_control() {
        return Err("is not an e-mail address".to_owned());
    }
    if character.is_ascii() {
        return Ok(());
    }
    if is_hidden(character) {
        return Err(format!("has an invisible character, {}", named(character)));
    }
    if matches!(category(character), GeneralCategory::Unassigned | GeneralCategory::PrivateUse) || is_other_form(character) {
        return Err(format!("has a character that no address has, {}", named(character)));
    }
    Ok(())
}

/// Whether Unicode treats a character as another form of a plain character (its NFKC differs from its NFC, or its NFC is ASCII). Thai and Lao
/// letters are excepted: they are regularly written so.
fn is_other_form(character: char) -> bool {
    let mut text = [0; 4];
    let text: &str = character.encode_utf8(&mut text);
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(text);
    let plain = ComposingNormalizerBorrowed::new_nfkc().normalize(text);
    composed.is_ascii() || (plain != composed && !matches!(character, '\u{e00}'..='\u{eff}'))
}

fn lower_case(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let nfc = ComposingNormalizerBorrowed::new_nfc();
    nfc.normalize(&nfc.normalize(text).to_lowercase()).into_owned()
}

/// Whether an address can be a stored one: in the normal form, or in the form before it, which had only ASCII letters in lower case.
pub(super) fn is_kept(address: &str) -> bool {
    let Some((local, domain)) = address.split_once('@') else { return false };
    let plain = |character: char| {
        !character.is_whitespace() && !character.is_control() && !is_quoted(character) && !character.is_ascii_uppercase()
    };
    let labels = domain.split('.').all(|label| !label.is_empty());
    !local.is_empty()
        && address.len() <= LONGEST_ADDRESS
        && local.chars().chain(domain.chars()).all(plain)
        && labels
        && (domain.contains('.') || domain == "localhost")
}

/// Whether a character needs quoting in a mail header.
fn is_quoted(character: char) -> bool {
    matches!(character, '@' | '<' | '>' | '(' | ')' | '[' | ']' | '\\' | ',' | ';' | ':' | '"')
}

#[cfg(test)]
mod tests;
