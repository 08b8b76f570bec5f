//! The list of the fixtures, step by step.

use super::tokens::{NOW, claims as claims_of, facts as workspace_facts, gate_facts, keys, member_facts, with_payload};
use super::{claims, envelope, facts, opens, order, signatures};
use crate::common::cases::Fixture;
use serde_json::{Value, json};

#[derive(Default)]
pub struct Fixtures(Vec<Fixture>);

impl Fixtures {
    fn push(&mut self, name: &str, code: Option<&str>, path: &str, token: String) -> &mut Fixture {
        assert!(self.0.iter().all(|fixture| fixture.name != name), "two fixtures are called {name}");
        self.0.push(Fixture {
            name: name.to_owned(),
            code: code.map(str::to_owned),
            path: (!path.is_empty()).then(|| path.to_owned()),
            token,
            signature: None,
            keys: keys(),
            options: json!({}),
            now: NOW,
        });
        self.0.last_mut().unwrap()
    }

    /// A token that opens.
    pub fn opens(&mut self, name: &str, token: String) -> &mut Fixture {
        self.push(name, None, "", token)
    }

    /// A token that is refused with the code and the path of its fault.
    pub fn refused(&mut self, code: &str, path: &str, name: &str, token: String) -> &mut Fixture {
        self.push(name, Some(code), path, token)
    }

    /// A token whose facts, valid ones of the scope, are changed so that they break a rule.
    pub fn facts(&mut self, scope: &str, path: &str, name: &str, change: impl FnOnce(&mut Value)) {
        let mut facts = match scope {
            "workspace" => workspace_facts(),
            "member" => member_facts(),
            _ => gate_facts(),
        };
        change(&mut facts);
        let token = with_payload(&claims_of(scope, facts).to_string());
        self.refused("invalid_facts", path, name, token);
    }
}

/// All fixtures, in the order of the file.
pub fn fixtures() -> Vec<Fixture> {
    let mut all = Fixtures::default();
    opens::add(&mut all);
    envelope::add(&mut all);
    signatures::add(&mut all);
    claims::add(&mut all);
    facts::add(&mut all);
    order::add(&mut all);
    all.0
}
