//! Key sets: an accepted set finds the same key after it is written and read again.

use wicketgate::{Expect, Jwk, JwkSet, SigningKey, Snapshot};

use crate::NOW;
use crate::signing::token;

pub(crate) fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Ok(jwk) = serde_json::from_str::<Jwk>(text)
        && let Ok(key) = SigningKey::from_jwk(&jwk)
    {
        let again = SigningKey::from_jwk(&key.private_jwk()).unwrap();
        assert_eq!(serde_json::to_string(&again.private_jwk()).unwrap(), serde_json::to_string(&key.private_jwk()).unwrap());
        assert!(!format!("{jwk:?}{key:?}").contains(&key.private_jwk().d.unwrap()));
    }
    let Ok(keys) = JwkSet::from_json(text) else { return };
    let open = |keys: &JwkSet| {
        let payload = format!(r#"{{"exp":{},"scope":"workspace","version":1,"organization":{{"id":"acme"}}}}"#, NOW + 60);
        Snapshot::open(token("snapshot", payload.as_bytes()), keys, &Expect::default(), NOW).map(drop).map_err(|error| error.code())
    };
    // Private keys in a set are not read.
    assert!(keys.keys.iter().all(|key| key.d.is_none()));
    let written = serde_json::to_string(&keys).unwrap();
    assert_eq!(open(&JwkSet::from_json(&written).unwrap()), open(&keys));
}
