//! Properties of random organizations. The rules decide as the second evaluator does, all ways of asking agree, and projections answer
//! as the workspace from which they are made.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may fail"
)]
#![allow(clippy::type_complexity, reason = "a tuple that is read where it is made")]

mod common;

use std::collections::BTreeMap;

use common::cases::{Asker, name, opened_as_written};
use common::issued::opened;
use common::member::reveals_no_more;
use common::naive::{self, Verdict};
use common::world::{self, NOW, organization, questions, users, visitors};
use proptest::prelude::*;
use wicketgate::document::Organization;
use wicketgate::{Capability, Code, Decision, Facts, Kind, Presented, Projection, Session, Snapshot, Target};

fn session<'a>(snapshot: &'a Snapshot, asker: &'a Asker) -> Session<'a> {
    snapshot.session(asker.presented()).unwrap()
}

fn verdict(decision: Decision) -> Verdict {
    match decision {
        Decision::Allowed(because) => {
            Verdict::Allowed(because.into_iter().map(|because| (name(because.relation), because.role, because.team)).collect())
        }
        Decision::Denied(denied) => Verdict::Denied(name(denied)),
    }
}

fn workspace(organization: &Organization) -> Snapshot {
    opened(organization, Projection::Workspace, NOW)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn rules_decide_as_the_naive_evaluator_with_the_same_reasons(organization in organization()) {
        let snapshot = workspace(&organization);
        let with_links = users(&organization).into_iter().map(|asker| Asker { link: Some(world::key(0)), ..asker });
        // The origin of a signed-in user is ignored.
        let origin = Some(world::ORIGINS[0].to_owned());
        let with_origins = users(&organization).into_iter().map(|asker| Asker { origin: origin.clone(), ..asker });
        for asker in users(&organization).into_iter().chain(with_links).chain(with_origins).chain(visitors()) {
            let session = session(&snapshot, &asker);
            for (capability, on) in questions(&organization) {
                let expected = naive::decide(&organization, &asker, NOW, capability.name(), on.as_deref());
                let found = verdict(session.check(capability, on.as_deref(), NOW));
                prop_assert_eq!(&found, &expected, "{:?} {} {:?}", asker, capability, on);
                prop_assert_eq!(session.can(capability, on.as_deref(), NOW), expected.allowed());
            }
        }
    }

    /// The order of the document's lists does not matter.
    #[test]
    fn reasons_come_in_one_order(organization in organization()) {
        let mut reversed = organization.clone();
        reversed.roles.reverse();
        reversed.teams.iter_mut().for_each(|team| team.members.reverse());
        reversed.assistants.iter_mut().for_each(|assistant| assistant.grants.reverse());
        let as_written = |organization: &Organization| opened_as_written(&serde_json::to_value(organization).unwrap(), NOW);
        for snapshot in [as_written(&organization), as_written(&reversed), workspace(&organization)] {
            for asker in users(&organization) {
                for (capability, on) in questions(&organization) {
                    let expected = naive::decide(&organization, &asker, NOW, capability.name(), on.as_deref());
                    let found = verdict(session(&snapshot, &asker).check(capability, on.as_deref(), NOW));
                    prop_assert_eq!(&found, &expected, "{:?} {} {:?}", asker, capability, on);
                }
            }
        }
    }

    #[test]
    fn every_way_of_asking_gives_the_same_answer(organization in organization()) {
        let snapshot = workspace(&organization);
        let mut holders: BTreeMap<(Capability, Option<String>), Vec<String>> = BTreeMap::new();
        for asker in users(&organization).into_iter().chain(visitors()) {
            let session = session(&snapshot, &asker);
            let allowed: Vec<(Capability, Option<String>)> =
                questions(&organization).into_iter().filter(|(capability, on)| session.can(*capability, on.as_deref(), NOW)).collect();
            for capability in Capability::ALL {
                let listed = session.list(*capability, NOW);
                let expected: Vec<&str> = allowed.iter().filter(|(can, _)| can == capability).filter_map(|(_, on)| on.as_deref()).collect();
                prop_assert_eq!(listed, expected, "{:?} {}", asker, capability);
            }
            let mut targets: Vec<Option<(Kind, String)>> = vec![None];
            for (capability, on) in questions(&organization) {
                targets.extend(on.filter(|_| capability.kind() != Kind::Organization).map(|id| Some((capability.kind(), id))));
            }
            for target in targets {
                let (kind, at) = match &target {
                    None => (Kind::Organization, Target::Organization),
                    Some((Kind::Team, id)) => (Kind::Team, Target::Team(id)),
                    Some((Kind::Project, id)) => (Kind::Project, Target::Project(id)),
                    Some((_, id)) => (Kind::Assistant, Target::Assistant(id)),
                };
                let id = target.as_ref().map(|(_, id)| id.clone());
                let expected: Vec<Capability> =
                    allowed.iter().filter(|(can, on)| can.kind() == kind && *on == id).map(|(can, _)| *can).collect();
                prop_assert_eq!(session.capabilities(at, NOW).iter().collect::<Vec<_>>(), expected);
            }
            if let (Some(user), true) = (&asker.user, asker.link.is_none()) {
                for question in allowed {
                    holders.entry(question).or_default().push(user.clone());
                }
            }
        }
        for question in questions(&organization) {
            let who = snapshot.who_can(question.0, question.1.as_deref(), NOW).unwrap();
            prop_assert_eq!(who, holders.remove(&question).unwrap_or_default(), "{:?}", question);
        }
    }

    #[test]
    fn a_member_snapshot_answers_as_the_workspace_and_reveals_no_more(organization in organization()) {
        let snapshot = workspace(&organization);
        for asker in users(&organization) {
            let subject = asker.user.clone().unwrap();
            let scope = Projection::Member(subject.clone());
            if !organization.users.iter().any(|user| user.id == subject) {
                let facts = Facts::from_document(&organization).unwrap();
                let error = facts.member(&subject, NOW).unwrap_err();
                prop_assert_eq!(error.code(), Code::UnknownUser);
                continue;
            }
            let member = opened(&organization, scope, NOW);
            let (full, own) = (session(&snapshot, &asker), session(&member, &asker));
            // Now and later: memberships and grants expire in both snapshots at the same time.
            for now in [NOW, NOW + 1, NOW + 2] {
                for (capability, on) in questions(&organization) {
                    let (expected, found) = (full.check(capability, on.as_deref(), now), own.check(capability, on.as_deref(), now));
                    prop_assert_eq!(found.allowed(), expected.allowed(), "{} {} {:?}", subject, capability, on);
                    match (&expected, &found) {
                        (Decision::Denied(_), Decision::Denied(wicketgate::Denied::UnknownTarget)) => {}
                        _ => prop_assert_eq!(expected, found),
                    }
                }
            }
            let document: Organization = serde_json::from_str(member.documents().next().unwrap()).unwrap();
            reveals_no_more(&organization, &document, &subject, &full)?;
            let strangers = ["nobody", "u0", "u1"].into_iter().filter(|stranger| *stranger != subject).map(Some);
            for stranger in strangers.chain([None]) {
                let refused = member.session(Presented { user: stranger, ..Presented::default() });
                prop_assert_eq!(refused.unwrap_err().code(), Code::WrongScope);
            }
            if full.can(Capability::PanelUserSettings, None, NOW) {
                for user in &organization.users {
                    for role in ["global_admin", "application_admin", "user", "auditor", "builder", "trainer", "no_such"] {
                        let expected = full.can_assign_role(&user.id, role, NOW);
                        prop_assert_eq!(own.can_assign_role(&user.id, role, NOW), expected);
                    }
                }
            }
        }
    }

    #[test]
    fn a_snapshot_about_one_assistant_answers_as_the_member_snapshot_and_holds_less(organization in organization()) {
        let known = organization.users.iter().map(|user| user.id.clone());
        let ids: Vec<String> = organization.assistants.iter().map(|assistant| assistant.id.clone()).chain(["nowhere".to_owned()]).collect();
        for user in known.collect::<Vec<_>>() {
            let asker = Asker { user: Some(user.clone()), ..Asker::default() };
            let member = opened(&organization, Projection::Member(user.clone()), NOW);
            let whole: Organization = serde_json::from_str(member.documents().next().unwrap()).unwrap();
            for id in &ids {
                let about = opened(&organization, Projection::MemberAt { user: user.clone(), assistant: id.clone() }, NOW);
                let (full, own) = (session(&member, &asker), session(&about, &asker));
                for now in [NOW, NOW + 1, NOW + 2] {
                    for capability in Capability::ALL.iter().filter(|capability| capability.kind() == Kind::Assistant) {
                        let expected = full.check(*capability, Some(id), now);
                        prop_assert_eq!(own.check(*capability, Some(id), now), expected, "{} {} {:?}", user, id, capability);
                    }
                }
                let document: Organization = serde_json::from_str(about.documents().next().unwrap()).unwrap();
                prop_assert!(document.assistants.iter().all(|assistant| assistant.id == *id));
                prop_assert!(document.projects.len() <= 1 && document.teams.len() <= 1 && document.users.len() == 1);
                prop_assert!(document.teams.iter().flat_map(|team| &team.members).all(|member| member.user == user));
                prop_assert!(document.projects.iter().all(|project| whole.projects.contains(project)));
                prop_assert!(document.roles.iter().all(|role| whole.roles.contains(role)));
            }
        }
    }

    #[test]
    fn an_overview_answers_for_everybody_but_opens_no_link(organization in organization()) {
        let (full, overview) = (workspace(&organization), opened(&organization, Projection::Overview, NOW));
        prop_assert!(overview.diff(&full, NOW).unwrap().is_empty() && full.diff(&overview, NOW).unwrap().is_empty());
        let without_keys = visitors().into_iter().filter(|visitor| visitor.link.is_none());
        for asker in users(&organization).into_iter().chain(without_keys) {
            for (capability, on) in questions(&organization) {
                let expected = session(&full, &asker).check(capability, on.as_deref(), NOW);
                prop_assert_eq!(session(&overview, &asker).check(capability, on.as_deref(), NOW), expected);
            }
        }
        for visitor in visitors() {
            let without = Asker { link: None, ..visitor.clone() };
            for capability in Capability::ALL.iter().filter(|capability| capability.kind() == Kind::Assistant) {
                let listed = |asker| session(&overview, asker).list(*capability, NOW);
                prop_assert_eq!(listed(&visitor), listed(&without));
            }
        }
        let mut document = Facts::from_document(&organization).unwrap().workspace();
        for link in document.assistants.iter_mut().flat_map(|assistant| &mut assistant.links) {
            link.digest = None;
        }
        prop_assert_eq!(overview.documents().collect::<Vec<_>>(), [serde_json::to_string(&document).unwrap()]);
    }

    #[test]
    fn a_gate_snapshot_answers_visitors_as_the_workspace_and_knows_nobody(organization in organization()) {
        let snapshot = workspace(&organization);
        let all: Vec<String> = organization.assistants.iter().map(|assistant| assistant.id.clone()).collect();
        let gate = opened(&organization, Projection::Gate(all), NOW);
        for asker in visitors() {
            let (full, edge) = (session(&snapshot, &asker), session(&gate, &asker));
            for (capability, on) in questions(&organization).into_iter().filter(|(capability, _)| capability.kind() == Kind::Assistant) {
                let (expected, found) = (full.check(capability, on.as_deref(), NOW), edge.check(capability, on.as_deref(), NOW));
                prop_assert_eq!(found.allowed(), expected.allowed());
                match (&expected, &found) {
                    (Decision::Denied(_), Decision::Denied(wicketgate::Denied::UnknownTarget)) => {}
                    _ => prop_assert_eq!(expected, found),
                }
            }
        }
        for person in users(&organization) {
            prop_assert_eq!(gate.session(person.presented()).unwrap_err().code(), Code::WrongScope);
        }
        let document: Organization = serde_json::from_str(gate.documents().next().unwrap()).unwrap();
        prop_assert!(document.users.is_empty() && document.teams.is_empty() && document.projects.is_empty() && document.roles.is_empty());
        for assistant in &document.assistants {
            let origin = organization.assistants.iter().find(|other| other.id == assistant.id).unwrap();
            prop_assert_eq!(origin.accessibility, wicketgate::Accessibility::Public);
            prop_assert!(assistant.owner.is_none() && assistant.project.is_none() && assistant.grants.is_empty());
        }
        prop_assert!(gate.who_can(Capability::AssistantView, None, NOW).is_err());
    }

    #[test]
    fn nobody_gives_what_they_do_not_have(organization in organization()) {
        let snapshot = workspace(&organization);
        for asker in users(&organization) {
            let actor = asker.user.clone().unwrap();
            for user in users(&organization) {
                let user = user.user.unwrap();
                for role in ["global_admin", "application_admin", "user", "auditor", "builder", "trainer", "owner", "no_such"] {
                    let expected = naive::can_assign_role(&organization, &actor, &user, role, NOW);
                    let session = session(&snapshot, &asker);
                    prop_assert_eq!(session.can_assign_role(&user, role, NOW), expected, "{} {} {}", actor, user, role);
                    for (user, role) in [(Some(&*user), Some(role)), (Some(&*user), None), (None, Some(role)), (None, None), (Some("nobody"), None)] {
                        let expected = naive::role_bound(&organization, &actor, user, role);
                        prop_assert_eq!(session.role_bound(user, role), expected, "{} {:?} {:?}", actor, user, role);
                    }
                }
            }
        }
    }

    #[test]
    fn a_diff_says_what_changed_and_nothing_else(older in organization(), newer in organization(), similar in any::<bool>()) {
        // In half of the cases only the assistants differ, as in practice.
        let newer = if similar { Organization { assistants: newer.assistants, ..older.clone() } } else { newer };
        prop_assume!(Facts::from_document(&newer).is_ok());
        let (before, after) = (workspace(&older), workspace(&newer));
        let mut expected: BTreeMap<(Kind, Option<String>, String), (Vec<Capability>, Vec<Capability>)> = BTreeMap::new();
        let both: Vec<_> = questions(&older).into_iter().chain(questions(&newer)).collect();
        for asker in users(&older).into_iter().chain(users(&newer)) {
            let user = asker.user.clone().unwrap();
            let (had, has) = (session(&before, &asker), session(&after, &asker));
            for (capability, on) in &both {
                let (had, has) = (had.can(*capability, on.as_deref(), NOW), has.can(*capability, on.as_deref(), NOW));
                if had != has {
                    let change = expected.entry((capability.kind(), on.clone(), user.clone())).or_default();
                    let list = if has { &mut change.0 } else { &mut change.1 };
                    list.push(*capability);
                    list.sort();
                    list.dedup();
                }
            }
        }
        let mut found = BTreeMap::new();
        for change in after.diff(&before, NOW).unwrap() {
            let lists = (change.gained.iter().collect(), change.lost.iter().collect());
            prop_assert!(found.insert((change.kind, change.target, change.user), lists).is_none(), "named twice");
        }
        prop_assert_eq!(found, expected);
        prop_assert!(before.diff(&before, NOW).unwrap().is_empty());
    }

    #[test]
    fn facts_survive_being_written_and_read(organization in organization()) {
        let written = Facts::from_document(&organization).unwrap().workspace();
        let again = Facts::from_document(&written).unwrap().workspace();
        prop_assert_eq!(&written, &again);
        let (one, two) = (workspace(&organization), workspace(&written));
        prop_assert!(one.diff(&two, NOW).unwrap().is_empty());
    }
}

