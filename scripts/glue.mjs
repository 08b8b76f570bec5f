/** Changes to the JavaScript that wasm-bindgen generates. Each fails if it finds nothing to change: then the generator has changed. */
import { readFileSync, writeFileSync } from "node:fs";

/** Parts to remove: support for platforms older than ours, and code that the package has itself. */
const LEFT_OUT = [
  /if \(!\('encodeInto' in cachedTextEncoder\)\) \{[\s\S]*?\n\}\n\n/g,
  /if \(Symbol\.dispose\) \w+\.prototype\[Symbol\.dispose\] = \w+\.prototype\.free;\n/g,
  / {4}if \(realloc === undefined\) \{[\s\S]*?\n {4}\}\n\n/g,
  /wasmModule, wasmInstance, /g,
  / {4}wasm(Instance = instance|Module = module);\n/g,
  /(?<= +let ptr0, len0.*;\n) +try \{\n|(?<=len\d+ = WASM_VECTOR_LEN;\n) +\} catch \(e\) \{\n(?: +if \(ptr\d+\).*\n)+ +throw e;\n +\}\n/g,
  /async function __wbg_load\([\s\S]*$/g,
];
/** Checks of the class of an argument. The package's own classes already guarantee it. */
const CLASS_CHECKS = / +_assertClass\(.*\n|function _assertClass[\s\S]*?\n\}\n\n/g;
/** Comparisons that detect a memory that has grown. It has a new buffer, in every engine. */
const GROWN =
  /(\w+)\.buffer\.detached === true \|\| \(\1\.buffer\.detached === undefined && (\1\.buffer !== wasm\.memory\.buffer)\)/g;

function changed(text, pattern, instead = "") {
  const result = text.replaceAll(pattern, instead);
  if (result === text) throw new Error(`the generated JavaScript does not contain ${pattern}: check what wasm-bindgen writes now`);
  return result;
}

/**
 * Rewrites the generated JavaScript and its types. The package loads and instantiates the module itself (`src/core/runtime.ts`): the
 * JavaScript exports `imports` and `started` for that.
 * @param names the short names of imports and exports in the module
 * @param factory whether the file exports the function `bindings`, which makes the bindings of one instance: for several modules
 */
export function rewriteGlue(file, names, { factory }) {
  let script = LEFT_OUT.reduce((text, part) => changed(text, part), readFileSync(file, "utf8"));
  script = changed(script, GROWN, "$2");
  for (const [name, short] of names.imports) script = changed(script, ` ${name}: function(`, ` ${short}: function(`);
  script = changed(script, /"\.\/\w+_bg\.js": import0/g, "a: import0");
  script = changed(script, /\bwasm\.(\w+)/g, (_, name) => `wasm.${names.exports.get(name)}`);
  const loading = "imports: __wbg_get_imports, started: __wbg_finalize_init";
  if (factory) {
    script = changed(changed(script, CLASS_CHECKS), /^\/\*.*\*\/\n/g, "");
    const functions = [...script.matchAll(/^export function (\w+)/gm)].map(([, name]) => name);
    script = changed(script, /^export /gm);
    script = `export function bindings() {\n${script}\nreturn { ${functions.join(", ")}, ${loading} };\n}\n`;
    declareFactory(file.replace(".js", ".d.ts"), functions);
  } else {
    script += `export { ${loading.replaceAll(/(\w+): (\w+)/g, "$2 as $1")} };\n`;
    declareModule(file.replace(".js", ".d.ts"));
  }
  writeFileSync(file, script);
}

const LOADING = "imports(): object; started(instance: object): unknown;";
const ITS_LOADING = /export type InitInput = [\s\S]*$/g;

function declareModule(file) {
  const declared = LOADING.replaceAll(/(\w+\(.*?\): \w+;) ?/g, "export function $1\n");
  writeFileSync(file, changed(readFileSync(file, "utf8"), ITS_LOADING, declared));
}

function declareFactory(file, functions) {
  const types = changed(changed(readFileSync(file, "utf8"), ITS_LOADING), /^export (class|function) /gm, "declare $1 ");
  const classes = [...types.matchAll(/^declare class (\w+)/gm)].map(([, name]) => name);
  const members = functions.map((name) => `${name}: typeof ${name};`).join(" ");
  writeFileSync(
    file,
    `${types}export type { ${classes.join(", ")} };\n` +
      "/** The functions of one instance of the module, and what loads it. */\n" +
      `export interface Bindings { ${members} ${LOADING} }\n` +
      "/** Makes the bindings of one instance. */\n" +
      "export function bindings(): Bindings;\n",
  );
}
