//! A snapshot after a delta gives the same answers as the later snapshot, to every question of every principal.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::adapter::Directory;
use super::commands::{self, Known, Step};
use super::model::{self, State};
use crate::common::cases::{self, Asker, encode};
use crate::common::world::{self, NOW};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use wicketgate::document::{Changes, Organization};
use wicketgate::{
    Capability, Code, Expect, Facts, Head, Issue, JwkSet, Kind, Presented, Projection, Scope, SigningKey, Snapshot, Target, Token,
};

fn keys() -> JwkSet {
    JwkSet { keys: vec![signer().public_jwk()] }
}

fn signer() -> SigningKey {
    SigningKey::from_entropy(&[7; 32], Some("k1".to_owned())).unwrap()
}

fn state(version: u64) -> String {
    encode([version as u8; 16])
}

/// A snapshot of a version, issued and opened.
fn opened(organization: &Organization, scope: Projection, version: u64, now: u64) -> Snapshot {
    let issue =
        Issue { issued_at: now, expires_at: now + 40 * 86_400, version, state: Some(state(version)), scope, ..Issue::default() };
    let token = issue.sign(&Facts::from_document(organization).unwrap(), &signer()).unwrap();
    Snapshot::open(Token::Compact(token), &keys(), &Expect::default(), now).unwrap()
}

/// The document of a newly opened snapshot.
fn document(snapshot: &Snapshot) -> Organization {
    serde_json::from_str(snapshot.documents().next().unwrap()).unwrap()
}

/// A delta between two snapshots.
fn delta(from: &Snapshot, to: &Snapshot, changes: &Changes, now: u64) -> Token {
    let header = json!({ "alg": "EdDSA", "typ": "wicketgate-delta+jwt", "kid": "k1" });
    let mut claims = json!({
        "iat": now,
        "exp": to.expires_at(),
        "scope": cases::name(to.scope()),
        "from": { "version": from.version(), "state": from.state() },
        "version": to.version(),
        "state": to.state(),
        "organization": changes,
    });
    claims["organization"]["id"] = json!(to.organization());
    if let Some(subject) = to.subject() {
        claims["sub"] = json!(subject);
    }
    Token::Compact(cases::signed(&header.to_string(), claims.to_string().as_bytes()))
}

/// Both snapshots give the same answers; and their facts are the same where they can be compared.
pub fn answer_alike(applied: &Snapshot, fresh: &Snapshot, organization: &Organization, now: u64) -> Result<(), TestCaseError> {
    prop_assert_eq!(
        (
            applied.epoch(),
            applied.version(),
            applied.state(),
            applied.scope(),
            applied.subject(),
            applied.expires_at(),
            applied.issued_at()
        ),
        (fresh.epoch(), fresh.version(), fresh.state(), fresh.scope(), fresh.subject(), fresh.expires_at(), fresh.issued_at())
    );
    prop_assert_eq!(applied.withheld(), fresh.withheld());
    let askers = match fresh.scope() {
        Scope::Workspace => world::users(organization).into_iter().chain(world::visitors().into_iter().take(6)).collect(),
        Scope::Member => vec![Asker { user: fresh.subject().map(str::to_owned), ..Asker::default() }],
        Scope::Gate => world::visitors(),
    };
    for now in [now, now + 3600] {
        // Expiries of other users in a member snapshot may differ: they change no answer.
        if fresh.scope() != Scope::Member {
            prop_assert_eq!(applied.steady(now), fresh.steady(now));
        }
        for asker in &askers {
            let (one, other) = (applied.session(asker.presented()).unwrap(), fresh.session(asker.presented()).unwrap());
            for (capability, on) in world::questions(organization) {
                let on = on.as_deref();
                prop_assert_eq!(
                    one.check(capability, on, now),
                    other.check(capability, on, now),
                    "{:?} {} {:?}",
                    asker,
                    capability,
                    on
                );
                prop_assert_eq!(one.can(capability, on, now), other.can(capability, on, now));
                if let Some(target) = Target::of(capability.kind(), on) {
                    prop_assert_eq!(one.capabilities(target, now), other.capabilities(target, now));
                }
            }
            for capability in Capability::ALL {
                prop_assert_eq!(one.list(*capability, now), other.list(*capability, now), "{:?} {}", asker, capability);
            }
            for user in &organization.users {
                for role in ["global_admin", "application_admin", "user", "auditor", "builder", "fresh"] {
                    prop_assert_eq!(one.can_assign_role(&user.id, role, now), other.can_assign_role(&user.id, role, now));
                }
            }
        }
    }
    for kind in [Kind::Team, Kind::Project, Kind::Assistant] {
        prop_assert_eq!(applied.ids(kind).collect::<Vec<_>>(), fresh.ids(kind).collect::<Vec<_>>());
    }
    if fresh.scope() == Scope::Workspace {
        for (capability, on) in world::questions(organization) {
            prop_assert_eq!(
                applied.who_can(capability, on.as_deref(), now).unwrap(),
                fresh.who_can(capability, on.as_deref(), now).unwrap()
            );
        }
        prop_assert!(applied.diff(fresh, now).unwrap().is_empty() && fresh.diff(applied, now).unwrap().is_empty());
    } else {
        let refused = applied.session(Presented { user: Some("nobody"), ..Presented::default() });
        prop_assert_eq!(refused.unwrap_err().code(), Code::WrongScope);
    }
    Ok(())
}

const CASES: u32 = 24;

/// The organization after each accepted command of a sequence, by the model, with the time.
fn history(organization: Organization, steps: &[Step]) -> Vec<(Organization, u64)> {
    let mut state = State::new(organization.clone());
    let (mut known, mut now) = (Known::default(), NOW);
    let mut history = vec![(organization, now)];
    for (n, step) in steps.iter().enumerate() {
        now = step.time(now);
        let (actor, command) = step.command(&known, now);
        let result = made_up(&command, n);
        if let Ok(next) = model::execute(&state, actor.as_deref(), &command, now, &result) {
            state = next;
            known.learn(&command, &result);
            history.push((state.organization.clone(), now));
        }
    }
    history
}

