//! The secret of an API key: `wgk_`, 43 base64url characters (256 bits), and a checksum, so that a scanner of leaked secrets recognizes it
//! without asking anybody, and a mistyped one is refused without a lookup.
//!
//! The checksum is the CRC-32 (as in gzip, RFC 1952 §8) of the first 47 ASCII characters, `wgk_` included, as a number of 6 digits to the
//! base 62: digits `0–9A–Za–z`, the highest first, filled with `0`.

use crate::authority::directory::command::Secret;
use crate::authority::directory::event::{base64url, hash};

const PREFIX: &str = "wgk_";
/// Characters before the checksum.
const CHECKED: usize = 4 + 43;
const CHECKSUM: usize = 6;
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A new secret of these 256 bits, and its digest.
pub(in crate::authority::directory) fn new_secret(random: &[u8; 32]) -> (Secret, String) {
    let checked = format!("{PREFIX}{}", base64url(random));
    let secret = format!("{checked}{}", checksum(&checked));
    let digest = base64url(&hash(&secret));
    (Secret(secret), digest)
}

/// The digest (SHA-256, base64url) of the secret of an API key; none for a text that cannot be one.
pub fn api_key_digest(text: &str) -> Option<String> {
    let (checked, sum) = text.split_at_checked(CHECKED)?;
    let random = checked.strip_prefix(PREFIX)?;
    let base64url_digits = random.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    (base64url_digits && sum == checksum(checked)).then(|| base64url(&hash(text)))
}

fn checksum(text: &str) -> String {
    let mut rest = crc32(text.as_bytes());
    let mut digits = [0; CHECKSUM];
    for digit in digits.iter_mut().rev() {
        *digit = rest % 62;
        rest /= 62;
    }
    digits.iter().filter_map(|digit| DIGITS.get(*digit as usize)).map(|digit| char::from(*digit)).collect()
}

/// CRC-32 bit by bit: the texts are short.
fn crc32(bytes: &[u8]) -> u32 {
    const POLYNOMIAL: u32 = 0xedb8_8320;
    let shifted = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ POLYNOMIAL } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), shifted))
}

#[cfg(test)]
mod tests {
    use super::{api_key_digest, checksum, crc32, new_secret};

    #[test]
    fn the_checksum_is_that_of_gzip() {
        // The check value of CRC-32/ISO-HDLC in the catalogue of CRC algorithms.
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(checksum("123456789"), "3jZRME");
    }

    #[test]
    fn a_secret_is_read_and_a_wrong_one_is_not() {
        let (secret, digest) = new_secret(&[7; 32]);
        let text = secret.0;
        assert_eq!((text.len(), api_key_digest(&text)), (53, Some(digest)));
        for wrong in [
            "",
            "wgk_",
            "wgk_é",
            &text.to_uppercase(),
            &format!("{text}0"),
            text.get(..52).unwrap_or_default(),
            &format!(" {text}"),
        ] {
            assert_eq!(api_key_digest(wrong), None, "{wrong}");
        }
        for at in 0..text.len() {
            let mut other: Vec<u8> = text.bytes().collect();
            other[at] = if other[at] == b'x' { b'y' } else { b'x' };
            assert_eq!(api_key_digest(&String::from_utf8(other).unwrap()), None, "{at}");
        }
    }
}
