//! Texts that the reader accepts and refuses, and its time.

use super::{JsonReader, MAX_INTEGER};

fn skip(text: &str) -> Result<(), String> {
    let mut reader = JsonReader::new(text.to_owned());
    reader.skip().and_then(|()| reader.finish()).map_err(|fault| format!("{}: {}", fault.path, fault.reason))
}

#[test]
fn accepts_json() {
    for text in ["{}", " [ ] ", "\"\\u00e9\\ud83d\\ude00\\n\"", "-0.5e+10", "0", "true", "null", r#"{"a":[1,{"b":null}],"c":""}"#] {
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
        let mut reader = JsonReader::new(text.to_owned());
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
    // At any distance, and among names that are much alike.
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
        // Multiplication scatters the names: sorted ones take less time.
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
    let integer = |text: &str| JsonReader::new(text.to_owned()).integer().map_err(|fault| fault.syntax);
    assert_eq!(integer("0"), Ok(0));
    assert_eq!(integer("9007199254740991"), Ok(MAX_INTEGER));
    for text in ["9007199254740992", "99999999999999999999999", "1.5", "1e3", "-1", "\"1\"", "null"] {
        assert_eq!(integer(text), Err(false), "{text}");
    }
}