/// An invented answer of a directory, for the model: ids and tokens.
fn made_up(command: &Value, n: usize) -> Value {
    let kind = command["type"].as_str().unwrap_or_default();
    let made = kind.strip_prefix("create_").or(["invite_user", "join"].contains(&kind).then_some("user"));
    let mut result = json!({});
    if let Some(made) = made.filter(|_| command.get("id").is_none()) {
        result[made] = json!(format!("made-{n}"));
    }
    if ["invite_user", "resend_invitation"].contains(&kind) {
        result["token"] = json!(format!("wi_{n}"));
        result["email"] = command.get("email").cloned().unwrap_or(json!("new@acme.example"));
    }
    result
}

#[test]
fn a_delta_applied_is_the_later_snapshot_opened() {
    let mut runner = TestRunner::new(super::sequences::config(CASES));
    let worlds = (commands::founded(), commands::steps(15..40));
    let run = runner.run(&worlds, |(organization, steps)| {
        let history = history(organization, &steps);
        let everybody: Vec<String> = (0..7).map(|n| format!("u{n}")).chain(["made-1".to_owned()]).collect();
        let scopes =
            everybody.into_iter().map(Projection::Member).chain([Projection::Workspace, Projection::Overview, gate(&history)]);
        for scope in scopes {
            follow(&history, &scope)?;
        }
        Ok(())
    });
    if let Err(error) = run {
        panic!("{error}");
    }
}

/// A gate for two of three assistants that ever existed.
fn gate(history: &[(Organization, u64)]) -> Projection {
    let mut all: Vec<String> =
        history.iter().flat_map(|(organization, _)| organization.assistants.iter().map(|assistant| assistant.id.clone())).collect();
    all.sort();
    all.dedup();
    Projection::Gate(all.into_iter().enumerate().filter(|(n, _)| n % 3 != 2).map(|(_, id)| id).collect())
}

fn follow(history: &[(Organization, u64)], scope: &Projection) -> Result<(), TestCaseError> {
    // One snapshot follows every change, another one every fourth.
    let (every, some) = (RefCell::new(None), RefCell::new(None));
    for (n, (organization, now)) in history.iter().enumerate() {
        let (version, now) = (n as u64 + 1, *now);
        if let Projection::Member(subject) = scope
            && !organization.users.iter().any(|user| user.id == *subject)
        {
            // The reader does not exist or is removed: there is nothing to follow.
            every.take();
            some.take();
            continue;
        }
        let fresh = opened(organization, scope.clone(), version, now);
        for (held, follows) in [(&every, true), (&some, n % 4 == 0)] {
            let mut held = held.borrow_mut();
            let Some((snapshot, shown)) = held.as_mut().filter(|_| follows) else {
                if held.is_none() {
                    *held = Some((opened(organization, scope.clone(), version, now), document(&fresh)));
                }
                continue;
            };
            let snapshot: &mut Snapshot = snapshot;
            let changes = model::difference(shown, &document(&fresh));
            let applied = snapshot.apply(delta(snapshot, &fresh, &changes, now), &keys(), &Expect::default(), now);
            if rededicated(shown, &changes) {
                // A delta cannot express this: the snapshot stays, and the later one is opened in full.
                prop_assert_eq!(applied.unwrap_err().code(), Code::InvalidFacts);
                *snapshot = opened(organization, scope.clone(), version, now);
            } else {
                applied.map_err(|error| {
                    TestCaseError::fail(format!("{scope:?}: {error}: {}", serde_json::to_string(&changes).unwrap()))
                })?;
            }
            answer_alike(snapshot, &fresh, organization, now)?;
            *shown = document(&fresh);
        }
    }
    Ok(())
}

/// Whether a role was deleted and defined again on another level.
fn rededicated(before: &Organization, changes: &Changes) -> bool {
    changes.roles.iter().any(|role| before.roles.iter().any(|old| old.id == role.id && old.on != role.on))
}

/// A reader who follows a directory: their snapshot, its document, and the workspace at that time.
struct Follower {
    snapshot: Snapshot,
    shown: Organization,
    workspace: Organization,
    /// Whether the subject was removed since: a user with the same id is another person.
    removed: bool,
}

/// A snapshot of the directory, issued and opened.
fn issued(directory: &Directory, scope: &Projection, now: u64) -> Option<Snapshot> {
    let issue = issue(scope, now);
    match directory.0.snapshot(issue, &signer()) {
        Ok(token) => Some(Snapshot::open(Token::Compact(token), &keys(), &Expect::default(), now).unwrap()),
        Err(error) => {
            assert_eq!(error.code(), Code::UnknownUser);
            None
        }
    }
}

fn issue(scope: &Projection, now: u64) -> Issue {
    Issue { issued_at: now, expires_at: now + 40 * 86_400, scope: scope.clone(), ..Issue::default() }
}

/// Whether any holding expired in between.
fn expired(workspace: &Organization, from: u64, until: u64) -> bool {
    let members = workspace.teams.iter().flat_map(|team| team.members.iter().map(|member| member.expires));
    let grants = workspace.assistants.iter().flat_map(|assistant| assistant.grants.iter().map(|grant| grant.expires));
    let links = workspace.assistants.iter().flat_map(|assistant| assistant.links.iter().map(|link| link.expires));
    members.chain(grants).chain(links).flatten().any(|expires| (from + 1..=until).contains(&expires))
}

