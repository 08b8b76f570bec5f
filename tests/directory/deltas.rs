//! A snapshot after a delta gives the same answers as the later snapshot, to every question of every principal.

mod applied;
mod concerned;
mod following;
mod foreign;
mod in_place;
mod issued;

use crate::common::cases::{self, Asker, encode};
use crate::common::world::{self};
use proptest::prelude::*;
use serde_json::json;
use wicketgate::document::{Changes, Organization};
use wicketgate::{
    Capability, Code, Expect, Facts, Issue, JwkSet, Kind, Presented, Projection, Scope, SigningKey, Snapshot, Target, Token,
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
