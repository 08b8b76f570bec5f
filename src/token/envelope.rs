//! The signed envelope: steps 1 to 6 of opening a token (`docs/snapshot-format.md`, §5).
//!
//! Nothing of the payload is read here, and nothing of it is read before these steps have passed.

use crate::error::{Code, Error, concat, decimal, or_absent};
use crate::split::{rsplit_once, split_once};
use crate::token::base64url;
use crate::token::expect::{DEFAULT_MAX_BYTES, Expect};
use crate::token::json::{JsonFault, JsonReader, MAX_DOCUMENT, Read, Span, read_object};
use crate::token::jwk::{JwkSet, PublicKey, is_ed25519};

/// The header's `typ` of a snapshot.
pub(crate) const SNAPSHOT: &str = "wicketgate-snapshot+jwt";
/// The header's `typ` of a delta.
pub(crate) const DELTA: &str = "wicketgate-delta+jwt";
/// The header's `typ` of a head.
pub(crate) const HEAD: &str = "wicketgate-head+jwt";
/// Longest token ever accepted, in bytes.
const MOST_BYTES: u64 = MAX_DOCUMENT as u64;
/// Longest header, in base64url characters: it holds three short strings.
pub(crate) const MAX_HEADER: usize = 4096;
/// Bytes that are hashed in one call. A WebAssembly engine replaces slow first code by fast code between calls only: the first
/// opening of a large token in one call takes twice as long.
const PIECE: usize = 8192;

/// A token on the wire (§5). One form can be turned into the other without the key.
// Exhaustive: the snapshot format fixes the two forms.
pub enum Token {
    /// JWS Compact: `header.payload.signature`.
    Compact(String),
    /// Detached (RFC 7515 appendix F): the payload as it is, and `header..signature`.
    Detached {
        /// The signed JSON text, byte for byte.
        payload: String,
        /// `header..signature`
        signature: String,
    },
}

/// A verified payload.
pub(crate) struct Verified {
    /// The JSON text that was signed.
    pub(crate) payload: String,
    /// Half of the signature's R: a seed that nobody can choose.
    pub(crate) seed: u64,
}

/// A token that has passed steps 1 to 5. Its signature is not verified yet.
pub(crate) struct Unverified {
    pub(crate) token: Token,
    /// Length of the encoded header.
    header: usize,
    /// Length of the encoded payload; 0 if it is detached.
    payload: usize,
    pub(crate) key: PublicKey,
    pub(crate) signature: Vec<u8>,
}

/// Takes steps 1 to 5 with a token of this `typ`.
pub(crate) fn read(token: Token, typ: &str, keys: &JwkSet, expect: &Expect) -> Result<Unverified, Error> {
    // §5 step 1: too_large. Nothing is done with a token longer than the caller accepts.
    let limit = expect.max_bytes.unwrap_or(DEFAULT_MAX_BYTES).min(MOST_BYTES);
    let length = match &token {
        Token::Compact(compact) => compact.len() as u64,
        Token::Detached { payload, signature } => payload.len() as u64 + signature.len() as u64,
    };
    if length > limit {
        let reason = concat(&["the token has ", &decimal(length), " bytes, the limit is ", &decimal(limit)]);
        return Err(Error::new(Code::TooLarge, reason));
    }

    // §5 step 2: malformed. Three segments of canonical base64url, the first of them a JSON object.
    let (envelope, detached) = match &token {
        Token::Compact(compact) => (compact, false),
        Token::Detached { signature, .. } => (signature, true),
    };
    let segments = split_once(envelope, b'.').and_then(|(header, rest)| {
        let (payload, signature) = rsplit_once(rest, b'.')?;
        (!detached || payload.is_empty()).then_some((header, payload, signature))
    });
    let (encoded_header, encoded_payload, signature) = match segments {
        Some(segments) => segments,
        _ if detached => return Err(malformed("expected a detached signature, `header..signature`")),
        _ => return Err(malformed("expected three segments, `header.payload.signature`")),
    };
    if encoded_header.len() > MAX_HEADER {
        return Err(malformed("the header is too long"));
    }
    let not_base64url = |segment: &str| malformed(&concat(&["the ", segment, " is not base64url without padding"]));
    // The payload is not decoded yet: nothing is copied before the signature holds.
    if !base64url::is_base64url(encoded_payload) {
        return Err(not_base64url("payload"));
    }
    let signature = base64url::decode(signature).ok_or_else(|| not_base64url("signature"))?;
    let header = base64url::decode(encoded_header).ok_or_else(|| not_base64url("header"))?;
    let header = Header::read(utf8(header, "header")?)?;

    // §5 step 3: wrong_type.
    let found = header.text(header.typ);
    if found != Some(typ) {
        return Err(Error::mismatch(Code::WrongType, "typ", found, typ));
    }

    // §5 step 4: unsupported_algorithm.
    let alg = header.text(header.alg);
    if !alg.is_some_and(is_ed25519) {
        return Err(Error::mismatch(Code::UnsupportedAlgorithm, "alg", alg, "EdDSA"));
    }

    // §5 step 5: unknown_key. Keys come from the caller's set, by `kid`, and from nowhere else.
    if let Some(name) = &header.foreign_key {
        return Err(Error::at(Code::UnknownKey, name.as_str(), "keys come from the caller's JWK Set only"));
    }
    let kid = header.text(header.kid);
    let Some(key) = kid.and_then(|kid| keys.find(kid)) else {
        let reason = concat(&[&or_absent(kid), ", expected the `kid` of exactly one Ed25519 key of the JWK Set"]);
        return Err(Error::at(Code::UnknownKey, "kid", &reason));
    };

    let (header, payload) = (encoded_header.len(), encoded_payload.len());
    Ok(Unverified { token, header, payload, key, signature })
}