#[test]
fn a_directory_issues_deltas_that_lead_to_its_snapshots() {
    let tally: RefCell<BTreeMap<(&str, &str), usize>> = RefCell::default();
    let mut runner = TestRunner::new(super::sequences::config(CASES));
    let worlds = (commands::founded(), commands::steps(15..40));
    let run = runner.run(&worlds, |(organization, steps)| {
        let mut directory = Directory::found(&organization, NOW);
        let (mut known, mut now) = (Known::default(), NOW);
        let mut scopes: Vec<Projection> = (0..6).map(|n| Projection::Member(format!("u{n}"))).collect();
        scopes.extend([Projection::Workspace, Projection::Overview]);
        scopes.push(Projection::Gate(["a0", "a1", "a3", "a4", "a7", "nowhere"].map(str::to_owned).to_vec()));
        // Some readers follow every change, some every fourth.
        let mut followers: Vec<(Projection, u64, Option<Follower>)> =
            scopes.into_iter().flat_map(|scope| [(scope.clone(), 1, None), (scope, 4, None)]).collect();
        for step in &steps {
            now = step.time(now);
            let (actor, command) = step.command(&known, now);
            let before = public(&directory);
            let Ok((event, result, gates)) = directory.change(actor.as_deref(), &command, now) else { continue };
            known.learn(&command, &result);
            gates_are_named(&before, &public(&directory), &gates)?;
            for (scope, _, follower) in &mut followers {
                if let (Projection::Member(subject), Some(follower)) = (scope, follower) {
                    follower.removed |= directory.0.user(subject).is_none();
                }
            }
            let turn = |every: u64| event.version.is_multiple_of(every);
            for (scope, _, follower) in followers.iter_mut().filter(|(_, every, _)| turn(*every)) {
                let mut count = |scope, outcome| *tally.borrow_mut().entry((scope, outcome)).or_default() += 1;
                *follower = catch_up(&mut directory, scope, follower.take(), now, &mut count)?;
            }
            let head = directory.0.head_token(issue(&Projection::Workspace, now), &signer()).unwrap();
            let head = Head::open(Token::Compact(head), &keys(), &Expect::default(), now).unwrap();
            prop_assert_eq!((head.organization.as_str(), head.epoch, head.version), ("acme", directory.0.epoch(), event.version));
        }
        Ok(())
    });
    if let Err(error) = run {
        panic!("{error}");
    }
    let tally = tally.into_inner();
    let all = ["workspace", "overview", "member", "gate"].map(|scope| (scope, "applied"));
    assert!(super::sequences::few() || all.iter().all(|outcome| tally.contains_key(outcome)), "{tally:?}");
}

/// A delta cannot start from a time before an expiry, from an unknown version, or for a reader who was not a user then.
#[test]
fn where_no_delta_leads_the_snapshot_is_issued_in_full() {
    let organization: Organization = serde_json::from_value(json!({
        "id": "acme",
        "users": [{ "id": "ga", "role": "global_admin" }, { "id": "us", "role": "user" }],
        "teams": [{ "id": "t", "members": [{ "user": "us", "role": "viewer", "expires": NOW + 10 }] }],
    }))
    .unwrap();
    let mut directory = Directory::found(&organization, NOW);
    let member = Projection::Member("us".to_owned());
    let mut held = issued(&directory, &member, NOW).unwrap();
    directory.execute(None, &json!({ "type": "edit_team", "team": "t", "name": "New" }), NOW).unwrap();
    let delta = |directory: &mut Directory, from: u64, now: u64| {
        directory.0.delta(from, issue(&member, now), &signer()).map(Token::Compact).map_err(|error| error.code())
    };
    let unavailable = Some(Code::DeltaUnavailable);

    let late = delta(&mut directory, 1, NOW + 10).unwrap();
    assert_eq!(held.apply(late, &keys(), &Expect::default(), NOW + 10).unwrap_err().code(), Code::WrongState);
    assert_eq!(held.version(), 1);
    let early = delta(&mut directory, 1, NOW + 9).unwrap();
    held.apply(early, &keys(), &Expect::default(), NOW + 9).unwrap();
    assert_eq!(held.version(), 2);
    assert_eq!(delta(&mut directory, 0, NOW).err(), unavailable);
    assert_eq!(delta(&mut directory, 3, NOW).err(), unavailable);

    // A removed user and a new one with the same id: no delta leads from one to the other.
    directory.execute(None, &json!({ "type": "remove_user", "user": "us" }), NOW).unwrap();
    assert_eq!(delta(&mut directory, 2, NOW).err(), unavailable);
    let joins = json!({ "type": "join", "id": "us", "issuer": "https://id.example", "subject": "1", "email": "us@acme.example" });
    directory.execute(None, &joins, NOW).unwrap();
    assert_eq!(delta(&mut directory, 3, NOW).err(), unavailable);
    // Nor from before: it would reveal to one what the other was shown.
    assert_eq!(delta(&mut directory, 2, NOW).err(), unavailable);
    assert!(delta(&mut directory, 4, NOW).is_ok());

    // A restored directory has no earlier events.
    let mut restored = Directory(wicketgate::Directory::restore(&directory.dump()).unwrap());
    assert_eq!(delta(&mut restored, 2, NOW).err(), unavailable);
    assert!(delta(&mut restored, 4, NOW).is_ok());
}

