//! Writes the contract as a TypeScript module: constants, and the types of their names.

use super::value::{Property, Value};
use super::{
    AUDIENCES, AUTHORITY_PROBLEMS, CLOSE_CODES, CORE_PROBLEMS, GATE_PROBLEMS, HEADERS, LIMITS, PACKAGE_CODES, PATTERNS, Problem,
    TOKEN_TYPES, UPDATES_PROTOCOLS, key_refusal_status, refusal_status,
};
use crate::authority::directory::{
    Command, CommandArea, CommandField, CommandRow, FieldKind, KeyRefusal, KeyScope, RefusalCode, RoleSet,
};
use crate::error::Code;
use crate::rules::capability::{Capability, CapabilitySet, Kind};
use crate::rules::decision::{Denied, Relation};
use crate::rules::role::{BUILT_IN, Level};

/// The module `wicketgate/contract`: the text of `pkg/src/contract.ts`.
pub fn typescript() -> String {
    let mut module = Module(MODULE.to_owned());
    capabilities(&mut module);
    roles(&mut module);
    reasons(&mut module);
    codes(&mut module);
    problems(&mut module);
    commands(&mut module);
    format(&mut module);
    module.0
}

/// The module of the sentences of the console's audit log: the text of `www/src/pages/audit/entries.ts`. Apart from the contract, because
/// no other page shows them.
pub fn audit_entries() -> String {
    let entry = |row: &CommandRow| {
        let texts = [("area", row.area.label()), ("label", row.label), ("sentence", row.sentence)];
        (row.name, Value::object(texts.map(|(name, text)| (name, Value::text(text)))))
    };
    let mut module =
        Module("// Written by `make contract` from the table of commands. Do not edit: change the table.\n".to_owned());
    module.object(AUDIT_ENTRIES, "auditEntries", Command::TABLE.iter().map(entry));
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
  /** The position in the batch of the command that is at fault. */
  index?: number;
}
"#;

/// The comment of the texts of an audit log.
const AUDIT_ENTRIES: &str = "What an audit log says of each command in English, after the name of the actor. \
    `{person user}` stands for the field `user` in the form `person`; `{team id/name}` for the first of two fields that the command has, \
    and the second is the name that readers see. A part in brackets is left out if it has a field without a value; `[one|other]` is the \
    first part whose fields have values. `{if field}` shows nothing, and has a value unless the field is absent, `null` or `false`.";

/// A module that is being written.
struct Module(String);

