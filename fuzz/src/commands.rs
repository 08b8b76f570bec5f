//! Commands, one on each line: the actor, a space, and the command.

use serde_json::json;
use wicketgate::{Actor, Code, Command, Directory, Expect, Issue, Projection, Snapshot, Token};

use crate::answers::{answers, users};
use crate::signing::{key, keys};
use crate::{NOW, lines};

/// The number of lines that are read.
const MOST: usize = 24;

pub(crate) fn run(input: &[u8]) {
    let Some(lines) = lines(input) else { return };
    let mut directory = founded();
    let scopes = [Projection::Workspace, Projection::Member("vic".to_owned()), Projection::Gate(vec!["site".to_owned()])];
    let mut held: Vec<Option<Snapshot>> = scopes.iter().map(|scope| issued(&directory, scope)).collect();
    let mut now = NOW;
    for (n, line) in lines.take(MOST).enumerate() {
        let Some((actor, json)) = line.split_once(' ') else { continue };
        let Ok(command) = Command::from_json(json) else { continue };
        now += n as u64 % 3;
        let actor = if actor == "system" { Actor::System } else { Actor::User(actor.to_owned()) };
        let before = directory.dump().unwrap();
        let preview = directory.preview(&actor, command.clone(), now);
        let decided = directory.decide(&actor, command, now, &[n as u8; 32]);
        assert_eq!(directory.dump().unwrap(), before, "deciding changes nothing");
        let decided = match decided {
            Ok(decided) => decided,
            Err(refusal) => {
                assert!(!refusal.message.contains('\n'), "{refusal}");
                assert_eq!(preview.err().map(|refusal| refusal.code), Some(refusal.code), "{json}");
                continue;
            }
        };
        assert!(preview.is_ok());
        directory.apply(&decided.event).unwrap();
        let after = directory.dump().unwrap();
        assert_eq!(Directory::restore(&after).unwrap().dump().unwrap(), after);
        follow(&mut directory, &scopes, &mut held);
        assert_eq!(directory.dump().unwrap(), after, "issuing changes nothing");
    }
}

/// Every reader gets the delta to the present. Then their snapshot gives the same answers as a newly issued one.
fn follow(directory: &mut Directory, scopes: &[Projection], held: &mut [Option<Snapshot>]) {
    let named = users(&directory.facts().workspace());
    for (scope, held) in scopes.iter().zip(held) {
        let fresh = issued(directory, scope);
        if let (Some(snapshot), Some(fresh)) = (held.as_mut(), &fresh)
            && let Ok(token) = directory.delta(snapshot.version(), issue(scope), &key())
        {
            match snapshot.apply(Token::Compact(token), &keys(), &Expect::default(), NOW) {
                Ok(()) => {
                    assert_eq!((snapshot.version(), snapshot.state()), (fresh.version(), fresh.state()));
                    assert_eq!(answers(snapshot, &named), answers(fresh, &named), "{scope:?}");
                    continue;
                }
                // A role was deleted and defined again on another level: a delta cannot express this.
                Err(error) => assert!([Code::InvalidFacts, Code::WrongState].contains(&error.code()), "{error}"),
            }
        }
        *held = fresh;
    }
}

pub(crate) fn issue(scope: &Projection) -> Issue {
    Issue { issued_at: NOW, expires_at: NOW + 3600, scope: scope.clone(), ..Issue::default() }
}

pub(crate) fn issued(directory: &Directory, scope: &Projection) -> Option<Snapshot> {
    let token = directory.snapshot(issue(scope), &key()).ok()?;
    Some(Snapshot::open(Token::Compact(token), &keys(), &Expect::default(), NOW).unwrap())
}

/// A small organization with one of everything: gina is a global admin, abe an application admin, olga owns the team support, vic views it, ed
/// is outside it with a grant, sam is suspended.
pub(crate) fn founded() -> Directory {
    let organization = json!({
        "id": "acme",
        "roles": [
            { "id": "auditor", "on": "organization", "grants": ["audit.view"] },
            { "id": "trainer", "on": "team", "grants": ["team.view", "team.manage_members"] },
            { "id": "tester", "on": "assistant", "grants": ["assistant.view", "evaluation.run"] },
        ],
        "users": [
            { "id": "gina", "role": "global_admin", "email": "gina@acme.example" },
            { "id": "abe", "role": "application_admin", "email": "abe@acme.example" },
            { "id": "olga", "role": "user", "email": "olga@acme.example" },
            { "id": "vic", "role": "user", "email": "vic@acme.example" },
            { "id": "ed", "role": "auditor" },
            { "id": "sam", "role": "global_admin", "status": "suspended" },
            { "id": "ivy", "role": "user", "status": "invited", "email": "ivy@acme.example" },
        ],
        "teams": [
            { "id": "support", "name": "Support", "creator": "gina", "members": [
                { "user": "olga", "role": "owner" }, { "user": "vic", "role": "viewer" },
                { "user": "sam", "role": "trainer", "expires": NOW + 100 }] },
            { "id": "sales", "creator": "abe" },
        ],
        "projects": [{ "id": "faq", "team": "support", "creator": "vic" }, { "id": "deals", "team": "sales" }],
        "assistants": [
            { "id": "draft", "project": "faq", "owner": "olga", "accessibility": "only_me" },
            { "id": "helper", "project": "faq", "owner": "vic", "accessibility": "only_team" },
            { "id": "site", "project": "faq", "owner": "vic", "accessibility": "public",
                "grants": [{ "user": "ed", "role": "editor" }, { "user": "ed", "role": "tester", "expires": NOW + 50 }],
                "links": [{ "id": "l1", "level": "view", "digest": "A".repeat(43) }],
                "embed": { "origins": ["https://docs.acme.example"] } },
        ],
    });
    Directory::found(&serde_json::from_value(organization).unwrap(), NOW).unwrap().0
}
