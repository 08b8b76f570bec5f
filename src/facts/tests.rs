//! Changing facts: refused changes leave no trace.

use serde_json::{Value, json};

use super::{Facts, NEVER};
use crate::error::{Code, Error};
use crate::rules::capability::CapabilitySet;
use crate::rules::role::Level;

fn acme() -> Facts {
    facts(&json!({
        "id": "acme",
        "roles": [
            { "id": "auditor", "on": "organization", "grants": ["audit.view"] },
            { "id": "crew", "on": "team", "grants": ["team.view"] },
        ],
        "users": [{ "id": "ana", "role": "global_admin" }, { "id": "vic", "role": "auditor" }],
        "teams": [{ "id": "support", "members": [{ "user": "vic", "role": "crew", "expires": 50 }] }],
        "projects": [{ "id": "faq", "team": "support" }],
        "assistants": [{ "id": "helper", "project": "faq", "owner": "vic", "accessibility": "public",
            "grants": [{ "user": "ana", "role": "editor", "expires": 70 }],
            "links": [{ "id": "l1", "level": "view", "digest": "A".repeat(43), "expires": 60 }] }],
    }))
    .unwrap()
}

fn facts(organization: &Value) -> Result<Facts, Error> {
    Facts::from_json(organization.to_string())
}

/// Checks that changes are refused and nothing has changed, and returns the path of the fault.
fn refused(facts: &mut Facts, changes: &Value) -> String {
    let (before, length) = (facts.workspace(), facts.end());
    let error = facts.amend(changes.to_string()).unwrap_err();
    assert_eq!((facts.workspace(), facts.end()), (before, length), "{changes}");
    assert_eq!(error.code(), Code::InvalidFacts, "{changes}: {error}");
    error.path().unwrap_or_default().to_owned()
}

#[test]
fn finds_the_same_id_twice_wherever_it_stands() {
    let lists = [
        ("roles", json!({ "on": "team", "grants": [] })),
        ("users", json!({ "role": "user" })),
        ("teams", json!({})),
        ("projects", json!({ "team": "t" })),
        ("assistants", json!({ "project": "p", "owner": "u", "accessibility": "public" })),
    ];
    for (list, thing) in lists {
        let named = |id: &str| {
            let mut thing = thing.clone();
            thing["id"] = json!(id);
            thing
        };
        for (ids, twice) in [(&["a", "a"][..], 1), (&["a", "b", "a"], 2), (&["c", "b", "a", "d", "b"], 4)] {
            let mut organization = json!({
                "id": "acme", "users": [{ "id": "u", "role": "user" }], "teams": [{ "id": "t" }], "projects": [{ "id": "p", "team": "t" }],
            });
            let before = organization[list].as_array().map_or(0, Vec::len);
            let all = organization[list].as_array().into_iter().flatten().cloned().chain(ids.iter().map(|id| named(id)));
            organization[list] = all.collect();
            let error = facts(&organization).err().unwrap();
            assert_eq!(
                (error.code(), error.path()),
                (Code::InvalidFacts, Some(&*format!("{list}[{}].id", before + twice))),
                "{ids:?}"
            );
            let changes = json!({ list: ids.iter().map(|id| named(id)).collect::<Vec<_>>() });
            let error = facts(&json!({ "id": "acme" })).unwrap().amend(changes.to_string()).unwrap_err();
            assert_eq!(error.path(), Some(&*format!("{list}[{twice}].id")), "{ids:?}");
        }
    }
}

#[test]
fn finds_the_same_link_twice_on_one_assistant_alone() {
    let link = |id: &str| json!({ "id": id, "level": "view", "digest": "A".repeat(43) });
    let assistant = |id: &str, links: &[&str]| json!({ "id": id, "project": "faq", "owner": "vic", "accessibility": "public", "links": links.iter().map(|id| link(id)).collect::<Vec<_>>() });
    let mut acme = acme();
    acme.amend(json!({ "assistants": [assistant("helper", &["a", "b"]), assistant("other", &["a"])] }).to_string()).unwrap();
    assert_eq!(refused(&mut acme, &json!({ "assistants": [assistant("helper", &["a", "b", "a"])] })), "assistants[0].links[2].id");
    assert_eq!(refused(&mut acme, &json!({ "assistants": [assistant("helper", &["b", "b"])] })), "assistants[0].links[1].id");
}

#[test]
fn a_role_stays_what_it_is_held_on() {
    let mut acme = acme();
    let role = |id: &str, on: &str| json!({ "id": id, "on": on, "grants": [] });
    assert_eq!(refused(&mut acme, &json!({ "roles": [role("crew", "organization")] })), "roles[0].on");
    assert_eq!(refused(&mut acme, &json!({ "roles": [role("new", "team"), role("auditor", "team")] })), "roles[1].on");
    // To remove a role and define it again in one change would change its level too.
    let again = json!({ "roles": [role("crew", "assistant")], "gone": { "roles": ["crew"] } });
    assert_eq!(refused(&mut acme, &again), "roles[0].on");
    acme.amend(json!({ "roles": [role("crew", "team")] }).to_string()).unwrap();
    let crew = acme.find_role("crew").unwrap();
    assert_eq!(acme.role(crew).map(|role| (role.on, role.grants)), Some((Level::Team, CapabilitySet::NONE)));
}

