//! Networks of IP addresses (CIDR, RFC 4632 and RFC 4291 §2.3).

use std::net::IpAddr;

/// A network; a single address is a network of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::authority::directory) struct Network {
    first: IpAddr,
    /// The number of leading bits that all its addresses have in common.
    prefix: u8,
}

impl Network {
    /// Reads `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`.
    pub(in crate::authority::directory) fn read(text: &str) -> Result<Network, String> {
        let fault = || "expected an IP address or a network, as `192.0.2.0/24` or `2001:db8::/32`".to_owned();
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.parse().map_err(|_| fault())?;
        if address != address.to_canonical() {
            return Err(format!("is an IPv4 address: expected `{}`", address.to_canonical()));
        }
        let bits = bits_of(address);
        let decimal = |text: &&str| text.bytes().all(|digit| digit.is_ascii_digit()) && (text.len() == 1 || !text.starts_with('0'));
        let prefix = match prefix {
            None => bits,
            Some(prefix) => {
                let prefix = Some(prefix).filter(decimal).and_then(|prefix| prefix.parse().ok());
                prefix.filter(|prefix| *prefix <= bits).ok_or_else(fault)?
            }
        };
        let network = Network { first: masked(address, prefix), prefix };
        if network.first == address { Ok(network) } else { Err(format!("is inside a network: expected `{network}`")) }
    }

    /// Whether an address is in it. An IPv4 address in its IPv6 form counts as IPv4.
    pub(in crate::authority::directory) fn contains(self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.first.is_ipv4() && masked(address, self.prefix) == self.first
    }

    /// Whether every address of another network is in it.
    pub(in crate::authority::directory) fn contains_all(self, other: Network) -> bool {
        self.prefix <= other.prefix && self.contains(other.first)
    }
}

/// As it is read; a single address without a prefix.
impl std::fmt::Display for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.prefix == bits_of(self.first) { write!(f, "{}", self.first) } else { write!(f, "{}/{}", self.first, self.prefix) }
    }
}

fn bits_of(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// The address with all bits after the prefix cleared.
fn masked(address: IpAddr, prefix: u8) -> IpAddr {
    let rest = u32::from(bits_of(address).saturating_sub(prefix));
    match address {
        IpAddr::V4(address) => IpAddr::V4((address.to_bits() & u32::MAX.checked_shl(rest).unwrap_or(0)).into()),
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & u128::MAX.checked_shl(rest).unwrap_or(0)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::Network;

    #[test]
    fn networks_are_read_and_written() {
        for text in ["192.0.2.7", "192.0.2.0/24", "0.0.0.0/0", "10.0.0.0/8", "2001:db8::/32", "::1", "::/0", "2001:db8::7"] {
            assert_eq!(Network::read(text).unwrap().to_string(), text);
        }
        for (text, written) in [("192.0.2.7/32", "192.0.2.7"), ("2001:DB8:0::/48", "2001:db8::/48")] {
            assert_eq!(Network::read(text).unwrap().to_string(), written);
        }
        for text in ["", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/+8", "10.0.0/8", "::/129", "a/8", "10.0.0.0/8/8"]
        {
            assert!(Network::read(text).unwrap_err().starts_with("expected an IP address"), "{text}");
        }
        assert_eq!(Network::read("10.0.0.5/24").unwrap_err(), "is inside a network: expected `10.0.0.0/24`");
        assert_eq!(Network::read("::ffff:10.0.0.5").unwrap_err(), "is an IPv4 address: expected `10.0.0.5`");
    }

    #[test]
    fn addresses_are_in_networks() {
        let contains = |network: &str, address: &str| Network::read(network).unwrap().contains(address.parse().unwrap());
        for (network, address) in [
            ("192.0.2.0/24", "192.0.2.255"),
            ("192.0.2.0/24", "::ffff:192.0.2.1"),
            ("0.0.0.0/0", "8.8.8.8"),
            ("2001:db8::/32", "2001:db8:ffff::1"),
            ("::/0", "2001:db8::"),
        ] {
            assert!(contains(network, address), "{network} {address}");
        }
        for (network, address) in [
            ("192.0.2.0/24", "192.0.3.0"),
            ("0.0.0.0/0", "2001:db8::"),
            ("::/0", "8.8.8.8"),
            ("::/0", "::ffff:8.8.8.8"),
            ("2001:db8::/32", "2001:db9::"),
            ("192.0.2.7", "192.0.2.6"),
        ] {
            assert!(!contains(network, address), "{network} {address}");
        }
    }

    #[test]
    fn networks_are_in_networks() {
        let contains = |one: &str, other: &str| Network::read(one).unwrap().contains_all(Network::read(other).unwrap());
        assert!(
            contains("10.0.0.0/8", "10.7.0.0/16") && contains("10.0.0.0/8", "10.0.0.0/8") && contains("10.0.0.0/8", "10.1.2.3")
        );
        assert!(!contains("10.7.0.0/16", "10.0.0.0/8") && !contains("::/0", "10.0.0.0/8") && !contains("10.0.0.0/8", "11.0.0.0/8"));
    }
}
