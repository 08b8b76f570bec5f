//! Writes the contract as a TypeScript module: constants, and the types of their names.

use std::fmt::Display;

use super::{
    AUDIENCES, AUTHORITY_PROBLEMS, CLOSE_CODES, CORE_PROBLEMS, GATE_PROBLEMS, HEADERS, LIMITS, PACKAGE_CODES, PATTERNS, Problem,
    TOKEN_TYPES, fixed_grants, refusal_status,
};
use crate::authority::directory::{RefusalCode, RoleSet};
use crate::error::Code;
use crate::rules::capability::{Capability, CapabilitySet, Kind};
use crate::rules::decision::{Denied, Relation};
use crate::rules::role::{BUILT_IN, Level};

/// A property of an object: its key and its value, TypeScript both.
type Property = (String, String);

/// The module `wicketgate/contract`: the text of `pkg/src/contract.ts`.
pub fn typescript() -> String {
    let mut module = Module(MODULE.to_owned());
    capabilities(&mut module);
    roles(&mut module);
    reasons(&mut module);
    codes(&mut module);
    problems(&mut module);
    format(&mut module);
    module.0
}

const MODULE: &str = r#"// Written by `make contract` from the tables in src/. Do not edit: change the table.
/**
 * The names and numbers that the core, the services and their clients share, as plain data, without the WebAssembly module: capabilities, roles, reasons,
 * codes, problem documents, commands, limits.
 *
 * It describes the rules and decides nothing: ask `can` and `check`.
 * @module wicketgate/contract
 */
"#;

/// What follows the tables of problems: the document that both ends share.
const PROBLEM_DOCUMENT: &str = r#"
/** The code of a problem of the authority's service. */
export type AuthorityProblemCode = keyof typeof authorityProblems;
/** The code of a problem of the gate. */
export type GateProblemCode = keyof typeof gateProblems;
/** The code of a problem document. */
export type ProblemCode = AuthorityProblemCode | GateProblemCode;

/** The body of a refused HTTP request: `application/problem+json` (RFC 9457) with a stable `code`. */
export interface ProblemDocument<Code extends ProblemCode = ProblemCode> {
  /** `urn:wicketgate:problem:` and the code. */
  type: string;
  /** For people: one lowercase line. */
  title: string;
  /** The HTTP status. */
  status: number;
  /** Stable. */
  code: Code;
  /** The field of the request that is at fault: `origins[1]`. */
  path?: string;
  /** The capability that is missing. */
  capability?: Capability;
  /** Why it is missing. */
  denied?: DeniedReason;
  /** The ids of what stands in the way. */
  ids?: string[];
  /** The latest `expires` for which it could be given, Unix seconds. */
  until?: number;
  /** Seconds after which the request may be sent again: also the header `Retry-After`. */
  retry_after?: number;
}
"#;

/// A module that is being written.
struct Module(String);

impl Module {
    /// A constant object, a line for each property.
    fn object(&mut self, doc: &str, name: &str, properties: impl IntoIterator<Item = Property>) {
        let lines = properties.into_iter().map(|(key, value)| format!("  {key}: {value},\n"));
        self.constant(doc, name, &format!("{{\n{}}}", lines.collect::<String>()));
    }

    /// A constant list of texts.
    fn list<'a>(&mut self, doc: &str, name: &str, items: impl IntoIterator<Item = &'a str>) {
        self.constant(doc, name, &texts(items));
    }

    fn constant(&mut self, doc: &str, name: &str, value: &str) {
        self.push(&format!("\n/** {doc} */\nexport const {name} = {value} as const;\n"));
    }

    /// The type of the names in a constant: its keys, or its items.
    fn names(&mut self, doc: &str, name: &str, names: &str) {
        self.push(&format!("/** {doc} */\nexport type {name} = {names};\n"));
    }

    fn push(&mut self, text: &str) {
        self.0.push_str(text);
    }
}

fn capabilities(module: &mut Module) {
    module.list("The kinds of things that capabilities are asked of.", "kinds", Kind::ALL.map(Kind::name));
    let row = |&(capability, _, sentence): &(Capability, &str, &str)| {
        (key(capability.name()), object([("kind", text(capability.kind().name())), ("sentence", text(sentence))]))
    };
    let doc = "Every capability: the kind of thing that it is asked of, and what it allows.";
    module.object(doc, "capabilities", Capability::MEANINGS.iter().map(row));
    module.names("The name of a capability.", "Capability", "keyof typeof capabilities");
    let label = |&(capability, label, _): &(Capability, &str, &str)| (key(capability.name()), text(label));
    module.object("What capabilities are called in English.", "capabilityLabels", Capability::MEANINGS.iter().map(label));
}

fn roles(module: &mut Module) {
    let row = |level: Level| (key(level.name()), object([("kinds", kinds_of(level))]));
    module.object(
        "What a role can be held on, and the kinds of the capabilities that it may grant there.",
        "levels",
        Level::ALL.map(row),
    );
    module.names("What a role is held on.", "RoleLevel", "keyof typeof levels");
    let role = |&(id, level, grants): &(&str, Level, CapabilitySet)| {
        (key(id), object([("level", text(level.name())), ("grants", names(grants))]))
    };
    module.object("The built-in roles, which every organization has.", "builtInRoles", BUILT_IN.iter().map(role));
    module.names("The id of a built-in role.", "BuiltInRole", "keyof typeof builtInRoles");
    let set = |&(set, sentence): &(RoleSet, &str)| {
        (key(set.name()), object([("sentence", text(sentence)), ("roles", object(set.roles().iter().map(role)))]))
    };
    module.object("The role sets that `apply_role_set` defines.", "roleSets", RoleSet::MEANINGS.iter().map(set));
}

