//! Reconciling: from any organization to any other, exactly and once.

use std::collections::BTreeSet;

use super::adapter::Directory;
use super::commands;
use super::model::sorted;
use super::sequences::config;
use crate::common::world::NOW;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use wicketgate::document::{Holding, Organization};
use wicketgate::{Actor, FactKind, NotReconciled, Pass, Reconciliation, Reconciling, Status};

const CASES: u32 = 300;

/// The lines of an organization, in an order that nobody would choose.
fn lines(organization: &Organization) -> Vec<String> {
    let value = serde_json::to_value(organization).unwrap();
    let mut lines = Vec::new();
    for kind in FactKind::ALL {
        for fact in value[kind.name()].as_array().into_iter().flatten() {
            let mut line = fact.clone();
            line["kind"] = json!(kind.of_one());
            lines.push(line.to_string());
        }
    }
    lines.reverse();
    lines
}

/// Reconciles, and returns the types of the executed commands.
fn reconcile(directory: &mut Directory, actor: &Actor, lines: &[String], owned: &[FactKind]) -> Result<Vec<String>, NotReconciled> {
    let with = Reconciling { actor, now: NOW, entropy: &[3; 32], previews: 3 };
    let mut all = Reconciliation::new(owned.to_vec(), Some("u0".to_owned()));
    let mut kinds = Vec::new();
    for line in lines {
        kinds.push(all.read(line)?);
    }
    let mut done = Vec::new();
    for kind in FactKind::ALL {
        for (line, _) in lines.iter().zip(&kinds).filter(|(_, one)| **one == kind) {
            directory.0.reconcile(&all, line, Pass::First, &with, &mut done)?;
        }
    }
    let mut remove = |directory: &mut Directory, kind| -> Result<(), NotReconciled> {
        loop {
            let before = done.len();
            directory.0.reconcile_gone(&all, kind, 2, &with, &mut done)?;
            if done.len() == before {
                return Ok(());
            }
        }
    };
    for kind in [FactKind::Assistants, FactKind::Projects, FactKind::Teams] {
        remove(directory, kind)?;
    }
    let mut late = Vec::new();
    for (line, _) in lines.iter().zip(&kinds).filter(|(_, one)| **one == FactKind::Users) {
        directory.0.reconcile(&all, line, Pass::Late, &with, &mut late)?;
    }
    remove(directory, FactKind::Users)?;
    remove(directory, FactKind::Roles)?;
    let name = |command: &wicketgate::Command| serde_json::to_value(command).unwrap()["type"].as_str().unwrap().to_owned();
    Ok(done.iter().chain(&late).map(|one| name(&one.command)).collect())
}

/// The organization with names, and without what no command makes: several times the same role, invited people, new owners who are not active.
fn expressible(mut wanted: Organization, present: &Organization) -> Organization {
    wanted.plan.clone_from(&present.plan);
    for user in &mut wanted.users {
        let was = present.users.iter().find(|other| other.id == user.id).map(|other| other.status);
        match (was, user.status) {
            (Some(Status::Invited), Status::Invited) => {}
            (_, Status::Invited) => user.status = Status::Active,
            _ => {}
        }
    }
    let once = |held: &mut Vec<Holding>| {
        let mut seen = BTreeSet::new();
        held.retain(|one| seen.insert((one.user.clone(), one.role.clone())));
    };
    for team in &mut wanted.teams {
        team.name = Some(format!("Équipe {}", team.id));
        once(&mut team.members);
    }
    for project in &mut wanted.projects {
        project.name = Some(format!("Projet {}", project.id));
    }
    for assistant in &mut wanted.assistants {
        assistant.name = Some(format!("Assistant {}", assistant.id));
        once(&mut assistant.grants);
        let active = |id: &str| wanted.users.iter().any(|user| user.id == id && user.status == Status::Active);
        if !active(assistant.owner.as_deref().unwrap()) {
            assistant.owner = Some("u0".to_owned());
        }
    }
    wanted
}

