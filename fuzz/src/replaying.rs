//! Applying events: each line is a sealed text. The target makes a fitting text for each, so that the chain holds.

use serde_json::json;
use sha2::{Digest, Sha256};
use wicketgate::{Directory, Event, Projection, verify_chain};

use crate::commands::{founded, issue, issued};
use crate::signing::{encode, key};
use crate::{NOW, lines};

/// The number of lines that are read.
const MOST: usize = 16;

pub(crate) fn run(input: &[u8]) {
    let Some(lines) = lines(input) else { return };
    let mut directory = founded();
    for sealed in lines.take(MOST) {
        let before = state(&mut directory);
        let text = json!({
            "version": directory.version() + 1,
            "at": NOW,
            "previous": directory.head(),
            "command": { "type": "complete_review" },
            "sealed": encode(Sha256::digest(sealed)),
        });
        let (head, version) = (directory.head(), directory.version());
        let event = Event { version: version + 1, text: text.to_string(), sealed: sealed.to_owned() };
        if directory.apply(&event).is_err() {
            assert_eq!(state(&mut directory), before, "a refusal changes nothing");
            continue;
        }
        assert_eq!(directory.version(), version + 1);
        assert_eq!(verify_chain([(event.text.as_str(), Some(sealed))], Some(&head)).unwrap(), directory.head());
        let dump = directory.dump().unwrap();
        assert_eq!(Directory::restore(&dump).unwrap().dump().unwrap(), dump);
        // An accepted event can be undone and made again: there is a delta, and making it changes nothing.
        for scope in [Projection::Workspace, Projection::Member("vic".to_owned()), Projection::Gate(vec!["site".to_owned()])] {
            let delta = directory.delta(version, issue(&scope), &key());
            assert_eq!(directory.dump().unwrap(), dump, "{scope:?}");
            assert!(delta.is_ok() || matches!(scope, Projection::Member(_)), "{scope:?}: {delta:?}");
        }
    }
}

/// The visible state of a directory.
fn state(directory: &mut Directory) -> (String, Option<String>) {
    let delta = directory.delta(directory.version(), issue(&Projection::Workspace), &key()).ok();
    assert!(issued(directory, &Projection::Workspace).is_some());
    (directory.dump().unwrap(), delta)
}
