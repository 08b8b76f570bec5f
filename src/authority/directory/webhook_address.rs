//! Addresses of webhooks: which ones a service may call.
//!
//! A service calls an address that a person wrote, so the address must not lead into the service's own network. Only the text is seen here:
//! a name on the internet can still lead to a private address, and whoever runs a service has to prevent that (`docs/events.md`).

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::authority::limits::LONGEST_WEBHOOK_ADDRESS;

/// Endings of names that lead nowhere on the internet, or into a private network: RFC 6761, RFC 6762, RFC 7686, RFC 8375, RFC 9476, and those
/// that networks use for themselves.
const PRIVATE_ENDINGS: &[&str] = &[
    "localhost",
    "local",
    "localdomain",
    "internal",
    "intranet",
    "private",
    "corp",
    "home",
    "lan",
    "home.arpa",
    "onion",
    "alt",
    "invalid",
    "test",
];

/// The host of an address, as it is written.
#[derive(Clone, Copy)]
struct Address<'a> {
    scheme: &'a str,
    host: &'a str,
    /// Where the path or the query begins.
    end: usize,
}

/// Why a service may not call an address, if so. `loopback`: the service itself is on this machine, so an address on it is allowed too.
pub(super) fn fault(url: &str, loopback: bool) -> Option<&'static str> {
    let Some(Address { scheme, host, .. }) = parse(url) else {
        return Some("expected `https://host[:port][/path][?query]`, in ASCII, without a user name and without `#`");
    };
    if url.len() > LONGEST_WEBHOOK_ADDRESS {
        return Some("is longer than 2048 bytes");
    }
    match (is_loopback(host), scheme) {
        (true, _) if loopback => None,
        (_, "https") => is_private(host).then_some("expected a host on the internet, not one of a private network"),
        _ => Some("expected `https`"),
    }
}

/// The address without its path and query, which may hold a secret of the receiver.
pub(super) fn origin(url: &str) -> &str {
    parse(url).and_then(|address| url.get(..address.end)).unwrap_or_default()
}

/// Reads an address strictly: every reader of URLs reads it in the same way.
fn parse(url: &str) -> Option<Address<'_>> {
    let scheme =
        ["https", "http"].into_iter().find(|scheme| url.strip_prefix(scheme).is_some_and(|rest| rest.starts_with("://")))?;
    let start = scheme.len() + "://".len();
    let rest = url.get(start..)?;
    let length = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(length)?;
    let (host, port) = match authority.rfind(':') {
        Some(at) if !authority.ends_with(']') => (authority.get(..at)?, authority.get(at + 1..)),
        _ => (authority, None),
    };
    let known_port = port.is_none_or(|port| {
        port.bytes().all(|byte| byte.is_ascii_digit())
            && port.parse::<u16>().is_ok_and(|number| number > 0 && !port.starts_with('0'))
    });
    (known_port && is_host(host) && is_path(path)).then_some(Address { scheme, host, end: start + length })
}

/// Whether a text is a name with labels of letters, digits and hyphens, or an IP address in its usual form.
fn is_host(host: &str) -> bool {
    if let Some(address) = bracketed(host) {
        return address.parse::<Ipv6Addr>().is_ok();
    }
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    // Readers of URLs take a name whose last label is a number for an IPv4 address, in many forms: `127.1`, `0x7f.1`, `2130706433`.
    let last = host.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let numeric = last.strip_prefix("0x").is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
        || last.bytes().all(|byte| byte.is_ascii_digit());
    host.len() <= 253 && host.split('.').all(label) && (!numeric || host.parse::<Ipv4Addr>().is_ok())
}

/// Whether a text is a path and a query (RFC 3986 §3.3, §3.4).
fn is_path(path: &str) -> bool {
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        let plain = byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(&byte);
        let mut encoded = || byte == b'%' && (0..2).all(|_| bytes.next().is_some_and(|digit| digit.is_ascii_hexdigit()));
        if !plain && !encoded() {
            return false;
        }
    }
    true
}

fn bracketed(host: &str) -> Option<&str> {
    host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'))
}

fn is_loopback(host: &str) -> bool {
    let address = bracketed(host).and_then(|address| address.parse::<Ipv6Addr>().ok());
    host == "localhost"
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        || address.is_some_and(|address| address.is_loopback())
}

/// Whether a host is not on the internet.
fn is_private(host: &str) -> bool {
    if let Some(address) = bracketed(host) {
        return address.parse().is_ok_and(is_private_v6);
    }
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return is_private_v4(address);
    }
    let name = host.to_ascii_lowercase();
    let ends = |ending: &&str| name.strip_suffix(*ending).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    !name.contains('.') || PRIVATE_ENDINGS.iter().any(ends)
}