impl Module {
    /// A constant object, a line for each property.
    fn object(&mut self, doc: &str, name: &str, properties: impl IntoIterator<Item = (&'static str, Value)>) {
        self.constant(doc, name, &Value::object(properties).broken(0));
    }

    /// A constant object whose properties have a comment each.
    fn documented(&mut self, doc: &str, name: &str, rows: impl IntoIterator<Item = (&'static str, Value, &'static str)>) {
        let property = |(key, value, sentence)| Property { comment: Some(sentence), key, value };
        self.constant(doc, name, &Value::Object(rows.into_iter().map(property).collect()).broken(0));
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
    let row = |&(capability, _, sentence): &(Capability, &str, &str)| {
        let row = [("kind", Value::text(capability.kind().name())), ("sentence", Value::text(sentence))];
        (capability.name(), Value::object(row))
    };
    let doc = "Every capability: the kind of thing that it is asked of, and what it allows.";
    module.object(doc, "capabilities", Capability::MEANINGS.iter().map(row));
    module.names("The name of a capability.", "Capability", "keyof typeof capabilities");
    let label = |&(capability, label, _): &(Capability, &str, &str)| (capability.name(), Value::text(label));
    module.object("What capabilities are called in English.", "capabilityLabels", Capability::MEANINGS.iter().map(label));
}

fn roles(module: &mut Module) {
    let level = |level: Level| (level.name(), Value::object([("kinds", kinds_of(level))]));
    let doc = "What a role can be held on, and the kinds of the capabilities that it may grant there.";
    module.object(doc, "levels", Level::ALL.map(level));
    module.object("The built-in roles, which every organization has.", "builtInRoles", BUILT_IN.iter().map(role));
    module.names("The id of a built-in role.", "BuiltInRole", "keyof typeof builtInRoles");
    let set = |&(set, sentence): &(RoleSet, &str)| {
        let roles = Value::object(set.roles().iter().map(role));
        (set.name(), Value::object([("sentence", Value::text(sentence)), ("roles", roles)]))
    };
    module.object("The role sets that `apply_role_set` defines.", "roleSets", RoleSet::MEANINGS.iter().map(set));
}

fn role(&(id, level, grants): &(&'static str, Level, CapabilitySet)) -> (&'static str, Value) {
    (id, Value::object([("level", Value::text(level.name())), ("grants", names(grants))]))
}

fn reasons(module: &mut Module) {
    let relation = |&(relation, sentence): &(Relation, &str)| {
        let grants = (!relation.grants().is_empty()).then(|| ("grants", names(relation.grants())));
        (relation.name(), Value::object([("sentence", Value::text(sentence))].into_iter().chain(grants)))
    };
    let doc =
        "Why something is allowed, in the order in which reasons are given. `grants` where no role of the organization says it.";
    module.object(doc, "relations", Relation::MEANINGS.iter().map(relation));
    let denied = |&(denied, sentence): &(Denied, &str)| (denied.name(), Value::text(sentence));
    module.object(
        "Why something is denied. The first that applies is given.",
        "deniedReasons",
        Denied::MEANINGS.iter().map(denied),
    );
    module.names("Why something is denied.", "DeniedReason", "keyof typeof deniedReasons");
}

fn codes(module: &mut Module) {
    let of_core = Code::MEANINGS.iter().map(|&(code, sentence)| (code.name(), Value::text(sentence)));
    module.object("The codes of the core's errors.", "coreCodes", of_core);
    let refusals = RefusalCode::MEANINGS.iter().map(|&(code, sentence)| (code.name(), Value::text(sentence)));
    module.object("The codes of refused commands.", "refusalCodes", refusals);
    let of_package = PACKAGE_CODES.iter().map(|&(code, sentence)| (code, Value::text(sentence)));
    module.object("The codes of errors that the package finds without the core.", "packageCodes", of_package);
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
    let of_keys =
        KeyRefusal::MEANINGS.iter().map(|&(refusal, sentence)| problem(&(refusal.name(), key_refusal_status(refusal), sentence)));
    let rows = AUTHORITY_PROBLEMS.iter().map(problem).chain(of_core).chain(of_keys).chain(refusals);
    module.object("The problems of the authority's service, with their HTTP status.", "authorityProblems", rows);
    module.object("The problems of the gate, with their HTTP status.", "gateProblems", GATE_PROBLEMS.iter().map(problem));
    module.push(PROBLEM_DOCUMENT);
}

fn problem(&(code, status, sentence): &Problem) -> (&'static str, Value) {
    (code, Value::object([("status", Value::Literal(status.to_string())), ("sentence", Value::text(sentence))]))
}

fn commands(module: &mut Module) {
    let row = |row: &CommandRow| {
        let [required, optional] = [row.required, row.optional].map(|fields| Value::object(fields.iter().map(field)));
        let text = |name, text| (name, Value::text(text));
        let texts =
            [text("sentence", row.doc), text("area", row.area.label()), text("needs", row.needs), text("refusals", row.refusals)];
        (row.name, Value::object(texts.into_iter().chain([("required", required), ("optional", optional)])))
    };
    let doc = "The commands: what the actor needs, the refusals besides those of actor, target and form, and the fields that each must have and may have. `Command` of `wicketgate/authority` is their type.";
    module.object(doc, "commands", Command::TABLE.iter().map(row));
    module.names("The `type` of a command.", "CommandName", "keyof typeof commands");
    let scope = |&(scope, sentence): &(KeyScope, &str)| (scope.name(), Value::text(sentence));
    module.object("What an API key may be used for.", "keyScopes", KeyScope::MEANINGS.iter().map(scope));
    module.names("The name of a scope of an API key.", "KeyScopeName", "keyof typeof keyScopes");
    let areas = Value::texts(CommandArea::ALL.map(CommandArea::label));
    module.constant("What commands are about, in the order in which it is shown.", "commandAreas", &areas.broken(0));
}

/// A field of a command, with its type as TypeScript writes it.
fn field(field: &CommandField) -> (&'static str, Value) {
    let kind = match field.kind {
        FieldKind::Boolean => Value::text("boolean"),
        FieldKind::Integer => Value::text("number"),
        FieldKind::IntegerOrNull => Value::text("number | null"),
        FieldKind::Text => Value::text("string"),
        FieldKind::Texts => Value::text("string[]"),
        FieldKind::TextOrNull => Value::text("string | null"),
        FieldKind::Holdings => Value::text("Holding[]"),
        FieldKind::TextsOrNull => Value::text("string[] | null"),
        FieldKind::TextByKey => Value::text("Record<string, string>"),
        FieldKind::OneOf(names) => Value::texts(names.iter().copied()),
        FieldKind::ListOf(_) => Value::text("string[]"),
    };
    (field.name, Value::object([("type", kind), ("sentence", Value::text(field.doc))]))
}

fn format(module: &mut Module) {
    let text = |&(name, value, sentence): &(&'static str, &str, &'static str)| (name, Value::text(value), sentence);
    module.documented("The header's `typ` of each kind of token.", "tokenTypes", TOKEN_TYPES.iter().map(text));
    module.documented("The `aud` of what the services sign.", "audiences", AUDIENCES.iter().map(text));
    module.documented("Header fields of HTTP that no standard names.", "headerNames", HEADERS.iter().map(text));
    let meaning = "WebSocket protocols of the updates, for clients that cannot add header fields.";
    module.documented(meaning, "updatesProtocols", UPDATES_PROTOCOLS.iter().map(text));
    let close = CLOSE_CODES.iter().map(|&(name, code, sentence)| (name, Value::Literal(code.to_string()), sentence));
    module.documented("The codes with which the updates' WebSocket is closed.", "closeCodes", close);
    module.documented("Regular expressions (ECMA-262, with the flag `u`) that texts match.", "patterns", PATTERNS.iter().map(text));
    let limits = LIMITS.iter().map(|&(name, value, sentence)| (name, Value::number(value), sentence));
    module.documented("Numbers that a reader or a client has to know. Times are seconds.", "limits", limits);
}

/// The kinds whose capabilities a role of this level may grant.
fn kinds_of(level: Level) -> Value {
    let grantable = |kind: &Kind| level.grantable().contains_all(CapabilitySet::of_kind(*kind));
    Value::texts(Kind::ALL.into_iter().filter(grantable).map(Kind::name))
}

fn names(capabilities: CapabilitySet) -> Value {
    Value::texts(capabilities.iter().map(Capability::name))
}