/// A delta that leaves references to removed things, which no directory issues: it gives nobody anything, even after the id is taken again.
#[test]
fn what_refers_to_something_gone_grants_nothing() {
    let organization: Organization = serde_json::from_value(json!({
        "id": "acme",
        "roles": [{ "id": "viewer-of-all", "on": "organization", "grants": ["assistant.view", "audit.view"] }],
        "users": [{ "id": "us", "role": "viewer-of-all" }, { "id": "vi", "role": "user" }, { "id": "ow", "role": "user" }],
        "teams": [{ "id": "t", "creator": "ow", "members": [{ "user": "vi", "role": "owner" }] }],
        "projects": [{ "id": "p", "team": "t" }],
        "assistants": [{ "id": "a", "project": "p", "owner": "ow", "accessibility": "only_team" }],
    }))
    .unwrap();
    let gone: Changes = serde_json::from_value(json!({
        "gone": { "roles": ["viewer-of-all"], "users": ["ow"], "teams": ["t"] },
    }))
    .unwrap();
    let again: Changes = serde_json::from_value(json!({
        "roles": organization.roles, "users": [{ "id": "ow", "role": "user" }], "teams": [{ "id": "t" }],
    }))
    .unwrap();
    let at = |version| opened(&organization, Projection::Workspace, version, NOW);
    let mut snapshot = at(1);
    let may = |snapshot: &Snapshot, user: &str, capability: Capability, on: Option<&str>| {
        snapshot.session(Presented { user: Some(user), ..Presented::default() }).unwrap().can(capability, on, NOW)
    };
    let asked = [
        ("us", Capability::AuditView, None),
        ("us", Capability::AssistantView, Some("a")),
        ("vi", Capability::AssistantEdit, Some("a")),
        ("vi", Capability::ProjectEdit, Some("p")),
        ("ow", Capability::AssistantDelete, Some("a")),
    ];
    assert!(asked.iter().all(|(user, capability, on)| may(&snapshot, user, *capability, *on)));
    for (version, changes) in [(2, gone), (3, again)] {
        let token = delta(&snapshot, &at(version), &changes, NOW);
        snapshot.apply(token, &keys(), &Expect::default(), NOW).unwrap();
        for (user, capability, on) in asked {
            assert!(!may(&snapshot, user, capability, on), "{user} {capability} in version {version}");
        }
    }
}

/// The facts of two gates of one version differ: a delta of one gate must not hide a change of the other.
#[test]
fn no_delta_of_one_gate_fits_another() {
    let link = json!({ "id": "l", "level": "view", "digest": encode([7; 32]) });
    let assistant = |id: &str| json!({ "id": id, "project": "p", "owner": "ga", "accessibility": "public", "links": [link] });
    let organization: Organization = serde_json::from_value(json!({
        "id": "acme",
        "users": [{ "id": "ga", "role": "global_admin" }],
        "teams": [{ "id": "t" }],
        "projects": [{ "id": "p", "team": "t" }],
        "assistants": [assistant("a"), assistant("b")],
    }))
    .unwrap();
    let mut directory = Directory::found(&organization, NOW);
    let gate = |ids: &[&str]| Projection::Gate(ids.iter().map(|id| (*id).to_owned()).collect());
    let mut held = issued(&directory, &gate(&["a"]), NOW).unwrap();
    directory.execute(None, &json!({ "type": "revoke_link", "assistant": "a", "link": "l" }), NOW).unwrap();
    for other in [gate(&["b"]), gate(&["a", "b"]), gate(&[]), gate(&["ab"])] {
        let foreign = Token::Compact(directory.0.delta(1, issue(&other, NOW), &signer()).unwrap());
        assert_eq!(held.apply(foreign, &keys(), &Expect::default(), NOW).unwrap_err().code(), Code::WrongState, "{other:?}");
    }
    // The order and number of the requested ids do not matter.
    let own = Token::Compact(directory.0.delta(1, issue(&gate(&["a", "a"]), NOW), &signer()).unwrap());
    held.apply(own, &keys(), &Expect::default(), NOW).unwrap();
    assert!(document(&issued(&directory, &gate(&["a"]), NOW).unwrap()).assistants[0].links.is_empty());
    assert_eq!(held.state(), issued(&directory, &gate(&["a"]), NOW).unwrap().state());
}

/// A delta of another organization does not fit either, whatever the reader expects and although the rest fits.
#[test]
fn no_delta_of_one_organization_fits_another() {
    let organization = |id: &str| -> Organization {
        serde_json::from_value(json!({ "id": id, "users": [{ "id": "ga", "role": "global_admin" }] })).unwrap()
    };
    let at = |id: &str, version| opened(&organization(id), Projection::Workspace, version, NOW);
    let mut held = at("acme", 1);
    let changes: Changes = serde_json::from_value(json!({ "users": [{ "id": "eve", "role": "global_admin" }] })).unwrap();
    let expecting = Expect { organization: Some("acme".to_owned()), ..Expect::default() };
    for expect in [Expect::default(), expecting] {
        for other in ["other", "acm", "ACME"] {
            let foreign = delta(&held, &at(other, 2), &changes, NOW);
            assert_eq!(held.apply(foreign, &keys(), &expect, NOW).unwrap_err().code(), Code::WrongOrganization, "{other}");
            assert_eq!(held.version(), 1);
        }
        assert!(
            held.session(Presented { user: Some("eve"), ..Presented::default() })
                .unwrap()
                .list(Capability::TeamView, NOW)
                .is_empty()
        );
        let own = delta(&held, &at("acme", 2), &changes, NOW);
        at("acme", 1).apply(own, &keys(), &expect, NOW).unwrap();
    }
}

/// A delta of another reader does not fit either.
#[test]
fn no_delta_of_one_reader_fits_another() {
    let organization: Organization = serde_json::from_value(json!({
        "id": "acme", "users": [{ "id": "ga", "role": "global_admin" }, { "id": "us", "role": "user" }],
    }))
    .unwrap();
    let scopes = ["ga", "us"].map(|user| Projection::Member(user.to_owned())).into_iter();
    let scopes: Vec<Projection> = scopes.chain([Projection::Workspace, Projection::Gate(Vec::new())]).collect();
    for (one, scope) in scopes.iter().enumerate() {
        for (two, other) in scopes.iter().enumerate() {
            let mut held = opened(&organization, scope.clone(), 1, NOW);
            let next = opened(&organization, other.clone(), 2, NOW);
            let applied = held.apply(delta(&held, &next, &Changes::default(), NOW), &keys(), &Expect::default(), NOW);
            assert_eq!(applied.err().map(|error| error.code()), (one != two).then_some(Code::WrongState), "{scope:?} {other:?}");
        }
    }
}

