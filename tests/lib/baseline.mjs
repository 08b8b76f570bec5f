// Platform features that a script or a WebAssembly module uses, and the browsers that lack them by MDN's compatibility data.
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

/** A version as a number that can be compared: 15.4 is older than 15.10. */
const order = (version) =>
  version
    .replace(/^≤/, "")
    .split(".")
    .reduce((sum, part, place) => sum + Number(part) / 1000 ** place, 0);

/** The first version of a browser with the feature and without a flag; `undefined` if no version has it. Partial support counts, because MDN calls single faults partial. */
function since(support) {
  const all = [support].flat();
  const goesOn = (removed) => removed === undefined || all.some(({ version_added }) => version_added === removed);
  const had = all.filter(
    ({ version_added, version_removed, flags, prefix }) =>
      typeof version_added === "string" && version_added !== "preview" && goesOn(version_removed) && !flags && !prefix,
  );
  return had.map(({ version_added }) => version_added).sort((one, other) => order(one) - order(other))[0];
}

/** MDN's data of a feature such as `javascript.classes.static`, or `undefined`. */
const feature = (path) =>
  path.split(".").reduce((at, name) => (at !== undefined && Object.hasOwn(at, name) ? at[name] : undefined), data)?.__compat
    ?.support;

/** The browsers of a baseline, `{ chrome: "93", … }`, that lack a feature: one sentence for each. */
function missing(support, baseline) {
  return Object.entries(baseline).flatMap(([browser, lowest]) => {
    const first = support[browser] === undefined ? undefined : since(support[browser]);
    return first !== undefined && order(first) <= order(lowest) ? [] : [`${browser} ${first ?? "never"}`];
  });
}

const REGULAR = "javascript.regular_expressions";
/** Syntax: the node of the syntax tree, and MDN's name. Syntax of 2017 and older is left out, because every engine has it. */
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

/** The members of all globals by name, each with its oldest data: a parser does not know to which global a member belongs. */
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

/** MDN's data of a global, or of a member of one. */
const ofGlobal = (owner, name) =>
  [`javascript.builtins.${owner}.${name}`, `api.${owner}.${name}_static`, `webassembly.api.${owner}.${name}_static`]
    .map(feature)
    .find(Boolean);
const global = (name) =>
  feature(`javascript.builtins.${name}`) ?? feature(`api.${name}`) ?? feature(`javascript.builtins.globals.${name}`);

/**
 * The features of a script that browsers of a baseline lack, in words.
 * @param {string[]} guarded members and globals that are left out: the script tests for them before use, or defines them itself
 * @throws {SyntaxError} if the syntax is in no finished standard of `ecmaVersion`
 */
export function tooNew(script, baseline, { ecmaVersion = 2022, sourceType = "module", guarded = [] } = {}) {
  const tree = parse(script, { ecmaVersion, sourceType });
  const found = new Map();
  const look = (name, support) => {
    const lacking = support === undefined || guarded.includes(name) ? [] : missing(support, baseline);
    if (lacking.length > 0) found.set(name, `${name}: ${lacking.join(", ")}`);
  };
  // Names that the script declares itself are not globals of the platform.
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

/** Features of WebAssembly beyond version 1 with which scripts/build.mjs builds the modules. */
export const WASM_FEATURES = {
  "bulk-memory-opt": "webassembly.bulk-memory-operations",
  "mutable-globals": "webassembly.mutable-globals",
  "nontrapping-float-to-int": "webassembly.non-trapping-float-to-int-conversions",
  "sign-ext": "webassembly.sign-extension-operations",
};

/** The WebAssembly features that browsers of a baseline lack. MDN has no entry for mutable globals: all browsers have them. */
export const wasmTooNew = (baseline) =>
  Object.values(WASM_FEATURES).flatMap((name) => {
    const support = feature(name);
    return support === undefined ? [] : missing(support, baseline).map((lacking) => `${name}: ${lacking}`);
  });

/** Validates a module, binary or text, with these features and no others. @throws {Error} with the validator's message */
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
