use std::collections::HashMap;

use super::{normal_address, read_address};

/// Addresses of one mailbox each, the normal form first.
const SAME: [&[&str]; 9] = [
    &["ana.b+x@acme.example", "Ana.B+x@ACME.Example"],
    &["root@localhost", "root@LOCALHOST"],
    &["o'neil@a-b.co", "O'Neil@A-B.co"],
    &["émilie@acme.example", "ÉMILIE@acme.example", "e\u{301}milie@acme.example", "E\u{301}MILIE@ACME.EXAMPLE"],
    &[
        "ana@xn--mnchen-3ya.example",
        "ana@münchen.example",
        "ana@MÜNCHEN.example",
        "ana@mu\u{308}nchen.example",
        "ana@XN--MNCHEN-3YA.example",
    ],
    &["μάριος@acme.example", "ΜΆΡΙΟΣ@acme.example", "μα\u{301}ριος@acme.example"],
    &["straße@xn--strae-oqa.example", "STRAẞE@straße.example"],
    &["иван@xn--h1alffa9f.example", "ИВАН@россия.example"],
    &["ana@xn--wgv71a.example", "ana@日本。example"],
];

/// Texts that are not addresses, or could be mistaken for another address.
const NONE: [&str; 45] = [
    "",
    "ana",
    "@acme.example",
    "ana@",
    "ana@acme",
    "ana@@acme.example",
    "a@b@acme.example",
    "ana @acme.example",
    "ana@acme.example\r\nBcc: x@y.example",
    "ana@.example",
    "ana@acme..example",
    "ana@acme.example.",
    "Ana <ana@acme.example>",
    "\"a b\"@acme.example",
    "a,b@acme.example",
    "ana@[127.0.0.1]",
    "ana@acme.example\u{a0}",
    "ana@-acme.example",
    "ana@ac_me.example",
    "ana@xn--a.example",
    // Invisible characters.
    "an\u{200b}a@acme.example",
    "an\u{200d}a@acme.example",
    "an\u{ad}a@acme.example",
    "\u{feff}ana@acme.example",
    "ana@acme.example\u{200f}",
    "\u{202e}ana@acme.example",
    "ana\u{fe0f}@acme.example",
    "ana\u{e0041}@acme.example",
    "ana\u{34f}@acme.example",
    "ana\u{3164}@acme.example",
    "ana\u{2800}@acme.example",
    "ana@ac\u{ad}me.example",
    "ana@ac\u{200b}me.example",
    "ana\u{7f}@acme.example",
    // Unassigned and private characters.
    "ana\u{378}@acme.example",
    "ana\u{e000}@acme.example",
    // Other forms of plain characters, and letters whose lower case looks like another letter.
    "\u{212a}im@acme.example",
    "kim@\u{212a}acme.example",
    "boſs@acme.example",
    "o\u{fb01}ce@acme.example",
    "\u{ff41}na@acme.example",
    "ana²@acme.example",
    "\u{130}smail@acme.example",
    "i\u{307}smail@acme.example",
    "ana\u{1fef}@acme.example",
];

/// Different mailboxes with similar addresses.
const DIFFERENT: [(&str, &str); 6] = [
    ("kim@acme.example", "kın@acme.example"),
    ("işık@acme.example", "ışık@acme.example"),
    ("strasse@acme.example", "straße@acme.example"),
    ("ana@strasse.example", "ana@straße.example"),
    ("emilie@acme.example", "émilie@acme.example"),
    ("μάριοσ@acme.example", "μάριος@acme.example"),
];

#[test]
fn one_mailbox_has_one_form() {
    for written in SAME {
        for other in written {
            assert_eq!(normal_address(other).as_deref(), Some(written[0]), "{other}");
        }
    }
    assert!(normal_address(&format!("{}@acme.example", "x".repeat(241))).is_some());
    assert_eq!(normal_address("คำ@acme.example").as_deref(), Some("คำ@acme.example"));
}

#[test]
fn invalid_addresses_are_refused() {
    for text in NONE {
        assert_eq!(normal_address(text), None, "{text:?}");
    }
    for long in ["x".repeat(242), "é".repeat(121), "x".repeat(1 << 20)] {
        assert_eq!(normal_address(&format!("{long}@acme.example")), None);
    }
}

#[test]
fn two_mailboxes_stay_two() {
    for (one, other) in DIFFERENT {
        let (one, other) = (normal_address(one).unwrap(), normal_address(other).unwrap());
        assert_ne!(one, other);
    }
}

/// For all characters of Unicode: normalizing twice changes nothing more, and only upper and lower case of one letter become the same.
#[test]
fn no_letter_becomes_another_one() {
    let mut written: HashMap<String, Vec<char>> = HashMap::new();
    for character in '\0'..=char::MAX {
        if let Some(normal) = normal_address(&format!("a{character}b@acme.example")) {
            assert_eq!(normal_address(&normal).as_deref(), Some(&*normal), "{character:?}");
            written.entry(normal).or_default().push(character);
        }
    }
    let nfd = icu_normalizer::DecomposingNormalizerBorrowed::new_nfd();
    for (normal, characters) in written {
        let mut cases: Vec<String> =
            characters.iter().map(|character| nfd.normalize(&character.to_string()).into_owned()).collect();
        cases.dedup(); // What Unicode has twice is one.
        cases.sort_unstable();
        cases.dedup();
        assert!(cases.len() <= 2, "{normal}: {characters:?}");
        if let [one, other] = &*cases {
            let lower = |text: &String| nfd.normalize(&text.to_lowercase()).into_owned();
            assert!(lower(one) == *other || lower(other) == *one, "{normal}: {characters:?}");
        }
    }
}

#[test]
fn reading_removes_invisible_characters_and_lists_them() {
    let read = read_address(" \u{feff}ni\u{200b}na@acme\u{ad}.example\u{a0}\n");
    assert_eq!(read.address.as_deref(), Some("nina@acme.example"));
    assert_eq!(read.removed, ["U+FEFF", "U+200B", "U+00AD"]);
    assert_eq!(read_address("Nina@acme.example").removed, [""; 0]);
    let read = read_address("\u{212a}im\u{200b}@acme.example");
    assert_eq!((read.address, read.removed.len()), (None, 1));
    assert_eq!(read.fault.as_deref(), Some("has a character that no address has, U+212A"));
}