/// The state of a gate depends on each assistant id, and not only on their joined letters.
#[test]
fn gates_of_other_assistants_have_other_states() {
    let organization: Organization =
        serde_json::from_value(json!({ "id": "acme", "users": [{ "id": "ga", "role": "global_admin" }] })).unwrap();
    let directory = Directory::found(&organization, NOW);
    let gates: [&[&str]; 9] =
        [&[], &["abc"], &["a", "bc"], &["ab", "c"], &["a", "b", "c"], &["b", "ca"], &["a"], &["a", "a.b"], &["a.", "ab"]];
    let state = |ids: &[&str]| {
        let gate = Projection::Gate(ids.iter().map(|id| (*id).to_owned()).collect());
        issued(&directory, &gate, NOW).unwrap().state().unwrap().to_owned()
    };
    let states: std::collections::BTreeSet<String> = gates.iter().map(|ids| state(ids)).collect();
    assert_eq!(states.len(), gates.len());
}

/// Two teams with contents, and people in every relation to them: `tc` created the first team, `to` owns it, `tv` views it, `tr` has a custom
/// role there, `pc` created a project, `ao` owns the assistants, `gr` has grants, `aa` and `cu` administer, `us` has nothing.
fn everybody() -> Organization {
    let assistant = |id: &str, project: &str, accessibility: &str| {
        json!({ "id": id, "project": project, "owner": "ao", "accessibility": accessibility,
            "grants": [{ "user": "gr", "role": "tester" }, { "user": "tv", "role": "editor" }],
            "links": [{ "id": "l", "level": "view", "digest": encode([7; 32]) }], "embed": { "origins": ["*"] } })
    };
    serde_json::from_value(json!({
        "id": "acme",
        "roles": [
            { "id": "custom", "on": "organization", "grants": ["user.invite", "team.view"] },
            { "id": "spare", "on": "organization", "grants": ["panel.user_settings", "project.view"] },
            { "id": "runner", "on": "team", "grants": ["evaluation.run"] },
            { "id": "tester", "on": "assistant", "grants": ["assistant.view"] },
        ],
        "users": [
            { "id": "ga", "role": "global_admin", "email": "ga@acme.example" }, { "id": "aa", "role": "application_admin" },
            { "id": "cu", "role": "custom" }, { "id": "tc", "role": "application_admin" }, { "id": "to", "role": "user" },
            { "id": "tv", "role": "user" }, { "id": "tr", "role": "user" }, { "id": "pc", "role": "user" }, { "id": "ao", "role": "user" },
            { "id": "gr", "role": "user" }, { "id": "us", "role": "user" },
        ],
        "teams": [
            { "id": "t", "creator": "tc", "members": [{ "user": "to", "role": "owner" }, { "user": "tv", "role": "viewer" },
                { "user": "tr", "role": "runner" }, { "user": "pc", "role": "viewer" }, { "user": "ao", "role": "runner" }] },
            { "id": "u", "members": [{ "user": "tv", "role": "owner" }] },
        ],
        "projects": [{ "id": "p", "team": "t", "creator": "pc" }, { "id": "q", "team": "t" }, { "id": "r", "team": "u" }],
        "assistants": [assistant("m", "p", "only_me"), assistant("o", "p", "only_team"), assistant("b", "q", "public"),
            assistant("c", "r", "only_team")],
    }))
    .unwrap()
}

