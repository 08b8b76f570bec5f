//! Web origins and the origin patterns of an assistant's embedding (§4).
//!
//! Origins are compared as the URL standard's origins: scheme, host and port, the host without regard to case, default ports
//! filled in. An opaque origin (`null`) is not an origin here, so no pattern allows it.

use crate::split::{rsplit_once, split_once};

/// A parsed origin, borrowing the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Parts<'a> {
    scheme: &'a str,
    host: &'a str,
    port: Option<u16>,
}

/// `scheme://host[:port]` and nothing else.
fn parse(text: &str) -> Option<Parts<'_>> {
    let (scheme, authority) = split(text)?;
    parts(scheme, authority)
}

/// The texts before the first `:` and after its `//`.
fn split(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = split_once(text, b':')?;
    Some((scheme, rest.strip_prefix("//")?))
}

/// A pattern: an origin with or without `*.` before the host, and whether `*.` is there.
fn parse_pattern(text: &str) -> Option<(Parts<'_>, bool)> {
    let (scheme, authority) = split(text)?;
    match authority.strip_prefix("*.") {
        Some(domain) => Some((parts(scheme, domain)?, true)),
        None => Some((parts(scheme, authority)?, false)),
    }
}

fn parts<'a>(scheme: &'a str, authority: &'a str) -> Option<Parts<'a>> {
    let known_scheme = scheme.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    // A colon inside brackets belongs to an IPv6 address.
    let (host, port) = match rsplit_once(authority, b':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let name = host.strip_suffix('.').unwrap_or(host);
    let known_host = match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => {
            address.bytes().any(|byte| byte == b':')
                && address.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'))
        }
        None => name
            .as_bytes()
            .split(|byte| *byte == b'.')
            .all(|label| !label.is_empty() && label.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))),
    };
    let port = match port {
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(digits.parse().ok()?),
        Some(_) => return None,
        None if scheme.eq_ignore_ascii_case("https") => Some(443),
        None if scheme.eq_ignore_ascii_case("http") => Some(80),
        None => None,
    };
    (known_scheme && known_host).then_some(Parts { scheme, host, port })
}

/// Why a pattern is refused; `None` for an allowed one:
/// `*`, or `https://[*.]host[:port]`, or `http://localhost[:port]`.
pub(crate) fn pattern_fault(pattern: &str) -> Option<&'static str> {
    if pattern == "*" {
        return None;
    }
    let Some((Parts { scheme, host, .. }, wildcard)) = parse_pattern(pattern) else {
        return Some("expected `scheme://host[:port]`, with `*.` before the host for its subdomains, or a lone `*`");
    };
    let secure = scheme.eq_ignore_ascii_case("https")
        || (scheme.eq_ignore_ascii_case("http") && host.eq_ignore_ascii_case("localhost") && !wildcard);
    (!secure).then_some("expected `https`; `http` is for localhost alone")
}

/// Whether a pattern without a [`pattern_fault`] allows a visitor's origin.
pub(crate) fn allows(pattern: &str, origin: &str) -> bool {
    let Some(visitor) = parse(origin) else { return false };
    if pattern == "*" {
        return true;
    }
    parse_pattern(pattern).is_some_and(|(allowed, wildcard)| {
        allowed.scheme.eq_ignore_ascii_case(visitor.scheme)
            && allowed.port == visitor.port
            && if wildcard { is_subdomain(visitor.host, allowed.host) } else { visitor.host.eq_ignore_ascii_case(allowed.host) }
    })
}

