//! E-mail addresses: what passes for one, and when two are the same.

/// Longest address that mail carries (RFC 5321 §4.5.3.1.3).
const LONGEST: usize = 254;

/// An address as it is kept and compared: in lower case (of ASCII), the part before the `@` too, as no provider that matters
/// tells people apart by case. None for what is no address.
pub(super) fn fold(address: &str) -> Option<String> {
    is_address(address).then(|| address.to_ascii_lowercase())
}

/// Whether an address may be one that is kept.
pub(super) fn is_kept(address: &str) -> bool {
    is_address(address) && !address.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// Stricter than RFC 5321: nothing that would have to be quoted in a mail's header.
fn is_address(address: &str) -> bool {
    let Some((local, domain)) = address.split_once('@') else { return false };
    let plain = |character: char| {
        !character.is_whitespace()
            && !character.is_control()
            && !matches!(character, '@' | '<' | '>' | '(' | ')' | '[' | ']' | '\\' | ',' | ';' | ':' | '"')
    };
    let labels = domain.split('.').all(|label| !label.is_empty());
    !local.is_empty()
        && address.len() <= LONGEST
        && local.chars().chain(domain.chars()).all(plain)
        && labels
        && (domain.contains('.') || domain.eq_ignore_ascii_case("localhost"))
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn folds_what_is_an_address() {
        assert_eq!(fold("Ana.B+x@ACME.Example").as_deref(), Some("ana.b+x@acme.example"));
        assert_eq!(fold("root@LOCALHOST").as_deref(), Some("root@localhost"));
        assert_eq!(fold("o'neil@a-b.co").as_deref(), Some("o'neil@a-b.co"));
        assert!(fold(&format!("{}@acme.example", "x".repeat(241))).is_some());
    }

    #[test]
    fn refuses_everything_else() {
        for text in [
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
        ] {
            assert_eq!(fold(text), None, "{text}");
        }
        assert_eq!(fold(&format!("{}@acme.example", "x".repeat(242))), None);
    }
}