/// A malformed key has no digest: it opens nothing, even if a link's digest is zero or is the hash of that text.
#[test]
fn a_malformed_key_opens_nothing() {
    let organization: Organization = serde_json::from_value(serde_json::json!({
        "id": "acme",
        "users": [{ "id": "vic", "role": "user" }],
        "teams": [{ "id": "support" }],
        "projects": [{ "id": "faq", "team": "support" }],
        "assistants": [{
            "id": "helper", "project": "faq", "owner": "vic", "accessibility": "public",
            "links": [
                { "id": "zero", "level": "edit", "digest": "A".repeat(43) },
                { "id": "short", "level": "edit", "digest": naive::digest_of("x") },
                { "id": "empty", "level": "edit", "digest": naive::digest_of("") },
                { "id": "stars", "level": "edit", "digest": naive::digest_of(&format!("wk_{}", "*".repeat(43))) },
                { "id": "long", "level": "edit", "digest": naive::digest_of(&format!("wk_{}", "A".repeat(44))) },
                { "id": "good", "level": "edit", "digest": naive::digest_of(&format!("wk_{}", "-_".repeat(21) + "z")) },
            ],
        }],
    }))
    .unwrap();
    let snapshot = workspace(&organization);
    for key in ["", "x", "wk_", &"A".repeat(46), &format!("wk_{}", "*".repeat(43)), &format!("wk_{}", "A".repeat(44))] {
        let visitor = Asker { link: Some(key.to_owned()), ..Asker::default() };
        let decision = session(&snapshot, &visitor).check(Capability::AssistantView, Some("helper"), NOW);
        assert_eq!(decision, Decision::Denied(wicketgate::Denied::LinkInvalid), "{key}");
    }
    let visitor = Asker { link: Some(format!("wk_{}", "-_".repeat(21) + "z")), ..Asker::default() };
    assert!(session(&snapshot, &visitor).can(Capability::AssistantEdit, Some("helper"), NOW));
}

