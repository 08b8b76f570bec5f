//! The adapter of the crate for the conformance kit: answers commands on standard input, one line of JSON each.
//! `make conformance PROGRAM="cargo run --quiet --example conformance"`; docs/conformance.md says what the kit asks.

use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};

use serde::Deserialize;
use serde_json::{Value, json};
use wicketgate::{Capability, Decision, Expect, JwkSet, Presented, Session, Snapshot, Token};

#[derive(Deserialize)]
struct Line {
    id: u64,
    #[serde(flatten)]
    command: Command,
}

#[derive(Deserialize)]
#[serde(tag = "command", rename_all = "lowercase")]
enum Command {
    Open { token: String, signature: Option<String>, keys: Value, options: Value, now: u64 },
    Check { r#as: Asker, can: String, on: Option<String>, now: u64 },
    List { r#as: Asker, can: String, now: u64 },
}

#[derive(Deserialize)]
struct Asker {
    user: Option<String>,
    link: Option<String>,
    origin: Option<String>,
}

impl Asker {
    fn session<'a>(&'a self, snapshot: Option<&'a Snapshot>) -> Result<Session<'a>, Box<dyn Error>> {
        let presented = Presented { user: self.user.as_deref(), link: self.link.as_deref(), origin: self.origin.as_deref() };
        Ok(snapshot.ok_or("no snapshot is open")?.session(presented)?)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut snapshot = None;
    for line in stdin().lock().lines() {
        let Line { id, command } = serde_json::from_str(&line?)?;
        let mut answer = answer(command, &mut snapshot)?;
        answer.as_object_mut().ok_or("no object")?.insert("id".to_owned(), id.into());
        writeln!(stdout(), "{answer}")?;
    }
    Ok(())
}

fn answer(command: Command, snapshot: &mut Option<Snapshot>) -> Result<Value, Box<dyn Error>> {
    Ok(match command {
        Command::Open { token, signature, keys, options, now } => {
            let token = match signature {
                None => Token::Compact(token),
                Some(signature) => Token::Detached { payload: token, signature },
            };
            match open(token, &keys, &options, now) {
                Ok(opened) => {
                    *snapshot = Some(opened);
                    json!({ "ok": true })
                }
                Err(error) => json!({ "error": error.code(), "path": error.path() }),
            }
        }
        Command::Check { r#as, can, on, now } => match r#as.session(snapshot.as_ref())?.check_name(&can, on.as_deref(), now) {
            Decision::Denied(denied) => json!({ "allowed": false, "denied": denied }),
            Decision::Allowed(because) => {
                let relations: Vec<_> = because.iter().map(|because| because.relation).collect();
                json!({ "allowed": true, "because": relations })
            }
        },
        Command::List { r#as, can, now } => {
            let session = r#as.session(snapshot.as_ref())?;
            let capability = Capability::from_name(&can);
            json!({ "ids": capability.map(|capability| session.list(capability, now)).unwrap_or_default() })
        }
    })
}

fn open(token: Token, keys: &Value, options: &Value, now: u64) -> Result<Snapshot, wicketgate::Error> {
    let keys = JwkSet::from_json(&keys.to_string())?;
    let expect = Expect::from_json(&options.to_string())?;
    Snapshot::open(token, &keys, &expect, now)
}
