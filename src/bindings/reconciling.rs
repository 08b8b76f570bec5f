//! The authority module: reconciling a directory with desired facts.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::authority::{RawDirectory, from_json};
use super::{Tsify, seconds, thrown};
use crate::authority::issue::to_json;
use crate::{
    Actor, Code, Command, CommandResult, Error, FactKind, NotReconciled, Pass, Preview, Reconciled, Reconciliation, Reconciling,
    Refusal,
};

/// Why lines are refused.
#[derive(Serialize, Tsify)]
struct RefusedLine {
    /// The number of the line; absent for a removal.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    line: Option<u32>,
    /// The code of the refusal of a command, or `invalid_facts`.
    #[tsify(type = "RefusalCode | \"invalid_facts\"")]
    code: &'static str,
    message: String,
    /// The field of the fact or of the command.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    path: Option<String>,
    /// The refusal of a command, with everything that it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    refusal: Option<Refusal>,
}

impl RefusedLine {
    fn new(line: Option<u32>, reason: NotReconciled) -> RefusedLine {
        match reason {
            NotReconciled::Fact(error) => RefusedLine {
                line,
                code: error.code().name(),
                path: error.path().map(str::to_owned),
                message: error.to_string(),
                refusal: None,
            },
            NotReconciled::Command(refusal) => RefusedLine {
                line,
                code: refusal.code.name(),
                message: refusal.message.clone(),
                path: refusal.path.clone(),
                refusal: Some(refusal),
            },
        }
    }
}

/// What was read of lines.
#[derive(Serialize, Tsify)]
struct ReadLines {
    /// For each kind, its lines with their numbers before them, as `reconcile` takes them.
    lines: Vec<(FactKind, String)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    refused: Option<RefusedLine>,
}

/// What was done for lines.
#[derive(Serialize, Tsify)]
struct DoneLines {
    /// The commands in their order. The texts of their events follow.
    done: Vec<DoneCommand>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    refused: Option<RefusedLine>,
}

/// A command that was executed.
#[derive(Serialize, Tsify)]
struct DoneCommand {
    command: Command,
    version: u64,
    result: CommandResult,
    gates: Vec<String>,
    gone: Vec<String>,
    revoked: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    preview: Option<Preview>,
}

/// The things that the lines of one request name.
#[wasm_bindgen]
pub struct RawReconciliation(Reconciliation);

#[wasm_bindgen]
impl RawReconciliation {
    /// `owned`: the names of kinds.
    #[wasm_bindgen(constructor)]
    pub fn new(owned: Vec<String>, successor: Option<String>) -> Result<RawReconciliation, JsValue> {
        let kind = |name: &String| {
            FactKind::from_name(name).ok_or_else(|| thrown(Error::at(Code::InvalidOptions, "kinds", "there is no such kind")))
        };
        Ok(RawReconciliation(Reconciliation::new(owned.iter().map(kind).collect::<Result<_, _>>()?, successor)))
    }

    /// Checks lines by themselves: a `ReadLines` as JSON. Empty lines are passed over. `first` is the number of the first line.
    pub fn read(&mut self, text: &str, first: u32) -> Result<String, JsValue> {
        let mut read = ReadLines { lines: FactKind::ALL.map(|kind| (kind, String::new())).into(), refused: None };
        for (number, line) in (first..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            match self.0.read(line) {
                Ok(kind) => {
                    if let Some((_, lines)) = read.lines.iter_mut().find(|(other, _)| *other == kind) {
                        lines.push_str(&number.to_string());
                        lines.push(' ');
                        lines.push_str(line);
                        lines.push('\n');
                    }
                }
                Err(reason) => {
                    read.refused = Some(RefusedLine::new(Some(number), reason));
                    break;
                }
            }
        }
        read.lines.retain(|(_, lines)| !lines.is_empty());
        to_json(&read).map_err(thrown)
    }
}

/// How lines are reconciled, from JavaScript.
#[wasm_bindgen]
pub struct RawReconciling {
    actor: Actor,
    now: u64,
    entropy: [u8; 32],
    previews: usize,
}

#[wasm_bindgen]
impl RawReconciling {
    #[wasm_bindgen(constructor)]
    pub fn new(actor: &str, now: f64, entropy: &[u8], previews: u32) -> Result<RawReconciling, JsValue> {
        let entropy = entropy.try_into().map_err(|_| thrown(Error::new(Code::InvalidOptions, "expected 32 bytes of entropy")))?;
        Ok(RawReconciling { actor: from_json(actor)?, now: seconds(now), entropy, previews: previews as usize })
    }
}

impl RawReconciling {
    fn with(&self) -> Reconciling<'_> {
        Reconciling { actor: &self.actor, now: self.now, entropy: &self.entropy, previews: self.previews }
    }
}

#[wasm_bindgen]
impl RawDirectory {
    /// Executes the commands that lead to the things of some lines, as `read` gives them: a `DoneLines` as JSON, then the text and the sealed
    /// text of each event.
    pub fn reconcile(
        &mut self,
        all: &RawReconciliation,
        lines: &str,
        late: bool,
        with: &RawReconciling,
    ) -> Result<Vec<String>, JsValue> {
        let (mut done, mut refused) = (Vec::new(), None);
        let pass = if late { Pass::Late } else { Pass::First };
        for numbered in lines.lines() {
            let (number, line) = numbered.split_once(' ').unwrap_or_default();
            if let Err(reason) = self.0.reconcile(&all.0, line, pass, &with.with(), &mut done) {
                refused = Some(RefusedLine::new(number.parse().ok(), reason));
                break;
            }
        }
        written(done, refused)
    }

    /// Removes things of a kind that no line names, at most `limit`: as `reconcile` answers. Nothing is left once nothing is done.
    pub fn reconcile_gone(
        &mut self,
        all: &RawReconciliation,
        kind: &str,
        limit: u32,
        with: &RawReconciling,
    ) -> Result<Vec<String>, JsValue> {
        let unknown = || thrown(Error::at(Code::InvalidOptions, "kind", "there is no such kind"));
        let kind = FactKind::from_name(kind).ok_or_else(unknown)?;
        let mut done = Vec::new();
        let outcome = self.0.reconcile_gone(&all.0, kind, limit as usize, &with.with(), &mut done);
        written(done, outcome.err().map(|refusal| RefusedLine::new(None, refusal.into())))
    }
}

fn written(reconciled: Vec<Reconciled>, refused: Option<RefusedLine>) -> Result<Vec<String>, JsValue> {
    let mut texts = vec![String::new()];
    let mut done = Vec::with_capacity(reconciled.len());
    for Reconciled { command, decided, preview } in reconciled {
        let (event, result) = (decided.event, decided.result);
        texts.extend([event.text, event.sealed]);
        done.push(DoneCommand {
            command,
            version: event.version,
            result,
            gates: decided.gates,
            gone: decided.gone,
            revoked: decided.revoked,
            preview,
        });
    }
    if let Some(first) = texts.first_mut() {
        *first = to_json(&DoneLines { done, refused }).map_err(thrown)?;
    }
    Ok(texts)
}
