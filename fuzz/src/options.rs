//! Expectations: an accepted one means the same after it is written and read again.

use wicketgate::{Expect, Snapshot};

use crate::NOW;
use crate::signing::{keys, token};

pub(crate) fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let Ok(expect) = Expect::from_json(text) else { return };
    let written = serde_json::to_value(&expect).unwrap();
    let present: serde_json::Map<_, _> =
        written.as_object().unwrap().clone().into_iter().filter(|(_, value)| !value.is_null()).collect();
    let again = Expect::from_json(&serde_json::to_string(&present).unwrap()).unwrap();
    assert_eq!(format!("{again:?}"), format!("{expect:?}"));
    let payload =
        r#"{"iss":"i","aud":["a"],"nbf":1789999990,"exp":1790000010,"scope":"workspace","version":7,"organization":{"id":"acme"}}"#;
    for now in [0, NOW - 20, NOW, NOW + 20, u64::MAX] {
        let open = |expect| Snapshot::open(token("snapshot", payload.as_bytes()), &keys(), expect, now);
        match (open(&expect), open(&again)) {
            (Ok(opened), Ok(_)) => {
                assert!(opened.is_valid(now) && expect.min_version.is_none_or(|least| least <= 7));
                assert!(expect.issuer.as_deref().is_none_or(|issuer| issuer == "i"));
                assert!(expect.audience.as_deref().is_none_or(|audience| audience == "a"));
                assert!(expect.organization.as_deref().is_none_or(|organization| organization == "acme"));
            }
            (Err(one), Err(two)) => assert_eq!((one.code(), one.to_string()), (two.code(), two.to_string())),
            (one, two) => panic!("opened once: {one:?} {two:?}"),
        }
    }
}
