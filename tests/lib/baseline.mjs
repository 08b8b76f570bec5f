// What a script or a WebAssembly module asks of an engine, and which engines have that by MDN's compatibility data.
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "acorn";
import { full } from "acorn-walk";

const require = createRequire(import.meta.url);
const data = require("@mdn/browser-compat-data");
const WASM_OPT = join(require.resolve("binaryen/package.json"), "..", "bin", "wasm-opt");

/** As a number that orders: 15.4 is older than 15.10. */
const order = (version) =>
  version
    .replace(/^≤/, "")
    .split(".")
    .reduce((sum, part, place) => sum + Number(part) / 1000 ** place, 0);

/** Where a browser had it first without a flag; `undefined` if it has it not. What it had in part before it had it all counts: MDN says so of single faults. */
function since(support) {
  const all = [support].flat();
  const goesOn = (removed) => removed === undefined || all.some(({ version_added }) => version_added === removed);
  const had = all.filter(
    ({ version_added, version_removed, flags, prefix }) =>
      typeof version_added === "string" && version_added !== "preview" && goesOn(version_removed) && !flags && !prefix,
  );
  return had.map(({ version_added }) => version_added).sort((one, other) => order(one) - order(other))[0];
}

/** The data of a feature, `javascript.classes.static`, or nothing where MDN has none. */
const feature = (path) =>
  path.split(".").reduce((at, name) => (at !== undefined && Object.hasOwn(at, name) ? at[name] : undefined), data)?.__compat
    ?.support;

/** The browsers of a baseline, `{ chrome: "93", … }`, that have a feature later than that: as many words. */
function missing(support, baseline) {
  return Object.entries(baseline).flatMap(([browser, lowest]) => {
    const first = support[browser] === undefined ? undefined : since(support[browser]);
    return first !== undefined && order(first) <= order(lowest) ? [] : [`${browser} ${first ?? "never"}`];
  });
}

