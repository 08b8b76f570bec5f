/** Changes to WebAssembly modules that no tool of the toolchain makes: on the binary format (WebAssembly core specification, §5). */

const CUSTOM = 0;
const IMPORT = 2;
const CODE = 10;
/** The body of a function without locals that traps: its length, no locals, `unreachable`, `end`. */
const TRAP = Uint8Array.of(3, 0, 0x00, 0x0b);

/** Reads a LEB128 number, the form of lengths. @returns the number and the offset after it */
function leb128(bytes, at) {
  let [value, shift] = [0, 0];
  for (;;) {
    const byte = bytes[at++];
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return [value, at];
    shift += 7;
  }
}

/** Writes a LEB128 number. */
function encoded(number) {
  const bytes = [];
  for (; number > 0x7f; number >>>= 7) bytes.push((number & 0x7f) | 0x80);
  return Uint8Array.from([...bytes, number]);
}

/** The sections of a module: `id`, `from` (of the whole section), `start` (of its content) and `end`; of a custom one its `name` and `body`. */
function* sections(module) {
  for (let at = 8; at < module.length; ) {
    const [length, start] = leb128(module, at + 1);
    const section = { id: module[at], from: at, start, end: start + length };
    if (section.id === CUSTOM) {
      const [nameLength, nameStart] = leb128(module, start);
      section.body = nameStart + nameLength;
      section.name = module.toString("utf8", nameStart, section.body);
    }
    yield section;
    at = section.end;
  }
}

/** The module without the custom section of this name. */
export function withoutSection(module, name) {
  const kept = [...sections(module)].filter((section) => section.name !== name);
  return Buffer.concat([module.subarray(0, 8), ...kept.map(({ from, end }) => module.subarray(from, end))]);
}

/** The module with another name of equal length for an imported module. */
export function withImportModule(module, from, to) {
  const renamed = Buffer.from(module);
  for (let at; (at = renamed.indexOf(from)) >= 0; ) renamed.write(to, at);
  return renamed;
}

/**
 * The module with a trap in place of the body of each function whose name matches one of the patterns.
 * @throws if a pattern matches no name: the compiler names it otherwise now.
 */
export function withTraps(module, patterns) {
  const all = [...sections(module)];
  const names = functionNames(module, all);
  const unknown = patterns.find((pattern) => ![...names.values()].some((name) => pattern.test(name)));
  if (unknown !== undefined) throw new Error(`the module has no function ${unknown}: check how the compiler names it now`);
  const traps = (index) => patterns.some((pattern) => pattern.test(names.get(index) ?? ""));

  const code = all.find(({ id }) => id === CODE);
  let [count, at] = leb128(module, code.start);
  const bodies = [encoded(count)];
  for (let index = importedFunctions(module, all); count > 0; index++, count--) {
    const [length, start] = leb128(module, at);
    bodies.push(traps(index) ? TRAP : module.subarray(at, start + length));
    at = start + length;
  }
  const content = Buffer.concat(bodies);
  const section = Buffer.concat([Uint8Array.of(CODE), encoded(content.length), content]);
  return Buffer.concat([module.subarray(0, code.from), section, module.subarray(code.end)]);
}

/** The module with zeros in place of texts in its data that match one of the patterns. Zeros compress to nothing. */
export function withoutTexts(module, patterns) {
  const blank = Buffer.from(module);
  const text = module.toString("latin1");
  for (const pattern of patterns) {
    const found = [...text.matchAll(pattern)];
    if (found.length === 0) throw new Error(`the module has no text ${pattern}: check what the compiler writes now`);
    for (const { index, 0: match } of found) blank.fill(0, index, index + match.length);
  }
  return blank;
}

/** The names of functions by index, of the section `name` (appendix of the specification). */
function functionNames(module, all) {
  const names = new Map();
  const section = all.find(({ name }) => name === "name");
  for (let at = section.body; at < section.end; ) {
    const [id, [length, start]] = [module[at], leb128(module, at + 1)];
    at = start + length;
    if (id !== 1) continue;
    let [count, next] = leb128(module, start);
    for (; count > 0; count--) {
      const [index, afterIndex] = leb128(module, next);
      const [nameLength, nameStart] = leb128(module, afterIndex);
      next = nameStart + nameLength;
      names.set(index, module.toString("utf8", nameStart, next));
    }
  }
  return names;
}

/** The number of imported functions. They come before the others. */
function importedFunctions(module, all) {
  const section = all.find(({ id }) => id === IMPORT);
  if (section === undefined) return 0;
  let [count, at] = leb128(module, section.start);
  let functions = 0;
  for (; count > 0; count--) {
    for (let text = 0; text < 2; text++) {
      const [length, start] = leb128(module, at);
      at = start + length;
    }
    if (module[at] !== 0) throw new Error("the module imports more than functions: check what wasm-bindgen makes now");
    functions++;
    at = leb128(module, at + 1)[1];
  }
  return functions;
}