/// Each change reaches every reader whom it concerns, alone and together with other changes, and reveals to nobody what they are not shown.
#[test]
fn every_change_reaches_everybody_whom_it_concerns() {
    let member = |kind: &str, user: &str, role: &str| json!({ "type": kind, "team": "t", "user": user, "role": role });
    let user = |kind: &str, user: &str| json!({ "type": kind, "user": user });
    let on = |kind: &str, assistant: &str, more: Value| {
        let mut command = more;
        (command["type"], command["assistant"]) = (json!(kind), json!(assistant));
        command
    };
    let role = |id: &str, on: &str, grants: &[&str]| json!({ "type": "define_role", "id": id, "on": on, "grants": grants });
    let changes: Vec<(&str, Value)> = vec![
        ("ga", member("add_member", "us", "viewer")),
        ("ga", member("add_member", "gr", "owner")),
        ("ga", member("add_member", "us", "runner")),
        ("ga", member("set_member_role", "tv", "owner")),
        ("ga", member("set_member_role", "to", "runner")),
        ("ga", json!({ "type": "remove_member", "team": "t", "user": "tv" })),
        ("ga", json!({ "type": "remove_member", "team": "t", "user": "pc" })),
        ("ga", json!({ "type": "remove_member", "team": "u", "user": "tv" })),
        ("ga", json!({ "type": "assign_role", "user": "us", "role": "spare" })),
        ("ga", json!({ "type": "assign_role", "user": "us", "role": "global_admin" })),
        ("ga", json!({ "type": "assign_role", "user": "aa", "role": "user" })),
        ("ga", json!({ "type": "assign_role", "user": "tc", "role": "user" })),
        ("ga", json!({ "type": "assign_role", "user": "cu", "role": "spare" })),
        ("ga", user("suspend_user", "to")),
        ("ga", user("suspend_user", "aa")),
        ("ga", user("remove_user", "gr")),
        ("ga", user("remove_user", "tc")),
        ("ga", user("remove_user", "pc")),
        ("ga", json!({ "type": "remove_user", "user": "ao", "successor": "us" })),
        ("ga", json!({ "type": "invite_user", "email": "new@acme.example", "id": "new" })),
        ("aa", json!({ "type": "create_team", "name": "New" })),
        ("to", json!({ "type": "edit_team", "team": "t", "name": "Named" })),
        ("ga", json!({ "type": "delete_team", "team": "u", "cascade": true })),
        ("tv", json!({ "type": "create_project", "team": "t", "name": "New" })),
        ("pc", json!({ "type": "edit_project", "project": "p", "name": "Named" })),
        ("ga", json!({ "type": "delete_project", "project": "p", "cascade": true })),
        ("tv", json!({ "type": "create_assistant", "project": "p", "name": "New", "accessibility": "only_team" })),
        ("ga", json!({ "type": "delete_assistant", "assistant": "o" })),
        ("ga", on("transfer_assistant", "m", json!({ "user": "us" }))),
        ("ga", on("transfer_assistant", "b", json!({ "user": "gr" }))),
        ("ga", on("set_accessibility", "m", json!({ "accessibility": "only_team" }))),
        ("ga", on("set_accessibility", "o", json!({ "accessibility": "public" }))),
        ("ga", on("set_accessibility", "b", json!({ "accessibility": "only_me" }))),
        ("ga", on("grant", "b", json!({ "user": "us", "role": "editor" }))),
        ("ga", on("grant", "c", json!({ "user": "tv", "role": "tester" }))),
        ("ga", on("revoke_grant", "b", json!({ "user": "gr" }))),
        ("ga", on("revoke_grant", "c", json!({ "user": "tv" }))),
        ("ga", on("create_link", "b", json!({ "level": "edit", "id": "new" }))),
        ("ga", on("revoke_link", "b", json!({ "link": "l" }))),
        ("ga", on("set_embed", "b", json!({ "origins": [] }))),
        ("ga", on("edit_assistant", "b", json!({ "name": "Named" }))),
        ("ga", role("runner", "team", &["team.view", "project.view"])),
        ("ga", role("tester", "assistant", &["assistant.share", "assistant.view"])),
        ("ga", role("custom", "organization", &["panel.user_settings"])),
        ("ga", role("new", "organization", &["team.create"])),
        ("ga", json!({ "type": "delete_role", "role": "spare" })),
        ("system", json!({ "type": "set_plan", "withholds": ["assistant.view", "team.view"], "name": "Small" })),
        ("ga", json!({ "type": "complete_review" })),
    ];
    let organization = everybody();
    let people = organization.users.iter().map(|user| Projection::Member(user.id.clone()));
    let gates =
        [&["b"][..], &["b", "o", "new"], &["m"]].map(|ids| Projection::Gate(ids.iter().map(|id| (*id).to_owned()).collect()));
    let scopes: Vec<Projection> = people.chain(gates).chain([Projection::Workspace, Projection::Overview]).collect();

    for n in 0..changes.len() {
        // Alone; and together with the next two, if these can follow.
        for length in [1, 3] {
            let mut directory = Directory::found(&organization, NOW);
            let held: Vec<Snapshot> = scopes.iter().map(|scope| issued(&directory, scope, NOW).unwrap()).collect();
            for step in 0..length {
                let (actor, command) = &changes[(n + step * 7) % changes.len()];
                let actor = (*actor != "system").then_some(*actor);
                let made = directory.execute(actor, command, NOW);
                assert!(step > 0 || made.is_ok(), "{command}: {made:?}");
            }
            let now = directory.document();
            for (scope, mut snapshot) in scopes.iter().zip(held) {
                let old = document(&snapshot);
                let Some(fresh) = issued(&directory, scope, NOW) else { continue };
                let token = directory.0.delta(1, issue(scope, NOW), &signer()).unwrap();
                let context = format!("{scope:?} after {} ({length})", changes[n].1);
                snapshot
                    .apply(Token::Compact(token.clone()), &keys(), &Expect::default(), NOW)
                    .unwrap_or_else(|error| panic!("{context}: {error}"));
                answer_alike(&snapshot, &fresh, &now, NOW).unwrap_or_else(|error| panic!("{context}: {error}"));
                names_no_more(&old, &document(&fresh), &self::changes(&token)).unwrap_or_else(|error| panic!("{context}: {error}"));
            }
        }
    }
}

/// A custom team role that shows neither team nor project: the delta adds both.
#[test]
fn a_delta_brings_along_where_an_assistant_is() {
    let organization: Organization = serde_json::from_value(json!({
        "id": "acme",
        "roles": [{ "id": "runner", "on": "team", "grants": ["evaluation.run"] }],
        "users": [{ "id": "ga", "role": "global_admin" }, { "id": "us", "role": "user" }, { "id": "out", "role": "user" }],
        "teams": [{ "id": "t", "members": [{ "user": "us", "role": "runner" }] }],
        "projects": [{ "id": "p", "team": "t" }, { "id": "q", "team": "t" }],
        "assistants": [{ "id": "a", "project": "p", "owner": "ga", "accessibility": "only_me" },
            { "id": "b", "project": "q", "owner": "ga", "accessibility": "only_me" }],
    }))
    .unwrap();
    for scope in ["us", "out", "ga"].map(|user| Projection::Member(user.to_owned())) {
        let mut directory = Directory::found(&organization, NOW);
        let mut held = issued(&directory, &scope, NOW).unwrap();
        for accessibility in ["only_team", "public", "only_team", "only_me"] {
            let command = json!({ "type": "set_accessibility", "assistant": "a", "accessibility": accessibility });
            directory.execute(Some("ga"), &command, NOW).unwrap();
            let token = Token::Compact(directory.0.delta(held.version(), issue(&scope, NOW), &signer()).unwrap());
            held.apply(token, &keys(), &Expect::default(), NOW)
                .unwrap_or_else(|error| panic!("{scope:?} {accessibility}: {error}"));
            answer_alike(&held, &issued(&directory, &scope, NOW).unwrap(), &directory.document(), NOW).unwrap();
        }
    }
}