const REGULAR = "javascript.regular_expressions";
/** Syntax by the node of its tree, and what MDN calls it. What every engine of 2017 has is left out. */
const SYNTAX = [
  ["javascript.classes.static.initialization_blocks", ({ type }) => type === "StaticBlock"],
  ["javascript.classes.public_class_fields", ({ type, key }) => type === "PropertyDefinition" && key.type !== "PrivateIdentifier"],
  ["javascript.classes.private_class_fields", ({ type, key }) => type === "PropertyDefinition" && key.type === "PrivateIdentifier"],
  ["javascript.classes.private_class_methods", ({ type, key }) => type === "MethodDefinition" && key.type === "PrivateIdentifier"],
  [
    "javascript.classes.private_class_fields_in",
    ({ type, left }) => type === "BinaryExpression" && left.type === "PrivateIdentifier",
  ],
  ["javascript.operators.optional_chaining", ({ type }) => type === "ChainExpression"],
  ["javascript.operators.nullish_coalescing", ({ type, operator }) => type === "LogicalExpression" && operator === "??"],
  [
    "javascript.operators.nullish_coalescing_assignment",
    ({ type, operator }) => type === "AssignmentExpression" && /^(\?\?|&&|\|\|)=$/.test(operator),
  ],
  ["javascript.operators.import", ({ type }) => type === "ImportExpression"],
  ["javascript.operators.import_meta", ({ type }) => type === "MetaProperty"],
  ["javascript.grammar.numeric_separators", ({ type, raw }) => type === "Literal" && /^[\d.x]+_/.test(raw)],
  ["javascript.builtins.BigInt", ({ type, bigint }) => type === "Literal" && bigint !== undefined],
  ["javascript.statements.for_await_of", ({ type, await: waits }) => type === "ForOfStatement" && waits],
  [
    "javascript.operators.object_initializer.spread_properties",
    ({ type, properties }) => type === "ObjectExpression" && properties.some((one) => one.type === "SpreadElement"),
  ],
  [`${REGULAR}.lookbehind_assertion`, ({ regex }) => regex && /\(\?<[=!]/.test(regex.pattern)],
  [`${REGULAR}.named_capturing_group`, ({ regex }) => regex && /\(\?<[^=!]/.test(regex.pattern)],
  [`${REGULAR}.unicode_character_class_escape`, ({ regex }) => regex && /\\p\{/i.test(regex.pattern)],
  [`${REGULAR}.modifiers`, ({ regex }) => regex && /\(\?[ims]*-?[ims]*:/.test(regex.pattern.replaceAll("(?:", ""))],
  ["javascript.builtins.RegExp.hasIndices", ({ regex }) => regex?.flags.includes("d")],
  ["javascript.builtins.RegExp.unicodeSets", ({ regex }) => regex?.flags.includes("v")],
  ["javascript.builtins.RegExp.dotAll", ({ regex }) => regex?.flags.includes("s")],
];

/** Names of members that something has under them, and the earliest that any has, by name: whose a member is, a parser does not know. */
const members = new Map();
for (const owners of [data.javascript.builtins, data.api]) {
  for (const [owner, its] of Object.entries(owners)) {
    for (const [name, { __compat }] of Object.entries(its)) {
      if (name === "__compat" || __compat === undefined || name.includes("_static") || name.endsWith("_event")) continue;
      if (!members.has(name)) members.set(name, []);
      members.get(name).push([`${owner}.${name}`, __compat.support]);
    }
  }
}

/** A member of a global, or a global, as MDN files it. */
const ofGlobal = (owner, name) =>
  [`javascript.builtins.${owner}.${name}`, `api.${owner}.${name}_static`, `webassembly.api.${owner}.${name}_static`]
    .map(feature)
    .find(Boolean);
const global = (name) =>
  feature(`javascript.builtins.${name}`) ?? feature(`api.${name}`) ?? feature(`javascript.builtins.globals.${name}`);

/**
 * What of a script the browsers of a baseline lack, in words.
 * @param {string[]} guarded members and globals that the script looks for before it uses them, does without, or that are its own
 * @throws {SyntaxError} of a syntax that is in no finished standard of `ecmaVersion`
 */
export function tooNew(script, baseline, { ecmaVersion = 2022, sourceType = "module", guarded = [] } = {}) {
  const tree = parse(script, { ecmaVersion, sourceType });
  const found = new Map();
  const look = (name, support) => {
    const lacking = support === undefined || guarded.includes(name) ? [] : missing(support, baseline);
    if (lacking.length > 0) found.set(name, `${name}: ${lacking.join(", ")}`);
  };
  // Names that the script gives itself are not the platform's.
  const own = new Set();
  full(tree, (node) => {
    if (/Pattern|Property|Definition|Declar|Function|Class|Import/.test(node.type))
      for (const part of [node.id, node.key, node.local, ...(node.params ?? [])]) if (part?.name) own.add(part.name);
  });
  full(tree, (node) => {
    for (const [name, is] of SYNTAX) if (is(node)) look(name, feature(name));
    if (node.type === "Identifier" && !own.has(node.name)) look(node.name, global(node.name));
    if (node.type !== "MemberExpression" || node.computed || node.property.type !== "Identifier") return;
    const {
      object,
      property: { name },
    } = node;
    const owned = object.type === "Identifier" && ofGlobal(object.name, name);
    if (owned) return look(`${object.name}.${name}`, owned);
    const bearers = members.get(name);
    if (own.has(name) || bearers === undefined || bearers.some(([, support]) => missing(support, baseline).length === 0)) return;
    look(bearers[0][0], bearers[0][1]);
  });
  return [...found.values()].sort();
}

/** Of WebAssembly beyond its first version, what the modules are built with: scripts/build.mjs. */
export const WASM_FEATURES = {
  "bulk-memory-opt": "webassembly.bulk-memory-operations",
  "mutable-globals": "webassembly.mutable-globals",
  "nontrapping-float-to-int": "webassembly.non-trapping-float-to-int-conversions",
  "sign-ext": "webassembly.sign-extension-operations",
};

/** What of those the browsers of a baseline lack. MDN has no entry for globals that others may change: all have that. */
export const wasmTooNew = (baseline) =>
  Object.values(WASM_FEATURES).flatMap((name) => {
    const support = feature(name);
    return support === undefined ? [] : missing(support, baseline).map((lacking) => `${name}: ${lacking}`);
  });

/** Validates a module, or its text, with those features and no others. @throws with what the validator says */
export async function validate(module) {
  const folder = await mkdtemp(join(tmpdir(), "wicketgate-wasm-"));
  try {
    const file = join(folder, typeof module === "string" ? "module.wat" : "module.wasm");
    await writeFile(file, module);
    const features = Object.keys(WASM_FEATURES).map((name) => `--enable-${name}`);
    await promisify(execFile)(process.execPath, [WASM_OPT, "--mvp-features", ...features, file, "-o", join(folder, "out.wasm")]);
  } finally {
    await rm(folder, { recursive: true });
  }
}