impl Unverified {
    /// Takes step 6.
    pub(crate) fn verify(self) -> Result<Verified, Error> {
        // §5 step 6: bad_signature. Canonical S, no small-order points (RFC 8032 §5.1.7, strictly).
        let holds = self.key.verifier(&self.signature).is_some_and(|mut verifier| {
            self.for_each_piece(|piece| verifier.update(piece));
            verifier.finalize_and_verify().is_ok()
        });
        if holds { self.verified() } else { Err(bad_signature()) }
    }

    /// Gives the signed bytes in pieces (RFC 7515 §5.1): the encoded header, a dot and the encoded payload.
    pub(crate) fn for_each_piece(&self, mut take: impl FnMut(&[u8])) {
        match &self.token {
            Token::Compact(compact) => {
                let signed = compact.as_bytes().get(..self.header + 1 + self.payload).unwrap_or_default();
                signed.chunks(PIECE).for_each(take);
            }
            Token::Detached { payload, signature } => {
                let mut encoded = Vec::with_capacity(PIECE);
                take(signature.as_bytes().get(..=self.header).unwrap_or_default());
                for piece in payload.as_bytes().chunks(PIECE / 4 * 3) {
                    encoded.clear();
                    base64url::encode(piece, &mut encoded);
                    take(&encoded);
                }
            }
        }
    }

    /// The payload. Only for a token whose signature holds.
    pub(crate) fn verified(self) -> Result<Verified, Error> {
        let seed = self.signature.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        let payload = match self.token {
            Token::Detached { payload, .. } => payload,
            Token::Compact(compact) => {
                // Decoded in place: a workspace has tens of megabytes.
                let (mut bytes, from) = (compact.into_bytes(), self.header + 1);
                bytes.truncate(from + self.payload);
                base64url::decode_in_place(&mut bytes, from);
                utf8(bytes, "payload")?
            }
        };
        Ok(Verified { payload, seed })
    }
}

pub(crate) fn bad_signature() -> Error {
    Error::new(Code::BadSignature, "the signature does not hold")
}

fn malformed(reason: &str) -> Error {
    Error::new(Code::Malformed, reason)
}

fn utf8(bytes: Vec<u8>, name: &str) -> Result<String, Error> {
    String::from_utf8(bytes).map_err(|_| malformed(&concat(&["the ", name, " is not UTF-8"])))
}

/// The JOSE header (RFC 7515 §4): the parameters that decide.
struct Header {
    reader: JsonReader,
    alg: Option<Span>,
    typ: Option<Span>,
    kid: Option<Span>,
    /// The first parameter that brings or points to a key.
    foreign_key: Option<String>,
}

impl Header {
    fn text(&self, parameter: Option<Span>) -> Option<&str> {
        parameter.map(|span| self.reader.get(span))
    }

    fn read(text: String) -> Result<Header, Error> {
        let mut header = Header { reader: JsonReader::new(text), alg: None, typ: None, kid: None, foreign_key: None };
        let fault = |fault: JsonFault| Error::at(Code::Malformed, &*fault.path, &concat(&[&fault.reason, ", in the header"]));
        header.parameters().map_err(fault)?;
        Ok(header)
    }

    fn parameters(&mut self) -> Read<()> {
        let reader = &mut self.reader;
        read_object!(reader, {
            "alg" => self.alg = Some(reader.string()?),
            "typ" => self.typ = Some(reader.string()?),
            "kid" => self.kid = Some(reader.string()?),
            "jwk" | "jku" | "x5u" | "x5c" | "x5t" | "x5t#S256" => {
                self.foreign_key.get_or_insert_with(|| reader.path());
                reader.skip()?;
            },
            // RFC 7515 §4.1.11: extensions that must be understood; there are none.
            "crit" => return Err(reader.fault("no critical extension is understood")),
        });
        reader.finish()
    }
}
