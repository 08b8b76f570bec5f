//! Opening signed and unsigned tokens.
//!
//! The first byte says how to read the rest: a payload (`p` of a snapshot, `h` of a head, `d` of a delta), a header and a payload on two lines
//! (`s`), a token (`t`), or a detached signature and a payload on two lines (`e`).

use wicketgate::{Expect, Facts, Head, Projection, Scope, Snapshot, Token};

use crate::NOW;
use crate::answers::{answers, reopened, users};
use crate::signing::{keys, signed, token};

pub(crate) fn run(input: &[u8]) {
    let Some((kind, rest)) = input.split_first() else { return };
    let token = || match kind {
        b'p' => Some(token("snapshot", rest)),
        b'h' => Some(token("head", rest)),
        b'd' => Some(token("delta", rest)),
        b's' => {
            let end = rest.iter().position(|byte| *byte == b'\n')?;
            let (header, payload) = rest.split_at(end);
            Some(Token::Compact(signed(header, payload.get(1..)?)))
        }
        b't' => Some(Token::Compact(std::str::from_utf8(rest).ok()?.to_owned())),
        b'e' => {
            let (signature, payload) = std::str::from_utf8(rest).ok()?.split_once('\n')?;
            Some(Token::Detached { payload: payload.to_owned(), signature: signature.to_owned() })
        }
        _ => None,
    };
    let (Some(one), Some(two), Some(three)) = (token(), token(), token()) else { return };
    let open = |token| Snapshot::open(token, &keys(), &Expect::default(), NOW);
    let _ = Head::open(three, &keys(), &Expect::default(), NOW);
    let (one, two) = match (open(one), open(two)) {
        (Ok(one), Ok(two)) => (one, two),
        (Err(one), Err(two)) => {
            assert_eq!((one.code(), one.path(), one.to_string()), (two.code(), two.path(), two.to_string()));
            assert!(!one.to_string().contains('\n'), "{one}");
            return;
        }
        (one, two) => panic!("opened once: {one:?} {two:?}"),
    };
    assert!(one.is_valid(NOW));
    let text = one.documents().next().unwrap().to_owned();
    let named: Vec<String> = match serde_json::from_str(&text) {
        Ok(document) => users(&document),
        Err(_) => one.subject().into_iter().map(str::to_owned).collect(),
    };
    let first = answers(&one, &named);
    assert_eq!(first, answers(&two, &named));
    // Issuing is stricter than opening.
    if one.scope() == Scope::Workspace
        && let Ok(facts) = Facts::from_json(text)
    {
        let again = reopened(&facts, Projection::Workspace);
        let document = facts.workspace();
        assert_eq!(again.documents().collect::<Vec<_>>(), [serde_json::to_string(&document).unwrap()]);
        let at = |snapshot: &Snapshot| {
            let sessions = named.iter().take(4).filter_map(|user| {
                let presented = wicketgate::Presented { user: Some(user), ..Default::default() };
                snapshot
                    .session(presented)
                    .ok()
                    .map(|session| session.everywhere(wicketgate::Kind::Assistant, NOW).collect::<Vec<_>>())
            });
            sessions.collect::<Vec<_>>()
        };
        assert_eq!(at(&again), at(&one));
        assert_eq!(Facts::from_document(&document).unwrap().workspace(), document);
    }
}