fn name(scope: &Projection) -> &'static str {
    match scope {
        Projection::Workspace => "workspace",
        Projection::Overview => "overview",
        Projection::Member(_) => "member",
        Projection::Gate(_) => "gate",
    }
}

/// A reader with a snapshot, or without one, gets the delta to the present. Then their snapshot gives the same answers as a newly issued one
/// and as the workspace.
fn catch_up(
    directory: &mut Directory,
    scope: &Projection,
    follower: Option<Follower>,
    now: u64,
    count: &mut dyn FnMut(&'static str, &'static str),
) -> Result<Option<Follower>, TestCaseError> {
    let Some(fresh) = issued(directory, scope, now) else {
        // Without a snapshot there is no delta either.
        if let Some(follower) = follower {
            let refused = directory.0.delta(follower.snapshot.version(), issue(scope, now), &signer());
            prop_assert_eq!(refused.unwrap_err().code(), Code::DeltaUnavailable);
            count(name(scope), "unavailable");
        }
        return Ok(None);
    };
    let workspace = directory.document();
    answers_as_the_workspace(directory, &fresh, &workspace, now)?;
    let shown = document(&fresh);
    let Some(Follower { mut snapshot, shown: old, workspace: held, removed }) = follower else {
        return Ok(Some(Follower { snapshot: fresh, shown, workspace, removed: false }));
    };
    let dump = directory.dump();
    let from = snapshot.version();
    let token = directory.0.delta(from, issue(scope, now), &signer());
    prop_assert_eq!(directory.dump(), dump, "making a delta changes nothing");
    let token = match token {
        // The user was removed and created again in the meantime, or the snapshot is of an earlier epoch.
        token if removed || snapshot.epoch() != fresh.epoch() => {
            prop_assert_eq!(token.unwrap_err().code(), Code::DeltaUnavailable);
            count(name(scope), "unavailable");
            return Ok(Some(Follower { snapshot: fresh, shown, workspace, removed: false }));
        }
        token => token.unwrap(),
    };
    let since = snapshot.issued_at().unwrap();
    let changes = changes(&token);
    match snapshot.apply(Token::Compact(token), &keys(), &Expect::default(), now) {
        Ok(()) => {
            answer_alike(&snapshot, &fresh, &workspace, now)?;
            names_no_more(&old, &shown, &changes)?;
            // The delta renews the times, also a second time.
            let later = now + 60;
            let renewal = directory.0.delta(snapshot.version(), issue(scope, later), &signer()).unwrap();
            if !expired(&workspace, now, later) {
                prop_assert!(self::changes(&renewal).is_empty());
                snapshot.apply(Token::Compact(renewal.clone()), &keys(), &Expect::default(), later).unwrap();
                prop_assert_eq!((snapshot.issued_at(), snapshot.version()), (Some(later), fresh.version()));
            }
            // A delta from another state changes nothing.
            if from != fresh.version() {
                let mut fresh = fresh;
                let foreign = directory.0.delta(from, issue(scope, now), &signer()).unwrap();
                prop_assert_eq!(
                    fresh.apply(Token::Compact(foreign), &keys(), &Expect::default(), now).unwrap_err().code(),
                    Code::WrongState
                );
                answer_alike(&fresh, &issued(directory, scope, now).unwrap(), &workspace, now)?;
            }
            count(name(scope), "applied");
            return Ok(Some(Follower { snapshot, shown, workspace, removed: false }));
        }
        // The state depends on expiries: after one, the later snapshot is opened in full.
        Err(error) if error.code() == Code::WrongState => {
            prop_assert!(expired(&held, since, now), "{:?}: {}", scope, error);
            count(name(scope), "wrong_state");
        }
        Err(error) if error.code() == Code::InvalidFacts => prop_assert!(rededicated(&old, &changes), "{:?}: {}", scope, error),
        Err(error) => return Err(TestCaseError::fail(format!("{scope:?}: {error}"))),
    }
    Ok(Some(Follower { snapshot: issued(directory, scope, now).unwrap(), shown, workspace, removed: false }))
}

/// The changes in a delta.
fn changes(token: &str) -> Changes {
    let (payload, _) = wicketgate::detach(token).unwrap();
    let payload: Value = serde_json::from_str(&payload).unwrap();
    let mut changes = payload["organization"].clone();
    changes.as_object_mut().unwrap().remove("id");
    serde_json::from_value(changes).unwrap()
}

/// A delta turns one document into the other, and names nothing that neither of them has.
fn names_no_more(old: &Organization, new: &Organization, changes: &Changes) -> Result<(), TestCaseError> {
    let led = model::amend(old, changes);
    prop_assert_eq!(model::sorted(led), model::sorted(new.clone()), "{:?}", changes);
    let known = |ids: Vec<&String>, gone: &[String]| gone.iter().all(|id| ids.contains(&id));
    prop_assert!(known(old.users.iter().map(|user| &user.id).collect(), &changes.gone.users), "{:?}", changes.gone);
    prop_assert!(known(old.roles.iter().map(|role| &role.id).collect(), &changes.gone.roles), "{:?}", changes.gone);
    prop_assert!(known(old.teams.iter().map(|team| &team.id).collect(), &changes.gone.teams), "{:?}", changes.gone);
    prop_assert!(known(old.projects.iter().map(|project| &project.id).collect(), &changes.gone.projects), "{:?}", changes.gone);
    prop_assert!(known(old.assistants.iter().map(|one| &one.id).collect(), &changes.gone.assistants), "{:?}", changes.gone);
    for team in &changes.teams {
        let members =
            old.teams.iter().filter(|other| other.id == team.id).flat_map(|team| team.members.iter().map(|one| &one.user));
        prop_assert!(known(members.collect(), &team.without), "{:?}", team);
    }
    for assistant in &changes.assistants {
        let before = old.assistants.iter().filter(|other| other.id == assistant.id);
        let grants = before.flat_map(|one| one.grants.iter().map(|grant| &grant.user));
        prop_assert!(known(grants.collect(), &assistant.without), "{:?}", assistant);
    }
    Ok(())
}

