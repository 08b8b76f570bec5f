//! Rows of tables, and a slow evaluation of conditions on them, by their JSON.

use serde_json::{Value, json};
use wicketgate::document::{Assistant, Organization, Project};
use wicketgate::{Condition, Kind};

/// The rows of a table of teams, projects or assistants, with the columns that a condition may name.
pub fn rows(organization: &Organization, kind: Kind) -> Vec<Value> {
    match kind {
        Kind::Organization => Vec::new(),
        Kind::Team => organization.teams.iter().map(|team| json!({ "id": team.id, "creator": team.creator })).collect(),
        Kind::Project => {
            let row = |project: &Project| json!({ "id": project.id, "creator": project.creator, "team": project.team });
            organization.projects.iter().map(row).collect()
        }
        Kind::Assistant => {
            let row = |assistant: &Assistant| {
                let project = organization.projects.iter().find(|project| Some(&project.id) == assistant.project.as_ref());
                let accessibility = serde_json::to_value(assistant.accessibility).unwrap();
                json!({ "id": assistant.id, "owner": assistant.owner, "team": project.map(|it| &it.team), "accessibility": accessibility })
            };
            organization.assistants.iter().map(row).collect()
        }
    }
}

/// A condition as JSON, without its `until`.
pub fn without_until(condition: &Condition) -> Value {
    let mut written = serde_json::to_value(condition).unwrap();
    written.as_object_mut().unwrap().remove("until");
    written
}

pub fn until(condition: &Condition) -> Option<u64> {
    serde_json::to_value(condition).unwrap()["until"].as_u64()
}

/// Whether a row matches an entry of a condition, by their JSON.
pub fn matches(entry: &Value, row: &Value) -> bool {
    entry.as_object().unwrap().iter().all(|(field, wanted)| {
        let value = row.get(field).unwrap_or_else(|| panic!("rows of this kind have no `{field}`"));
        !value.is_null() && wanted.as_array().map_or(wanted == value, |list| list.contains(value))
    })
}

/// The ids of the rows that a condition selects.
pub fn selected(condition: &Value, rows: &[Value]) -> Vec<String> {
    let selects = |row: &&Value| match condition["kind"].as_str().unwrap() {
        "none" => false,
        "all" => true,
        "some" => condition["any"].as_array().unwrap().iter().any(|entry| matches(entry, row)),
        other => panic!("{other}"),
    };
    rows.iter().filter(selects).map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

/// Whether every row that matches the first entry must match the second.
pub fn implies(narrow: &Value, wide: &Value) -> bool {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
    wide.as_object().unwrap().iter().all(|(field, allowed)| {
        let allowed = list(allowed);
        narrow.get(field).is_some_and(|values| list(values).iter().all(|value| allowed.contains(value)))
    })
}
