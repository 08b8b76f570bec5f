//! The answers of a snapshot, to compare two snapshots that must give the same answers.

use wicketgate::document::Organization;
use wicketgate::{
    Capability, CapabilitySet, Decision, Expect, Facts, Issue, Kind, Presented, Projection, Scope, Snapshot, Target, Token,
};

use crate::NOW;
use crate::signing::{key, keys};

/// The number of users, and of targets of a kind, in the questions: an input of 64 KB names thousands.
const MOST: usize = 6;

/// Answers to many questions at two times, and the ids of all targets.
#[derive(Debug, PartialEq)]
pub(crate) struct Answers {
    ids: Vec<String>,
    withheld: CapabilitySet,
    steady: Vec<(u64, u64)>,
    sets: Vec<CapabilitySet>,
    decisions: Vec<Decision>,
}

/// Asks for these users, an unknown user, and visitors.
pub(crate) fn answers(snapshot: &Snapshot, users: &[String]) -> Answers {
    let kinds = [Kind::Team, Kind::Project, Kind::Assistant];
    let visitors = [(None, None), (Some("wk_vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv"), Some("https://docs.acme.example"))];
    let people = users.iter().map(String::as_str).take(MOST).chain(["nobody"]).map(|user| (Some(user), None, None));
    let askers: Vec<Presented<'_>> = people
        .chain(visitors.map(|(link, origin)| (None, link, origin)))
        .map(|(user, link, origin)| Presented { user, link, origin })
        .collect();
    let mut answers = Answers {
        ids: kinds.iter().flat_map(|kind| snapshot.ids(*kind)).map(str::to_owned).collect(),
        withheld: snapshot.withheld(),
        steady: Vec::new(),
        sets: Vec::new(),
        decisions: Vec::new(),
    };
    for now in [NOW, NOW + 3000] {
        // Expiries of other users in a member snapshot may differ: they change no answer.
        if snapshot.scope() != Scope::Member {
            answers.steady.push(snapshot.steady(now));
        }
        for asker in &askers {
            let Ok(session) = snapshot.session(*asker) else { continue };
            answers.sets.push(session.capabilities(Target::Organization, now));
            for kind in kinds {
                for id in snapshot.ids(kind).take(MOST) {
                    answers.sets.extend(Target::of(kind, Some(id)).map(|target| session.capabilities(target, now)));
                }
                answers.sets.extend(session.everywhere(kind, now).take(MOST));
            }
            for capability in [Capability::AssistantView, Capability::AssistantEdit, Capability::TeamView, Capability::UserInvite] {
                let ids = snapshot.ids(capability.kind()).take(MOST);
                let ids = ids.map(|id| (capability.kind() != Kind::Organization).then_some(id));
                answers.decisions.extend(ids.map(|id| session.check(capability, id, now)));
            }
        }
    }
    answers
}

/// The ids of the users in a document.
pub(crate) fn users(organization: &Organization) -> Vec<String> {
    organization.users.iter().map(|user| user.id.clone()).collect()
}

/// A snapshot of the facts, issued and opened.
pub(crate) fn reopened(facts: &Facts, scope: Projection) -> Snapshot {
    let issue = Issue { issued_at: NOW, expires_at: NOW + 3600, version: 1, scope, ..Issue::default() };
    let token = issue.sign(facts, &key()).unwrap();
    Snapshot::open(Token::Compact(token), &keys(), &Expect::default(), NOW).unwrap()
}