fn reasons(module: &mut Module) {
    let relation = |&(relation, sentence): &(Relation, &str)| {
        let grants = fixed_grants(relation).map(|grants| ("grants", names(grants)));
        (key(relation.name()), object([("sentence", text(sentence))].into_iter().chain(grants)))
    };
    let doc =
        "Why something is allowed, in the order in which reasons are given. `grants` where no role of the organization says it.";
    module.object(doc, "relations", Relation::MEANINGS.iter().map(relation));
    let doc = "Why something is denied. The first that applies is given.";
    module.object(doc, "deniedReasons", Denied::MEANINGS.iter().map(|&(denied, sentence)| (key(denied.name()), text(sentence))));
    module.names("Why something is denied.", "DeniedReason", "keyof typeof deniedReasons");
}

fn codes(module: &mut Module) {
    let rows = Code::MEANINGS.iter().map(|&(code, sentence)| (key(code.name()), text(sentence)));
    module.object("The codes of the core's errors.", "coreCodes", rows);
    let rows = RefusalCode::MEANINGS.iter().map(|&(code, sentence)| (key(code.name()), text(sentence)));
    module.object("The codes of refused commands.", "refusalCodes", rows);
    let rows = PACKAGE_CODES.iter().map(|&(code, sentence)| (key(code), text(sentence)));
    module.object("The codes of errors that the package finds without the core.", "packageCodes", rows);
    module.names(
        "The stable code of an error: of the core, of refused commands, of loading the core, of what is denied, of the live client, of passes and of the gate.",
        "ErrorCode",
        "keyof typeof coreCodes | keyof typeof refusalCodes | keyof typeof packageCodes",
    );
}

fn problems(module: &mut Module) {
    let sentence_of = |wanted| Code::MEANINGS.iter().find(|(code, _)| *code == wanted).map_or("", |(_, sentence)| sentence);
    let of_core = CORE_PROBLEMS.iter().map(|&(code, status)| problem(&(code.name(), status, sentence_of(code))));
    let refusals = RefusalCode::MEANINGS.iter().map(|&(code, sentence)| problem(&(code.name(), refusal_status(code), sentence)));
    let rows = AUTHORITY_PROBLEMS.iter().map(problem).chain(of_core).chain(refusals);
    module.object("The problems of the authority's service, with their HTTP status.", "authorityProblems", rows);
    module.object("The problems of the gate, with their HTTP status.", "gateProblems", GATE_PROBLEMS.iter().map(problem));
    module.push(PROBLEM_DOCUMENT);
}

fn problem(&(code, status, sentence): &Problem) -> Property {
    (key(code), object([("status", status.to_string()), ("sentence", text(sentence))]))
}

fn format(module: &mut Module) {
    let texts = |rows: &[(&str, &str, &str)]| {
        let row = |&(name, value, sentence): &(&str, &str, &str)| documented(name, text(value), sentence);
        rows.iter().map(row).collect::<Vec<_>>()
    };
    module.object("The header's `typ` of each kind of token.", "tokenTypes", texts(TOKEN_TYPES));
    module.object("The `aud` of what the services sign.", "audiences", texts(AUDIENCES));
    module.object("Header fields of HTTP that no standard names.", "headers", texts(HEADERS));
    let codes = CLOSE_CODES.iter().map(|&(name, code, sentence)| documented(name, code.to_string(), sentence));
    module.object("The codes with which the updates' WebSocket is closed.", "closeCodes", codes);
    module.object("Regular expressions (ECMA-262, with the flag `u`) that texts match.", "patterns", texts(PATTERNS));
    let limits = LIMITS.iter().map(|&(name, value, sentence)| documented(name, grouped(value), sentence));
    module.object("Numbers that a reader or a client has to know. Times are seconds.", "limits", limits);
}

/// A property with a comment of its own.
fn documented(name: &str, value: String, sentence: &str) -> Property {
    (format!("/** {sentence} */\n  {}", key(name)), value)
}

/// The kinds whose capabilities a role of this level may grant.
fn kinds_of(level: Level) -> String {
    texts(Kind::ALL.into_iter().filter(|kind| level.grantable().contains_all(CapabilitySet::of_kind(*kind))).map(Kind::name))
}

fn names(capabilities: CapabilitySet) -> String {
    texts(capabilities.iter().map(Capability::name))
}

fn texts<'a>(items: impl IntoIterator<Item = &'a str>) -> String {
    format!("[{}]", items.into_iter().map(text).collect::<Vec<_>>().join(", "))
}

fn object<Key: Display>(properties: impl IntoIterator<Item = (Key, String)>) -> String {
    let properties: Vec<String> = properties.into_iter().map(|(key, value)| format!("{key}: {value}")).collect();
    if properties.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", properties.join(", ")) }
}

/// A name as the key of an object.
fn key(name: &str) -> String {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if plain { name.to_owned() } else { text(name) }
}

/// A text as a literal. The tables hold no control characters.
fn text(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A number with its thousands apart: `16_384`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    grouped
}
