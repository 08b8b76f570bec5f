//! The authority module: executing commands, one or many in a call.

use serde::Serialize;
use serde_json::value::RawValue;
use wasm_bindgen::prelude::*;

use super::authority::{RawDirectory, from_json};
use super::{Tsify, seconds, thrown};
use crate::authority::issue::to_json;
use crate::{Actor, Code, Command, CommandResult, Decided, Error, Event, Refusal};

/// After this many bytes of texts, the answer to many commands ends: the caller asks for the rest.
const LONG_ENOUGH: usize = 1 << 20;
/// The bytes of entropy for one command.
const ENTROPY: usize = 32;

/// The outcome of a command that is applied at once, without the texts of its event.
#[derive(Serialize, Tsify)]
#[serde(untagged)]
enum ExecutedOutcome {
    Refused {
        refused: Refusal,
    },
    Executed {
        /// The version of the event.
        version: u64,
        /// The answer to the actor.
        result: CommandResult,
        /// The ids of the assistants whose gate snapshots may change.
        gates: Vec<String>,
        /// The ids of the users who are removed.
        gone: Vec<String>,
        /// The ids of the API keys that are revoked.
        revoked: Vec<String>,
    },
}

impl ExecutedOutcome {
    /// The outcome, and if it was decided the event's text and sealed text.
    fn of(executed: Result<Decided, Refusal>) -> (ExecutedOutcome, Option<[String; 2]>) {
        match executed {
            Ok(Decided { event: Event { version, text, sealed }, result, gates, gone, revoked }) => {
                (ExecutedOutcome::Executed { version, result, gates, gone, revoked }, Some([text, sealed]))
            }
            Err(refused) => (ExecutedOutcome::Refused { refused }, None),
        }
    }
}

fn wrong_entropy() -> JsValue {
    thrown(Error::new(Code::InvalidOptions, "expected 32 bytes of entropy"))
}

#[wasm_bindgen]
impl RawDirectory {
    /// Decides a command and applies its event. An `ExecutedOutcome` as JSON, and if it was decided the event's text and sealed text, as
    /// they are: a text inside of JSON would be escaped and read again.
    pub fn execute(&mut self, actor: &str, command: &str, now: f64, entropy: &[u8]) -> Result<Vec<String>, JsValue> {
        let actor: Actor = from_json(actor)?;
        let entropy = entropy.try_into().map_err(|_| wrong_entropy())?;
        let executed = Command::from_json(command).and_then(|command| self.0.execute(&actor, command, seconds(now), entropy));
        let (outcome, texts) = ExecutedOutcome::of(executed);
        Ok(std::iter::once(to_json(&outcome).map_err(thrown)?).chain(texts.into_iter().flatten()).collect())
    }

    /// Executes the commands of a JSON array one after another, each with the next 32 bytes of entropy; `until_refused` ends it after the
    /// first refusal. The first line of the answer is a JSON array of an `ExecutedOutcome` for each; then follow the lines of the events, each
    /// with its text and its sealed text. A long answer ends early: the commands without an outcome were not executed.
    pub fn execute_all(
        &mut self,
        actor: &str,
        commands: &str,
        now: f64,
        entropy: &[u8],
        until_refused: bool,
    ) -> Result<String, JsValue> {
        let actor: Actor = from_json(actor)?;
        let commands: Vec<&RawValue> = from_json(commands)?;
        let (entropies, []) = entropy.as_chunks::<ENTROPY>() else { return Err(wrong_entropy()) };
        if entropies.len() != commands.len() {
            return Err(wrong_entropy());
        }
        let mut outcomes = Vec::with_capacity(commands.len());
        let mut lines = String::new();
        for (command, entropy) in commands.into_iter().zip(entropies) {
            let command = Command::from_json(command.get());
            let executed = command.and_then(|command| self.0.execute(&actor, command, seconds(now), entropy));
            let refused = executed.is_err();
            let (outcome, texts) = ExecutedOutcome::of(executed);
            outcomes.push(outcome);
            // JSON has no line breaks of its own here: in its strings they are escaped.
            for text in texts.into_iter().flatten() {
                lines.push('\n');
                lines.push_str(&text);
            }
            if (refused && until_refused) || lines.len() > LONG_ENOUGH {
                break;
            }
        }
        let mut answer = to_json(&outcomes).map_err(thrown)?;
        answer.push_str(&lines);
        Ok(answer)
    }
}