/// A projection allows exactly what the workspace allows.
fn answers_as_the_workspace(
    directory: &Directory,
    projected: &Snapshot,
    organization: &Organization,
    now: u64,
) -> Result<(), TestCaseError> {
    let full = issued(directory, &Projection::Workspace, now).unwrap();
    let askers = match projected.scope() {
        // An overview has all people. Keys are not compared: no link of an overview opens anything.
        Scope::Workspace => world::users(organization),
        Scope::Member => vec![Asker { user: projected.subject().map(str::to_owned), ..Asker::default() }],
        Scope::Gate => world::visitors(),
    };
    let at_the_gate = document(projected).assistants;
    for asker in &askers {
        let (full, own) = (full.session(asker.presented()).unwrap(), projected.session(asker.presented()).unwrap());
        for (capability, on) in world::questions(organization) {
            let on = on.as_deref();
            let not_there = projected.scope() == Scope::Gate && at_the_gate.iter().all(|one| Some(one.id.as_str()) != on);
            let expected = full.can(capability, on, now) && !not_there;
            prop_assert_eq!(own.can(capability, on, now), expected, "{:?} {} {:?}", asker, capability, on);
        }
    }
    Ok(())
}

type Public = (Option<wicketgate::document::Plan>, Vec<wicketgate::document::Assistant>);

/// The document of a gate for all assistants.
fn public(directory: &Directory) -> Public {
    let workspace = directory.document();
    let all = workspace.assistants.into_iter().map(|assistant| assistant.id).collect();
    let shown = document(&issued(directory, &Projection::Gate(all), NOW).unwrap());
    (shown.plan, shown.assistants)
}

/// The directory names the assistants whose gate snapshots change.
fn gates_are_named(before: &Public, after: &Public, gates: &[String]) -> Result<(), TestCaseError> {
    let there = before.1.iter().chain(&after.1);
    for assistant in there {
        let of = |public: &Public| public.1.iter().find(|other| other.id == assistant.id).cloned();
        let changed = of(before) != of(after) || before.0 != after.0;
        prop_assert!(!changed || gates.contains(&assistant.id), "{}: {:?}", assistant.id, gates);
    }
    Ok(())
}

/// Facts that are changed in place equal the later facts read as a whole.
#[test]
fn facts_changed_in_place_are_the_later_ones() {
    let mut runner = TestRunner::new(super::sequences::config(CASES * 4));
    let worlds = (commands::founded(), commands::steps(20..60));
    let run = runner.run(&worlds, |(organization, steps)| {
        let history = history(organization, &steps);
        let mut facts = Facts::from_document(&history[0].0).unwrap();
        for pair in history.windows(2) {
            let [(before, _), (after, _)] = pair else { continue };
            for to in [after, before, after] {
                let changes = model::difference(&facts.workspace(), &ordered(to));
                facts.amend(serde_json::to_string(&changes).unwrap()).map_err(|error| TestCaseError::fail(error.to_string()))?;
                prop_assert_eq!(facts.workspace(), ordered(to));
                // Contradicting changes change nothing.
                for broken in broken(to) {
                    let Err(error) = facts.amend(broken.to_string()) else {
                        return Err(TestCaseError::fail(format!("accepted: {broken}")));
                    };
                    prop_assert!([Code::InvalidFacts, Code::Malformed].contains(&error.code()), "{}", broken);
                    prop_assert_eq!(facts.workspace(), ordered(to));
                }
            }
        }
        Ok(())
    });
    if let Err(error) = run {
        panic!("{error}");
    }
}

/// The document in the form that the core writes.
fn ordered(organization: &Organization) -> Organization {
    Facts::from_document(organization).unwrap().workspace()
}

/// Changes that no facts can have, each after some possible ones.
fn broken(organization: &Organization) -> Vec<Value> {
    let team = json!({ "id": "new-team", "members": [{ "user": "u0", "role": "viewer", "expires": NOW + 5 }] });
    let user = json!({ "id": "new-user", "role": "user" });
    let mut broken = vec![
        json!({ "users": [user, { "id": "u0", "role": "no_such" }] }),
        json!({ "users": [user, user] }),
        json!({ "users": [user], "teams": [team, { "id": "other", "creator": "no-such" }] }),
        json!({ "users": [user], "teams": [team], "projects": [{ "id": "new-project", "team": "no-such" }] }),
        json!({ "teams": [team], "projects": [{ "id": "new-project", "team": "new-team" }, { "id": "new-project", "team": "new-team" }] }),
        json!({ "teams": [team], "projects": [{ "id": "new-project", "team": "new-team" }],
            "assistants": [{ "id": "new", "project": "new-project", "owner": "no-such", "accessibility": "public" }] }),
        json!({ "users": [user], "gone": { "teams": ["no-such"] } }),
        json!({ "roles": [{ "id": "viewer", "on": "team", "grants": [] }], "users": [user] }),
        json!({ "users": [user], "roles": [{ "id": "new-role", "on": "assistant", "grants": ["team.view"] }] }),
        json!({ "plan": { "withholds": ["no.such"] }, "users": [user] }),
    ];
    if let Some(assistant) = organization.assistants.first() {
        let link = json!({ "id": "l", "level": "view", "digest": "A".repeat(43) });
        broken.push(json!({ "assistants": [{ "id": assistant.id, "project": assistant.project, "owner": assistant.owner,
            "accessibility": "only_me", "links": [link, link] }] }));
    }
    broken
}
