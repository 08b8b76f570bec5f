//! Writes files of `tests/vectors`: answers the questions of a file with the second evaluator, and draws new files at random.

use super::cases::{Asker, Case, Vectors};
use super::naive::{Verdict, decide};
use super::world::{self, NOW, questions, users, visitors};
use proptest::sample::subsequence;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde::Deserialize;
use serde_json::value::RawValue;
use wicketgate::document::Organization;

/// The organization as text. Its members keep their order, which is an author's choice and part of the file.
#[derive(Deserialize)]
struct OrganizationText<'a> {
    #[serde(borrow)]
    organization: &'a RawValue,
}

/// The number of questions about a random organization.
const QUESTIONS: usize = 600;

/// A vector file about the random organization of a seed, with questions that are drawn at random too. One seed gives one file, as
/// long as `world.rs` and the version of `proptest` stay.
pub fn random(seed: u64) -> String {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let organization = world::organization().new_tree(&mut runner).unwrap().current();
    let with_link = users(&organization).into_iter().map(|user| Asker { link: Some(world::key(0)), ..user });
    let askers: Vec<Asker> = users(&organization).into_iter().chain(with_link).chain(visitors()).collect();
    let all: Vec<Case> = askers
        .iter()
        .flat_map(|asker| {
            questions(&organization).into_iter().map(|(capability, on)| Case::question(asker.clone(), capability.name(), on))
        })
        .collect();
    let drawn = subsequence((0..all.len()).collect::<Vec<_>>(), QUESTIONS).new_tree(&mut runner).unwrap().current();
    let cases: Vec<Case> = drawn.into_iter().map(|at| all[at].clone()).collect();
    let source = serde_json::json!({
        "about": format!("random organization of seed {seed}"),
        "now": NOW,
        "organization": organization,
        "cases": cases,
    });
    answered(&source.to_string())
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