/// A private JWK may have its public key `x`, which must then belong to it.
#[test]
fn a_private_key_is_read_with_or_without_its_public_one() {
    let key = wicketgate::SigningKey::from_entropy(&[7; 32], None).unwrap();
    let other = wicketgate::SigningKey::from_entropy(&[8; 32], None).unwrap();
    let read = |jwk: wicketgate::Jwk| wicketgate::SigningKey::from_jwk(&jwk).map(|key| key.public_jwk().x);
    assert_eq!(read(key.private_jwk()).unwrap(), key.public_jwk().x);
    assert_eq!(read(wicketgate::Jwk { x: None, ..key.private_jwk() }).unwrap(), key.public_jwk().x);
    for wrong in [
        wicketgate::Jwk { x: other.public_jwk().x, ..key.private_jwk() },
        wicketgate::Jwk { d: None, ..key.private_jwk() },
        wicketgate::Jwk { kid: None, ..key.private_jwk() },
        wicketgate::Jwk { kty: "EC".to_owned(), ..key.private_jwk() },
        wicketgate::Jwk { crv: Some("X25519".to_owned()), ..key.private_jwk() },
        wicketgate::Jwk { alg: Some("ES256".to_owned()), ..key.private_jwk() },
    ] {
        assert_eq!(read(wrong).unwrap_err().code(), Code::InvalidKey);
    }
}

/// A capability that this version does not know is denied: expired and inactive come first, then the unknown target.
#[test]
fn an_unknown_capability_is_denied_for_the_first_reason() {
    let organization: Organization = serde_json::from_value(serde_json::json!({
        "id": "acme",
        "users": [{ "id": "vic", "role": "user" }, { "id": "sam", "role": "global_admin", "status": "suspended" }],
    }))
    .unwrap();
    let snapshot = workspace(&organization);
    let late = snapshot.expires_at();
    use wicketgate::Denied::{Expired, Inactive, UnknownTarget};
    for (user, now, denied) in [
        (Some("vic"), NOW, UnknownTarget),
        (None, NOW, UnknownTarget),
        (Some("sam"), NOW, Inactive),
        (Some("nobody"), NOW, Inactive),
        (Some("sam"), late, Expired),
        (Some("vic"), late, Expired),
    ] {
        let session = snapshot.session(Presented { user, ..Presented::default() }).unwrap();
        assert_eq!(session.check_name("assistant.fly", None, now), Decision::Denied(denied), "{user:?} at {now}");
        assert_eq!(session.check_name("team.create", None, late), Decision::Denied(Expired));
    }
}