/// The blocks that are not globally reachable (IANA IPv4 Special-Purpose Address Registry), multicast and reserved ones.
fn is_private_v4(address: Ipv4Addr) -> bool {
    match address.octets() {
        [0 | 10 | 127, ..] | [224..=255, ..] => true,
        [100, second, ..] => (64..128).contains(&second),
        [169, 254, ..] | [192, 168, ..] => true,
        [172, second, ..] => (16..32).contains(&second),
        [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => true,
        _ => false,
    }
}

/// Everything but global unicast (2000::/3), and in it the blocks for protocols (2001::/23), documentation (2001:db8::/32, 3fff::/20) and
/// 6to4 (2002::/16), which holds any IPv4 address.
fn is_private_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        [0x2001, second, ..] => second < 0x200 || second == 0xdb8,
        [0x2002, ..] => true,
        [0x3fff, second, ..] => second < 0x1000,
        [first, ..] => !(0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::{fault, origin};

    #[test]
    fn an_address_on_the_internet_is_allowed() {
        for url in [
            "https://hooks.acme.example",
            "https://hooks.acme.example/",
            "https://Hooks.Acme.example:8443/in/coming?token=a%20b&c=/?",
            "https://xn--mnchen-3ya.example/a;b=c,d",
            "https://8.8.8.8/x",
            "https://9.255.255.255",
            "https://100.63.0.1",
            "https://100.128.0.1",
            "https://172.15.0.1",
            "https://172.32.0.1",
            "https://[2606:4700::1111]:443/x",
            "https://localhost.acme.example",
            "https://internal.acme.example",
            "https://10.acme.example",
        ] {
            assert_eq!(fault(url, false), None, "{url}");
        }
    }

    #[test]
    fn an_address_of_a_private_network_is_not() {
        for host in [
            "localhost",
            "LOCALHOST",
            "a.localhost",
            "printer",
            "printer.local",
            "metadata.google.internal",
            "router.home.arpa",
            "db.corp",
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "255.255.255.255",
            "[::]",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:8.8.8.8]",
            "[64:ff9b::7f00:1]",
            "[fc00::1]",
            "[fd12:3456::1]",
            "[fe80::1]",
            "[ff02::1]",
            "[2001::1]",
            "[2001:db8::1]",
            "[2002:7f00:1::]",
            "[3fff:1::1]",
        ] {
            for port in ["", ":8443"] {
                let url = format!("https://{host}{port}/x");
                assert_eq!(fault(&url, false), Some("expected a host on the internet, not one of a private network"), "{url}");
            }
        }
    }

    #[test]
    fn what_readers_read_differently_is_not_an_address() {
        for url in [
            "",
            "hooks.acme.example",
            "HTTPS://hooks.acme.example",
            "ftp://hooks.acme.example",
            "https:hooks.acme.example",
            "https:///x",
            "https://",
            "https://:443",
            "https://hooks.acme.example:",
            "https://hooks.acme.example:0",
            "https://hooks.acme.example:0443",
            "https://hooks.acme.example:65536",
            "https://hooks.acme.example:+1",
            "https://user@hooks.acme.example",
            "https://user:secret@hooks.acme.example",
            "https://hooks.acme.example@127.0.0.1",
            "https://hooks.acme.example\\@127.0.0.1",
            "https://hooks.acme.example#x",
            "https://hooks.acme.example/#x",
            "https://hooks.acme.example/a b",
            "https://hooks.acme.example/\n",
            "https://hooks.acme.example/%",
            "https://hooks.acme.example/%2",
            "https://hooks.acme.example/%zz",
            "https://hooks.acme.example/é",
            "https://münchen.example",
            "https://１２７.0.0.1",
            "https://hooks.acme.example.",
            "https://.acme.example",
            "https://a..example",
            "https://-a.example",
            "https://a-.example",
            "https://%6cocalhost",
            "https://127.1",
            "https://127.0.0.01",
            "https://2130706433",
            "https://0x7f.1",
            "https://0x7f000001",
            "https://a.0x7f",
            "https://a.0x",
            "https://1.2.3.4.5",
            "https://256.1.1.1",
            "https://[::1",
            "https://::1",
            "https://[fe80::1%25eth0]",
            "https://[127.0.0.1]",
        ] {
            assert!(fault(url, false).is_some() && fault(url, true).is_some(), "{url}");
        }
        assert_eq!(fault("http://hooks.acme.example", true), Some("expected `https`"));
        let long = format!("https://hooks.acme.example/{}", "x".repeat(2048));
        assert_eq!(fault(&long, false), Some("is longer than 2048 bytes"));
    }

    #[test]
    fn this_machine_is_for_a_service_on_it() {
        for url in ["http://localhost:4000/in", "http://127.0.0.1:4000", "https://[::1]/x", "http://localhost"] {
            assert_eq!(fault(url, true), None, "{url}");
            assert!(fault(url, false).is_some(), "{url}");
        }
        assert!(fault("http://10.0.0.1", true).is_some() && fault("https://10.0.0.1", true).is_some());
    }

    #[test]
    fn the_origin_leaves_out_what_may_be_secret() {
        assert_eq!(origin("https://hooks.acme.example:8443/in?token=secret"), "https://hooks.acme.example:8443");
        assert_eq!(origin("https://hooks.acme.example?token=secret"), "https://hooks.acme.example");
        assert_eq!(origin("https://[2606:4700::1]/x"), "https://[2606:4700::1]");
        assert_eq!(origin("no address"), "");
    }
}
