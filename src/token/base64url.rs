//! Base64url without padding (RFC 4648 §5, RFC 7515 §2), strictly: the same bytes have one text.
//!
//! Not in constant time, because nothing secret is read or written with it: snapshots, signatures, public keys, digests.

use std::cell::Cell;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// The value of each byte; [`NONE`] for bytes that are not in the alphabet.
const VALUES: [u8; 256] = values();
const NONE: u8 = 64;

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn values() -> [u8; 256] {
    let mut values = [NONE; 256];
    let mut value = 0;
    while value < NONE {
        values[ALPHABET[value as usize] as usize] = value;
        value += 1;
    }
    values
}

fn value(byte: u8) -> u8 {
    VALUES.get(usize::from(byte)).copied().unwrap_or(NONE)
}

/// Whether a text is canonical base64url: every character in the alphabet, a possible length, unused bits of the last one zero.
pub(crate) fn is_base64url(text: &str) -> bool {
    let unused = match text.len() % 4 {
        0 => 0,
        2 => 0b1111,
        3 => 0b11,
        _ => return false,
    };
    let (seen, last) = text.bytes().map(value).fold((0, 0), |(seen, _), value| (seen | value, value));
    seen < NONE && last & unused == 0
}

/// Replaces a text by the decoded bytes of its part from `from` on, which must be [base64url](is_base64url).
pub(crate) fn decode_in_place(text: &mut Vec<u8>, from: usize) {
    // Three bytes are always written at or before the place of their four characters.
    let cells = Cell::from_mut(text.as_mut_slice()).as_slice_of_cells();
    for (four, three) in cells.get(from..).unwrap_or_default().chunks(4).zip(cells.chunks(3)) {
        let bits = four.iter().fold(0, |bits, letter| (bits << 6) | u32::from(value(letter.get()))) << (6 * (4 - four.len()));
        for (byte, place) in bits.to_be_bytes().iter().skip(1).zip(three) {
            place.set(*byte);
        }
    }
    text.truncate(text.len().saturating_sub(from) * 3 / 4);
}

/// The decoded bytes of a text, `None` if it is not base64url.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = is_base64url(text).then(|| text.as_bytes().to_vec())?;
    decode_in_place(&mut bytes, 0);
    Some(bytes)
}

/// The decoded bytes of a text if there are 32 of them: a key or a digest.
pub(crate) fn decode_32(text: &str) -> Option<[u8; 32]> {
    decode(text)?.try_into().ok()
}

/// Appends the encoded bytes to a text.
pub(crate) fn encode(bytes: &[u8], text: &mut Vec<u8>) {
    let letter = |bits: u32| ALPHABET.get((bits & 63) as usize).copied().unwrap_or_default();
    let from = text.len();
    text.resize(from + bytes.len().div_ceil(3) * 4, 0);
    for (four, three) in text.get_mut(from..).unwrap_or_default().chunks_exact_mut(4).zip(bytes.chunks(3)) {
        let bits = three.iter().fold(0, |bits, byte| (bits << 8) | u32::from(*byte)) << (8 * (3 - three.len()));
        if let [first, second, third, fourth] = four {
            (*first, *second, *third, *fourth) = (letter(bits >> 18), letter(bits >> 12), letter(bits >> 6), letter(bits));
        }
    }
    // The characters of the missing one or two bytes of the last three.
    text.truncate(text.len() - (3 - bytes.len() % 3) % 3);
}

#[cfg(test)]
mod tests {
    use super::{decode, decode_in_place, encode, is_base64url};
    use base64ct::{Base64UrlUnpadded, Encoding};

    #[test]
    fn agrees_with_the_library_at_every_length() {
        let bytes: Vec<u8> = (0..=255).chain((0..=255).rev()).collect();
        for length in 0..=bytes.len() {
            let bytes = &bytes[..length];
            let expected = Base64UrlUnpadded::encode_string(bytes);
            let mut text = b"head.".to_vec();
            encode(bytes, &mut text);
            assert_eq!(text, format!("head.{expected}").into_bytes());
            assert_eq!(decode(&expected).as_deref(), Some(bytes));
            decode_in_place(&mut text, 5);
            assert_eq!(text, bytes);
        }
    }

    #[test]
    fn knows_canonical_base64url() {
        for text in ["", "AA", "AAA", "AAAA", "_-_-", "Zg", "Zm8", "Zm9v"] {
            assert!(is_base64url(text), "{text}");
        }
        for text in ["A", "AAAAA", "Zh", "Zm9", "Zg==", "Zg\n", " Zg", "Z+9v", "Z/9v", "Zm9é"] {
            assert!(!is_base64url(text), "{text}");
        }
        for n in 0..10_000_u32 {
            let text: String = (0..3).map(|place| char::from(b"AB/_9zQw=-"[(n / 10_u32.pow(place) % 10) as usize])).collect();
            for text in [&text, text.get(1..).unwrap(), text.get(2..).unwrap(), &format!("{text}A"), &format!("AAAA{text}")] {
                assert_eq!(decode(text), Base64UrlUnpadded::decode_vec(text).ok(), "{text}");
            }
        }
        for byte in 0..=255_u8 {
            let text = String::from_utf8_lossy(&[b'A', byte, b'A', b'A']).into_owned();
            assert_eq!(decode(&text), Base64UrlUnpadded::decode_vec(&text).ok(), "{text:?}");
        }
    }
}
