//! Writes a file of `tests/vectors` from its questions. The answers are the second evaluator's.

use super::cases::{Case, Vectors};
use super::naive::{Verdict, decide};
use serde::Deserialize;
use serde_json::value::RawValue;
use wicketgate::document::Organization;

/// The organization as text. Its members keep their order, which is an author's choice and part of the file.
#[derive(Deserialize)]
struct OrganizationText<'a> {
    #[serde(borrow)]
    organization: &'a RawValue,
}

/// The same questions with their answers, in the layout of the files: one line for each case.
pub fn answered(source: &str) -> String {
    let file: Vectors = serde_json::from_str(source).unwrap();
    let OrganizationText { organization: text } = serde_json::from_str(source).unwrap();
    let organization: Organization = serde_json::from_str(text.get()).unwrap();
    let cases: Vec<String> = file
        .cases
        .into_iter()
        .map(|case| format!("  {}", serde_json::to_string(&answer(&organization, file.now, case)).unwrap()))
        .collect();
    format!(
        "{{\n \"about\": {},\n \"now\": {},\n \"organization\": {},\n \"cases\": [\n{}\n ]\n}}\n",
        serde_json::to_string(&file.about).unwrap(),
        file.now,
        without_spaces(text.get()),
        cases.join(",\n")
    )
}

fn answer(organization: &Organization, now: u64, case: Case) -> Case {
    let verdict = decide(organization, &case.asker, now, &case.can, case.on.as_deref());
    let allowed = verdict.allowed();
    let (because, denied) = match verdict {
        // A case that states a rule of the requirements says whether, not through which relations.
        Verdict::Allowed(_) if case.rule.is_some() => (None, None),
        Verdict::Allowed(because) => (Some(because.into_iter().map(|(relation, ..)| relation).collect()), None),
        Verdict::Denied(denied) => (None, Some(denied)),
    };
    Case { allowed, because, denied, ..case }
}

/// JSON without the spaces between its tokens.
fn without_spaces(json: &str) -> String {
    let (mut in_string, mut escaped) = (false, false);
    json.chars()
        .filter(|character| {
            let kept = in_string || !character.is_ascii_whitespace();
            in_string ^= *character == '"' && !escaped;
            escaped = *character == '\\' && !escaped;
            kept
        })
        .collect()
}
