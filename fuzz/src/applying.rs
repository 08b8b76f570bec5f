//! Applying a delta: a letter for the scope, the facts of the snapshot on the first line, the changes on the second.

use wicketgate::{Code, Expect, Facts, Projection, Snapshot};

use crate::answers::{answers, reopened, users};
use crate::signing::{keys, token};
use crate::{NOW, lines};

pub(crate) fn run(input: &[u8]) {
    let Some(mut parts) = lines(input) else { return };
    let (Some(scope), Some(base), Some(changes)) = (parts.next(), parts.next(), parts.next()) else { return };
    let scope = match scope {
        "w" => r#""scope":"workspace""#,
        "m" => r#""scope":"member","sub":"vic""#,
        "g" => r#""scope":"gate""#,
        _ => return,
    };
    let times = format!(r#""iat":{NOW},"exp":{},{scope}"#, NOW + 3600);
    let snapshot = format!(r#"{{{times},"version":1,"state":"s1","organization":{base}}}"#);
    let from = r#""from":{"version":1,"state":"s1"}"#;
    let delta = format!(r#"{{{times},"version":2,"state":"s2",{from},"organization":{changes}}}"#);

    let open = || Snapshot::open(token("snapshot", snapshot.as_bytes()), &keys(), &Expect::default(), NOW);
    let Ok(mut held) = open() else { return };
    let document = serde_json::from_str(base).map(|document| users(&document)).unwrap_or_default();
    let before = answers(&held, &document);
    let documents: Vec<String> = held.documents().map(str::to_owned).collect();
    let apply = |held: &mut Snapshot| held.apply(token("delta", delta.as_bytes()), &keys(), &Expect::default(), NOW);
    if let Err(error) = apply(&mut held) {
        // A refused delta changes nothing, also the second time.
        for _ in 0..2 {
            assert_eq!((held.version(), held.state()), (1, Some("s1")), "{error}");
            assert_eq!(held.documents().collect::<Vec<_>>(), documents, "{error}");
            assert_eq!(answers(&held, &document), before, "{error}");
            assert_eq!(apply(&mut held).unwrap_err().code(), error.code());
        }
        return;
    }
    assert_eq!((held.version(), held.state()), (2, Some("s2")));
    assert_eq!(apply(&mut held).unwrap_err().code(), Code::WrongState);
    let after = answers(&held, &document);
    let mut again = open().unwrap();
    apply(&mut again).unwrap();
    assert_eq!(answers(&again, &document), after);

    // If an authority could make these changes, a newly issued snapshot gives the same answers as the snapshot after the delta.
    let id = format!(r#"{{"id":{},"#, serde_json::to_string(held.organization()).unwrap());
    let Some(changes) = changes.strip_prefix(&id) else { return };
    if let Ok(mut facts) = Facts::from_json(base.to_owned())
        && facts.amend(format!("{{{changes}")).is_ok()
        && Facts::from_document(&facts.workspace()).is_ok()
        && held.scope() == wicketgate::Scope::Workspace
    {
        assert_eq!(answers(&reopened(&facts, Projection::Workspace), &document), after);
    }
}
