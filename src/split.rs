//! Splits texts at an ASCII character. The standard library's functions take any pattern and add 2 KB of WebAssembly.

/// The texts before and after the first `at`.
pub(crate) fn split_once(text: &str, at: u8) -> Option<(&str, &str)> {
    around(text, text.bytes().position(|byte| byte == at)?)
}

/// The texts before and after the last `at`.
pub(crate) fn rsplit_once(text: &str, at: u8) -> Option<(&str, &str)> {
    around(text, text.bytes().rposition(|byte| byte == at)?)
}

fn around(text: &str, index: usize) -> Option<(&str, &str)> {
    let (before, rest) = text.split_at_checked(index)?;
    Some((before, rest.get(1..)?))
}

#[cfg(test)]
mod tests {
    use super::{rsplit_once, split_once};

    #[test]
    fn splits_as_the_standard_library_does() {
        for text in ["", ".", "a", "a.", ".a", "a.b", "a..b", "é.ü.ß", "..."] {
            assert_eq!(split_once(text, b'.'), text.split_once('.'), "{text}");
            assert_eq!(rsplit_once(text, b'.'), text.rsplit_once('.'), "{text}");
        }
    }
}
