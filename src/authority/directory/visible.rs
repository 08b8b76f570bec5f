//! Visible characters. An invisible character makes two different texts look the same; a character that turns the direction of writing makes
//! a text look like another one.

use crate::authority::limits::LONGEST_NAME;
use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};

const JOINERS: [char; 2] = ['\u{200c}', '\u{200d}'];

/// The general category of a character.
pub(super) fn category(character: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(character)
}

/// Whether a character is invisible by itself: it formats, fills, selects a variant, or is the empty Braille cell.
pub(super) fn is_hidden(character: char) -> bool {
    let ignorable = || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character);
    !character.is_ascii() && (character == '\u{2800}' || category(character) == GeneralCategory::Format || ignorable())
}

/// Signs of numbers and verses: Unicode counts them as format characters, but they are visible.
fn is_sign(character: char) -> bool {
    matches!(character, '\u{600}'..='\u{605}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{110bd}' | '\u{110cd}')
}

/// A character's name for a message: `U+200B`.
pub(super) fn named(character: char) -> String {
    format!("U+{:04X}", u32::from(character))
}

/// Whether a character cannot stand on one line.
pub(super) fn breaks_line(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

/// Why people cannot read a text as a name in a list, if so.
///
/// A name may have an invisible character only where its neighbours need it: a joiner between characters that it joins or separates
/// (Persian and Indic words, emoji), a variation selector after the character that it varies, the tags of a flag. Letters of Latin, Greek
/// and Cyrillic neither join nor vary, so they have no such neighbour.
pub(super) fn name_error(name: &str) -> Option<String> {
    let characters: Vec<char> = name.chars().collect();
    let blank = |character: &char| character.is_whitespace() || is_invisible(*character);
    if characters.iter().all(blank) || characters.len() > LONGEST_NAME || characters.iter().copied().any(breaks_line) {
        return Some(format!("expected 1 to {LONGEST_NAME} characters on one line"));
    }
    let mut flag = 0..0;
    for (at, character) in characters.iter().copied().enumerate() {
        if !is_invisible(character) || flag.contains(&at) {
            continue;
        }
        let before = characters.get(..at).unwrap_or_default();
        let after = characters.get(at + 1..).unwrap_or_default();
        let needed = if JOINERS.contains(&character) {
            let joined = before.iter().rev().find(|before| !is_selector(**before));
            joined.is_some_and(|joined| takes_more(*joined)) && after.first().is_some_and(|after| takes_more(*after))
        } else if is_selector(character) {
            before.last().is_some_and(|varied| takes_more(*varied))
        } else if let Some(tags) = flag_tags(before, characters.get(at..).unwrap_or_default()) {
            flag = at..at + tags;
            true
        } else {
            false
        };
        if !needed {
            return Some(format!("has an invisible character, {}", named(character)));
        }
    }
    None
}

/// Whether a character is invisible and not a visible sign.
fn is_invisible(character: char) -> bool {
    is_hidden(character) && !is_sign(character)
}

fn is_selector(character: char) -> bool {
    matches!(character, '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Whether a joiner or selector beside it changes how a character looks.
fn takes_more(character: char) -> bool {
    let plain = matches!(character,
        '\0'..='\u{58f}' | '\u{1c80}'..='\u{1c8f}' | '\u{1d00}'..='\u{1dbf}' | '\u{1e00}'..='\u{1fff}' | '\u{2c60}'..='\u{2c7f}'
        | '\u{a640}'..='\u{a69f}' | '\u{a720}'..='\u{a7ff}' | '\u{ab30}'..='\u{ab6f}' | '\u{fb00}'..='\u{fb06}' | '\u{ff21}'..='\u{ff5a}');
    !(plain && character.is_alphabetic() || character.is_whitespace() || is_hidden(character))
}

/// The number of tag characters after a black flag that make it the flag of a region: 3 to 6 letters or digits, and the end tag.
fn flag_tags(before: &[char], tags: &[char]) -> Option<usize> {
    let known = |tag: &&char| matches!(**tag, '\u{e0030}'..='\u{e0039}' | '\u{e0061}'..='\u{e007a}');
    let letters = tags.iter().take_while(known).count();
    let whole = before.last() == Some(&'\u{1f3f4}') && (3..=6).contains(&letters) && tags.get(letters) == Some(&'\u{e007f}');
    whole.then_some(letters + 1)
}

#[cfg(test)]
mod tests {
    use super::name_error;

    #[test]
    fn names_are_what_people_write() {
        for name in [
            "Support",
            "Café",
            "Cafe\u{301}",
            "می\u{200c}خواهم",
            "क\u{94d}\u{200d}ष",
            "👩\u{200d}👩\u{200d}👧",
            "🏳\u{fe0f}\u{200d}🌈",
            "❤\u{fe0f}",
            "1\u{fe0f}\u{20e3}",
            "👩🏽\u{200d}⚕\u{fe0f}",
            "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f} Scotland",
            "葛\u{e0100}飾区",
            "ᠮᠣᠩ\u{180b}ᠭᠣᠯ",
            "عدد \u{601}١٢",
            "日本\u{3000}語",
        ] {
            assert_eq!(name_error(name), None, "{name:?}");
        }
    }

    #[test]
    fn names_have_no_invisible_characters() {
        for (name, hidden) in [
            ("Sup\u{200b}port", "U+200B"),
            ("Sup\u{200d}port", "U+200D"),
            ("Sup\u{200c}port", "U+200C"),
            ("Кас\u{200d}са", "U+200D"),
            ("Support\u{200d}", "U+200D"),
            ("\u{200d}👧", "U+200D"),
            ("می\u{200c}", "U+200C"),
            ("می\u{200c}\u{200c}خواهم", "U+200C"),
            ("Sup\u{ad}port", "U+00AD"),
            ("\u{feff}Support", "U+FEFF"),
            ("\u{202e}troppuS", "U+202E"),
            ("\u{2067}Support\u{2069}", "U+2067"),
            ("שלום\u{200f}", "U+200F"),
            ("Support\u{fe0f}", "U+FE0F"),
            ("\u{fe0f}x", "U+FE0F"),
            ("❤\u{fe0f}\u{fe0f}", "U+FE0F"),
            ("Support\u{e0041}", "U+E0041"),
            ("🏴\u{e0067}\u{e0062}", "U+E0067"),
            ("Sup\u{34f}port", "U+034F"),
            ("a\u{3164}b", "U+3164"),
            ("a\u{2800}b", "U+2800"),
            ("a\u{fffa}b", "U+FFFA"),
            ("a\u{2061}b", "U+2061"),
        ] {
            assert_eq!(name_error(name), Some(format!("has an invisible character, {hidden}")), "{name:?}");
        }
        let long = "x".repeat(201);
        for name in
            ["", " ", "\u{3000}", "\u{200b}", "\u{3164}", "\u{2800}", "\u{200d}\u{fe0f}", "a\nb", "a\u{2028}b", "a\u{0}", &long]
        {
            assert!(name_error(name).unwrap().starts_with("expected 1 to 200"), "{name:?}");
        }
    }
}