/// Whether `host` is `domain` with at least one label before it.
fn is_subdomain(host: &str, domain: &str) -> bool {
    let Some(labels) = host.len().checked_sub(domain.len()).and_then(|at| host.split_at_checked(at)) else { return false };
    labels.1.eq_ignore_ascii_case(domain) && labels.0.strip_suffix('.').is_some_and(|labels| !labels.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{allows, pattern_fault};

    #[test]
    fn allows_what_the_pattern_says() {
        for (pattern, origin) in [
            ("https://docs.acme.example", "https://docs.acme.example"),
            ("https://docs.acme.example", "https://DOCS.acme.example:443"),
            ("HTTPS://Docs.Acme.example:443", "https://docs.acme.example"),
            ("https://docs.acme.example:8443", "https://docs.acme.example:8443"),
            ("https://*.acme.example", "https://a.b.acme.example"),
            ("https://*.acme.example:8443", "https://x.acme.example:8443"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("https://[::1]:8443", "https://[::1]:8443"),
            ("https://[::1]", "https://[::1]"),
            ("https://[::1]:443", "https://[::1]"),
            ("http://localhost", "http://localhost:80"),
            ("http://LOCALHOST:80", "http://localhost"),
            ("*", "https://anything.example"),
            ("*", "http://localhost"),
        ] {
            assert_eq!(pattern_fault(pattern), None, "{pattern}");
            assert!(allows(pattern, origin), "{pattern} {origin}");
        }
    }

    #[test]
    fn allows_nothing_else() {
        for (pattern, origin) in [
            ("https://docs.acme.example", "http://docs.acme.example"),
            ("https://docs.acme.example", "https://docs.acme.example:444"),
            ("https://docs.acme.example", "https://docs.acme.example.evil.example"),
            ("https://docs.acme.example", "https://docs.acme.example."),
            ("https://docs.acme.example", "https://docs.acme.example/"),
            ("https://docs.acme.example", "https://user@docs.acme.example"),
            ("https://docs.acme.example", "https://docs-acme.example"),
            ("https://*.acme.example", "https://acme.example"),
            ("https://*.acme.example", "https://.acme.example"),
            ("https://*.acme.example", "https://evil-acme.example"),
            ("https://*.acme.example", "https://a.acme.example:8443"),
            ("https://acme.example", "https://a.acme.example"),
            ("http://localhost:3000", "http://localhost:3001"),
            ("http://localhost", "http://localhost:443"),
            ("https://localhost", "https://localhost:80"),
            ("https://[::1]", "https://[::2]"),
            ("*", "null"),
            ("*", ""),
            ("*", "https://"),
            ("*", "https://a b"),
            ("*", "https://a..b"),
            ("*", "https://a:99999"),
            ("*", "https://[::1"),
            ("*", "https://[abc]"),
            ("*", "https://[::1].example"),
            ("*", "https://[g::1]"),
            ("*", "https://a.example:+443"),
            ("*", "https://a.example:"),
            ("*", "1https://a.example"),
            ("*", "ht/tps://a.example"),
            ("*", "://a.example"),
            ("*", "https://a.example]"),
            ("*", "https://a:443]"),
            ("*", "https://[::1]:x]"),
            ("*", "https://[1]"),
            ("*", "https://[::1/]"),
            ("https://a.example", "https://a.example:+443"),
        ] {
            assert!(!allows(pattern, origin), "{pattern} {origin}");
        }
    }

    #[test]
    fn refuses_patterns_that_say_something_else() {
        for pattern in [
            "",
            "null",
            "docs.acme.example",
            "https://",
            "https://*",
            "https://a.*.example",
            "https://**.example",
            "https://a*.example",
            "http://docs.acme.example",
            "http://*.localhost",
            "https://docs.acme.example/",
            "https://docs.acme.example/path",
            "https://docs.acme.example:*",
            "https://user@docs.acme.example",
            "ftp://docs.acme.example",
            "javascript://x",
            "https://ä.example",
            "https://a:",
            "https://a:-1",
            "*.acme.example",
            "https://*.*.acme.example",
            "http://localhost.evil.example",
            "https://a.example:+443",
            "https://[abc]",
            "https://[]",
        ] {
            assert!(pattern_fault(pattern).is_some(), "{pattern}");
        }
    }
}