/// Roles are entered before the other lists, which refer to them. A later fault removes them again.
#[test]
fn a_role_of_refused_changes_is_gone_again() {
    let mut acme = acme();
    let fault = json!({ "id": "eve", "role": "no_such" });
    let left = json!({ "id": "left", "on": "assistant", "grants": ["assistant.view"] });
    assert_eq!(
        refused(&mut acme, &json!({ "roles": [left, { "id": "left2", "on": "team", "grants": [] }], "users": [fault] })),
        "users[0].role"
    );
    assert_eq!((acme.find_role("left"), acme.find_role("left2")), (None, None));
    assert_eq!(refused(&mut acme, &json!({ "users": [{ "id": "eve", "role": "left" }] })), "users[0].role");

    // The next role at that position has its own level and grants, not those of the refused one.
    let next = json!({ "roles": [{ "id": "next", "on": "organization", "grants": ["team.create"] }], "users": [{ "id": "eve", "role": "next" }] });
    acme.amend(next.to_string()).unwrap();
    let next = acme.find_role("next").unwrap();
    assert_eq!(acme.role(next).map(|role| role.on), Some(Level::Organization));
    assert_eq!(acme.grants_of(next).iter().map(|capability| capability.name()).collect::<Vec<_>>(), ["team.create"]);
    let written = acme.workspace();
    assert_eq!(Facts::from_document(&written).unwrap().workspace(), written);
}

#[test]
fn knows_the_moments_at_which_answers_change() {
    let mut acme = acme();
    let moments = |facts: &Facts| (0..100).filter(|now| facts.last_change(*now) == *now && *now > 0).collect::<Vec<_>>();
    assert_eq!(moments(&acme), [50, 60, 70]);
    assert_eq!((acme.next_change(0), acme.next_change(50), acme.next_change(69), acme.next_change(70)), (50, 60, 70, NEVER));
    assert_eq!((acme.last_change(49), acme.last_change(50), acme.last_change(1000)), (0, 50, 70));
    // Two holdings that end at the same time are two entries: removing one leaves the other.
    let member = |expires: Value| json!({ "teams": [{ "id": "support", "members": [{ "user": "vic", "role": "crew", "expires": expires }] }] });
    acme.amend(member(json!(70)).to_string()).unwrap();
    assert_eq!(moments(&acme), [60, 70]);
    acme.amend(json!({ "teams": [{ "id": "support", "without": ["vic"] }] }).to_string()).unwrap();
    assert_eq!(moments(&acme), [60, 70]);
    acme.amend(json!({ "gone": { "assistants": ["helper"] } }).to_string()).unwrap();
    assert_eq!(moments(&acme), [0; 0]);
    acme.amend(member(json!(80)).to_string()).unwrap();
    assert_eq!(moments(&acme), [80]);
    acme.amend(json!({ "gone": { "teams": ["support"], "projects": ["faq"] } }).to_string()).unwrap();
    assert_eq!(moments(&acme), [0; 0]);
}

/// A compacted directory has the same facts, takes less room, and changes as before.
#[test]
fn compacts_without_changing_a_fact() {
    let mut acme = acme();
    let assistant = |id: &str, project: &str| {
        json!({ "id": id, "name": format!("{id} ü"), "project": project, "owner": "ana", "accessibility": "public",
            "grants": [{ "user": "vic", "role": "editor" }, { "user": "eva", "role": "editor", "expires": 90 }],
            "embed": { "origins": ["https://a.example"] } })
    };
    let changes = [
        json!({ "users": [{ "id": "eva", "role": "user", "email": "eva@acme.example" }, { "id": "tom", "role": "user" }],
            "teams": [{ "id": "sales", "name": "Vertrieb", "creator": "tom" }], "projects": [{ "id": "site", "team": "sales", "creator": "tom" }] }),
        json!({ "assistants": [assistant("one", "site"), assistant("two", "faq"), assistant("three", "site")] }),
        json!({ "teams": [{ "id": "support", "members": [{ "user": "eva", "role": "crew" }, { "user": "tom", "role": "crew" }] }] }),
        json!({ "gone": { "assistants": ["helper", "one"], "roles": ["auditor"], "users": ["vic"] },
            "teams": [{ "id": "support", "without": ["vic", "tom"] }], "assistants": [{ "id": "three", "name": "Drei", "project": "faq",
            "owner": "eva", "accessibility": "only_me", "without": ["vic"] }, { "id": "two", "name": "Zwei", "project": "faq",
            "owner": "eva", "accessibility": "public", "without": ["vic"] }] }),
        json!({ "gone": { "projects": ["site"], "users": ["tom"], "teams": ["sales"] } }),
        json!({ "users": [{ "id": "vic", "role": "user" }], "assistants": [assistant("one", "faq")] }),
    ];
    for change in &changes {
        acme.amend(change.to_string()).unwrap();
        let mut compacted = Facts::from_document(&acme.workspace()).unwrap();
        let end = acme.end();
        acme.compact();
        assert_eq!(acme.workspace(), compacted.workspace());
        assert!(acme.end() <= end);
        assert_eq!(acme.end(), compacted.end(), "nothing but present strings is kept");
        assert_eq!((acme.users().len(), acme.next_change(0)), (acme.all_users().len(), compacted.next_change(0)));
        // Both take the same changes afterwards.
        let later = json!({ "users": [{ "id": "ana", "role": "user", "email": "ana@acme.example" }],
            "assistants": [assistant("later", "faq")] });
        let back = json!({ "users": [{ "id": "ana", "role": "global_admin" }], "gone": { "assistants": ["later"] } });
        for amended in [&later, &back] {
            for facts in [&mut acme, &mut compacted] {
                let refused = facts.amend(amended.to_string()).is_err();
                assert_eq!(refused, facts.find_user("vic").is_none() || facts.find_user("eva").is_none());
            }
            assert_eq!(acme.workspace(), compacted.workspace());
        }
    }
}
