//! E-mail addresses: what passes for one, and when two are the same. The one place that says it: invitations, sign-in, the founder
//! and people who were removed are all known by the form that is made here.

use crate::authority::limits::LONGEST_ADDRESS;
use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::props::GeneralCategory;
use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};
use serde::Serialize;

use super::visible::{category, is_hidden, named};

/// What is longer is not looked at. Composed, and with its domain in ASCII, an address may be shorter or longer than as it was written.
const LONGEST_WRITTEN: usize = 4 * LONGEST_ADDRESS;

/// An address as somebody wrote it, read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(bindings, derive(tsify::Tsify))]
pub struct ReadAddress {
    /// Its normal form, without what was taken out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub address: Option<String>,
    /// Why it is none; for people, one lowercase line.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(bindings, tsify(optional))]
    pub fault: Option<String>,
    /// What was taken out because it cannot be seen, in its order: `U+200B`.
    pub removed: Vec<String>,
}

/// Reads an address that somebody wrote or pasted: takes out what cannot be seen, says so, and gives the normal form of the rest. For
/// windows, which show it before it is used; what is used is [`normal_address`] of it.
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

/// The normal form of an address: two that have the same are one mailbox. Nothing for what is no address, or could be mistaken for
/// another one.
///
/// * Characters that cannot be seen, that are unassigned, private, or other forms of plain ones (`ﬁ`, `ſ`, the Kelvin sign `K`) are
///   refused, and what would have to be quoted in a mail's header.
/// * Accents are composed (NFC).
/// * Letters are lower-case, before the `@` too: no provider that matters tells people apart by case. Of two letters never one becomes
///   the other unless they are the upper and the lower case of one; `İ`, whose lower case is drawn as `i`, is refused.
/// * The domain is in ASCII: internationalized labels are A-labels (UTS #46, nontransitional).
pub fn normal_address(address: &str) -> Option<String> {
    read(address).ok()
}

/// The normal form, or why there is none.
pub(super) fn read(address: &str) -> Result<String, String> {
    let none = || "is no e-mail address".to_owned();
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
    // A dot on an `i` that has one already cannot be seen.
    if local.contains(['i', 'j']) && (local.contains("i\u{307}") || local.contains("j\u{307}")) {
        return Err(none());
    }
    let normal = format!("{local}@{domain}");
    let known = !local.is_empty() && normal.len() <= LONGEST_ADDRESS && (domain.contains('.') || domain == "localhost");
    known.then_some(normal).ok_or_else(none)
}

/// What an address is found by: its normal form. One that was kept before this form was, and has none, is itself.
pub(super) fn key(kept: &str) -> Cow<'_, str> {
    normal_address(kept).map_or(Cow::Borrowed(kept), Cow::Owned)
}

/// Refuses what no part of an address has.
fn check(character: char) -> Result<(), String> {
    if is_quoted(character) || character.is_whitespace() || character.is_control() {
        return Err("is no e-mail address".to_owned());
    }
    if character.is_ascii() {
        return Ok(());
    }
    if is_hidden(character) {
        return Err(format!("holds a character that cannot be seen, {}", named(character)));
    }
    if matches!(category(character), GeneralCategory::Unassigned | GeneralCategory::PrivateUse) || is_other_form(character) {
        return Err(format!("holds a character that no address has, {}", named(character)));
    }
    Ok(())
}

/// Whether Unicode knows a character as another form of one that is written otherwise, or as a plain one of ASCII. Thai and Lao write
/// some letters so.
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

/// Whether an address may be one that is kept: in its normal form, or in the one that was before it, in lower case of ASCII alone.
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

/// Whether a character would have to be quoted in a mail's header.
fn is_quoted(character: char) -> bool {
    matches!(character, '@' | '<' | '>' | '(' | ')' | '[' | ']' | '\\' | ',' | ';' | ':' | '"')
}

#[cfg(test)]
mod tests;
