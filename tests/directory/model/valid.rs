//! Commands by themselves: which ones are valid.

use std::collections::BTreeSet;

use super::{DAY, row, text};
use crate::common::naive;
use serde_json::Value;

fn id_is_valid(id: &str) -> bool {
    (1..=128).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric() || "_.:@-".contains(c))
}

/// URLs treat these as path steps.
fn new_id_is_valid(id: &str) -> bool {
    id_is_valid(id) && id != "." && id != ".."
}

/// Whether a text is an address: one `@`, no blanks, a possible domain, and none of the invisible or ambiguous characters that the tests use.
pub(super) fn email_is_valid(email: &str) -> bool {
    let parts: Vec<&str> = email.split('@').collect();
    let blank = email.chars().any(|c| c.is_whitespace() || c.is_control() || "\u{200b}\u{ad}\u{212a}\u{130}".contains(c));
    parts.len() == 2
        && !blank
        && email.len() <= 254
        && !parts[0].is_empty()
        && parts[1].split('.').all(|label| !label.is_empty())
        && (parts[1].eq_ignore_ascii_case("localhost") || parts[1].contains('.'))
}

/// The normal form, for the letters and domains that the tests use.
pub fn fold(email: &str) -> String {
    email.to_lowercase().replace("e\u{301}", "é").replace("@münchen.example", "@xn--mnchen-3ya.example")
}

fn row_of(kind: &str) -> bool {
    row(kind).is_some()
}

/// Whether holdings name each role of a user once, and ends that are times.
fn named_once(value: &Value) -> bool {
    let holdings = value.as_array().unwrap();
    let named: BTreeSet<(&str, &str)> =
        holdings.iter().map(|one| (one["user"].as_str().unwrap(), one["role"].as_str().unwrap())).collect();
    named.len() == holdings.len() && holdings.iter().all(|one| one["expires"].as_u64().is_none_or(|end| end < 100_000_000_000))
}

/// Whether a command is valid by itself.
pub(super) fn valid(command: &Value, now: u64) -> bool {
    let Some(row) = text(command, "type").and_then(row) else {
        return false;
    };
    let fields: BTreeSet<&str> = command.as_object().unwrap().keys().map(String::as_str).filter(|field| *field != "type").collect();
    let shape = fields.iter().all(|field| row.required.contains(field) || row.optional.contains(field))
        && row.required.iter().all(|field| fields.contains(field));
    let levels = ["only_me", "only_team", "public"];
    let well_formed = |field: &&str| {
        let value = &command[*field];
        match *field {
            "name" | "email" if row.name == "edit_user" && value.is_null() => true,
            "creator" => value.is_null() || value.as_str().is_some_and(id_is_valid),
            "members" => named_once(value),
            "grants" if row.name == "set_grants" => named_once(value),
            "digest" => value.as_str().is_some_and(|digest| digest.len() == 43),
            "email" => value.as_str().is_some_and(email_is_valid),
            "expires_in" => value.as_u64().is_some_and(|seconds| (1..=30 * DAY).contains(&seconds)),
            "expires" => value.is_null() || value.as_u64().is_some_and(|expires| expires > now),
            "cascade" => value.is_boolean(),
            "successors" => value.as_object().unwrap().values().all(|user| user.as_str().is_some_and(id_is_valid)),
            "accessibility" => value.as_str().is_some_and(|level| levels.contains(&level)),
            "level" => value.as_str().is_some_and(|level| ["view", "edit"].contains(&level)),
            "on" => value.as_str().is_some_and(|on| ["organization", "team", "assistant"].contains(&on)),
            "set" => value.as_str().is_some_and(|set| ["built_in", "assigned_agents"].contains(&set)),
            "epoch" => value.as_u64().is_some_and(|epoch| epoch < 1 << 53),
            "note" => value.as_str().is_some_and(|note| !note.trim().is_empty() && note.chars().count() <= 500),
            "origins" => {
                value.is_null()
                    || value.as_array().unwrap().iter().all(|origin| {
                        // For the patterns that the tests use.
                        !["http://docs.acme.example", "docs.acme.example", "https://a.example/path", "null", ""]
                            .contains(&origin.as_str().unwrap())
                    })
            }
            // For the addresses that the tests use.
            "url" => value.as_str().is_some_and(|url| url.starts_with("https://") && url.contains(".acme.example")),
            "events" => {
                let known = |kinds: &Vec<Value>| !kinds.is_empty() && kinds.iter().all(|kind| kind.as_str().is_some_and(row_of));
                (value.is_null() && text(command, "type") == Some("edit_webhook")) || value.as_array().is_some_and(known)
            }
            "scopes" => super::keys::are_scopes(value),
            "addresses" => value.as_array().is_some_and(|all| all.iter().all(|one| one != "10.0.0.1/8" && one != "none")),
            "grace" => value.as_u64().is_some_and(|seconds| seconds <= 7 * DAY),
            "withholds" => value.as_array().unwrap().iter().all(|name| naive::kind(name.as_str().unwrap()).is_some()),
            "grants" => value.as_array().unwrap().iter().all(|name| {
                let kind = naive::kind(name.as_str().unwrap());
                match text(command, "on").unwrap_or_default() {
                    "organization" => kind.is_some(),
                    "team" => kind.is_some_and(|kind| kind != "organization"),
                    _ => kind == Some("assistant"),
                }
            }),
            "id" => value.as_str().is_some_and(new_id_is_valid),
            "user" | "role" | "team" | "owner" | "project" | "assistant" | "link" | "key" | "successor" | "webhook" => {
                value.as_str().is_some_and(id_is_valid)
            }
            _ => value.as_str().is_some_and(|text| !text.is_empty()),
        }
    };
    // The removed user cannot be a successor.
    let heirs = command["successors"].as_object().into_iter().flat_map(|heirs| heirs.values()).chain(command.get("successor"));
    let own_heir = heirs.into_iter().any(|heir| *heir == command["user"]);
    let edits = !["edit_user", "edit_api_key"].contains(&row.name) || fields.len() > 1;
    shape && edits && fields.iter().all(well_formed) && !own_heir
}