/// What is there afterwards: holdings and links that have ended only if they were there before.
fn reached(mut wanted: Organization, present: &Organization) -> Organization {
    let keep = |held: &mut Vec<Holding>, had: Option<&Vec<Holding>>| {
        held.retain(|one| one.expires.is_none_or(|end| end > NOW) || had.is_some_and(|had| had.contains(one)));
    };
    for team in &mut wanted.teams {
        keep(&mut team.members, present.teams.iter().find(|other| other.id == team.id).map(|other| &other.members));
    }
    for assistant in &mut wanted.assistants {
        let before = present.assistants.iter().find(|other| other.id == assistant.id);
        keep(&mut assistant.grants, before.map(|other| &other.grants));
        let had = before.map(|other| other.links.clone()).unwrap_or_default();
        assistant.links.retain(|link| link.expires.is_none_or(|end| end > NOW) || had.contains(link));
    }
    wanted
}

fn leads_there(present: Organization, wanted: Organization, by_user: bool) -> Result<(), TestCaseError> {
    let present = Organization { plan: None, ..present };
    let wanted = expressible(wanted, &present);
    let actor = if by_user { Actor::User("u0".to_owned()) } else { Actor::System };
    let mut directory = Directory::found(&present, NOW);
    let lines = lines(&wanted);
    let done = reconcile(&mut directory, &actor, &lines, &FactKind::ALL);
    prop_assert!(done.is_ok(), "{done:?}: {present:#?} to {lines:#?}");
    prop_assert_eq!(sorted(directory.document()), sorted(reached(wanted, &present)));
    let version = directory.0.version();
    prop_assert_eq!(reconcile(&mut directory, &actor, &lines, &FactKind::ALL), Ok(Vec::new()), "a second time");
    prop_assert_eq!(directory.0.version(), version);
    Ok(())
}

#[test]
fn any_organization_becomes_any_other_and_then_stays() {
    let mut runner = TestRunner::new(config(CASES));
    let worlds = (commands::founded(), commands::founded(), any::<bool>());
    let run = runner.run(&worlds, |(present, wanted, by_user)| leads_there(present, wanted, by_user));
    if let Err(error) = run {
        panic!("{error}");
    }
}

fn small() -> Directory {
    let organization = json!({
        "id": "acme",
        "users": [
            { "id": "u0", "role": "global_admin", "email": "u0@acme.example" },
            { "id": "ana", "role": "user", "email": "ana@acme.example" },
            { "id": "bea", "role": "user", "email": "bea@acme.example" },
        ],
        "teams": [{ "id": "t", "name": "Team" }],
        "projects": [{ "id": "p", "name": "Project", "team": "t" }],
        "assistants": [{ "id": "a", "name": "Assistant", "project": "p", "owner": "ana", "accessibility": "public" }],
    });
    Directory::found(&serde_json::from_value(organization).unwrap(), NOW)
}

fn user(id: &str, email: &str, more: Value) -> String {
    let mut line = json!({ "kind": "user", "id": id, "role": "user", "email": email });
    line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    line.to_string()
}

#[test]
fn addresses_are_exchanged_and_passed_on() {
    let admin = user("u0", "u0@acme.example", json!({ "role": "global_admin" }));
    let mut directory = small();
    let lines = [admin.clone(), user("ana", "bea@acme.example", json!({})), user("bea", "ana@acme.example", json!({}))];
    reconcile(&mut directory, &Actor::System, &lines, &[FactKind::Users]).unwrap();
    assert_eq!(directory.0.user_at("ana@acme.example"), Some("bea"));
    assert_eq!(directory.0.user_at("bea@acme.example"), Some("ana"));
    // The same person under another id.
    let lines = [admin, user("eva", "bea@acme.example", json!({}))];
    reconcile(&mut directory, &Actor::System, &lines, &[FactKind::Users]).unwrap();
    assert_eq!(directory.0.user_at("bea@acme.example"), Some("eva"));
    // Their assistants went to the successor.
    assert_eq!(directory.document().assistants[0].owner.as_deref(), Some("u0"));
}

#[test]
fn only_owned_kinds_are_removed() {
    let mut directory = small();
    let before = directory.document();
    assert_eq!(reconcile(&mut directory, &Actor::System, &[], &[]), Ok(Vec::new()));
    assert_eq!(directory.document(), before);
    reconcile(&mut directory, &Actor::System, &[], &[FactKind::Assistants, FactKind::Roles]).unwrap();
    assert!(directory.document().assistants.is_empty() && directory.document().projects.len() == 1);
}

#[test]
fn nobody_reconciles_themselves_away() {
    let gina = Actor::User("u0".to_owned());
    let lines = [user("ana", "ana@acme.example", json!({ "role": "global_admin" })), user("bea", "bea@acme.example", json!({}))];
    let refused = reconcile(&mut small(), &gina, &lines, &[FactKind::Users]).unwrap_err();
    assert!(matches!(refused, NotReconciled::Command(refusal) if refusal.code.name() == "own_role"));
}

#[test]
fn the_global_admin_is_exchanged() {
    let mut directory = small();
    let lines = [
        user("u0", "u0@acme.example", json!({ "status": "suspended" })),
        user("ana", "ana@acme.example", json!({ "role": "global_admin" })),
        user("bea", "bea@acme.example", json!({})),
    ];
    reconcile(&mut directory, &Actor::System, &lines, &[FactKind::Users]).unwrap();
    assert_eq!(directory.document().users.iter().filter(|user| user.role == "global_admin").count(), 1);
}

#[test]
fn a_fault_has_its_path() {
    let fault = |line: Value| match reconcile(&mut small(), &Actor::System, &[line.to_string()], &[]).unwrap_err() {
        NotReconciled::Fact(error) => format!("{} {}", error.code().name(), error.path().unwrap_or_default()),
        NotReconciled::Command(refusal) => format!("{} {}", refusal.code.name(), refusal.path.unwrap_or_default()),
    };
    let assistant = |more: Value| {
        let mut line =
            json!({ "kind": "assistant", "id": "n", "name": "New", "project": "p", "owner": "ana", "accessibility": "public" });
        line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        line
    };
    assert_eq!(fault(json!([])), "invalid_facts ");
    assert_eq!(fault(json!({ "kind": "users", "id": "x" })), "invalid_facts kind");
    assert_eq!(fault(json!({ "kind": "user", "id": ".", "role": "user" })), "invalid_facts id");
    assert_eq!(fault(json!({ "kind": "user", "id": "x", "role": "user" })), "invalid_facts email");
    assert_eq!(fault(json!({ "kind": "user", "id": "x", "role": "user", "email": "no" })), "invalid_command email");
    assert_eq!(fault(json!({ "kind": "user", "id": "x", "role": "user", "nam": "X" })), "invalid_facts nam");
    assert_eq!(fault(json!({ "kind": "user", "id": "ana", "role": "user", "status": "invited" })), "invalid_facts status");
    assert_eq!(fault(json!({ "kind": "team", "id": "x" })), "invalid_facts name");
    assert_eq!(fault(assistant(json!({ "grants": [{ "user": "nobody", "role": "editor" }] }))), "unknown_user grants[0].user");
    assert_eq!(fault(assistant(json!({ "grants": [{ "user": "ana" }] }))), "invalid_facts grants[0].role");
    assert_eq!(fault(assistant(json!({ "owner": "nobody" }))), "unknown_user owner");
    assert_eq!(fault(assistant(json!({ "embed": { "origins": ["https://a.example/path"] } }))), "invalid_command origins[0]");
    assert_eq!(fault(assistant(json!({ "links": [{ "id": "l", "level": "view" }] }))), "invalid_facts links[0].digest");
    let twice = assistant(json!({})).to_string();
    let refused = reconcile(&mut small(), &Actor::System, &[twice.clone(), twice], &[]).unwrap_err();
    assert!(matches!(refused, NotReconciled::Fact(error) if error.path() == Some("id")));
}
