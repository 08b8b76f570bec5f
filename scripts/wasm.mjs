/** Changes to WebAssembly modules that no tool of the toolchain makes: on the binary format (WebAssembly core specification, §5). */

const CUSTOM = 0;
const IMPORT = 2;
const EXPORT = 7;
const CODE = 10;
/** The kind of an import. */
const FUNCTION = 0;
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

/** A name with its length. */
const text = (name) => Buffer.concat([encoded(Buffer.byteLength(name)), Buffer.from(name)]);

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

/** The names of a module's imports and exports, each with a short name. @returns maps from name to short name */
export function shortNames(module) {
  const letters = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  const short = (n) => (n < letters.length ? letters[n] : short(Math.floor(n / letters.length) - 1) + letters[n % letters.length]);
  const shortened = (names) => new Map(names.map((name, n) => [name, short(n)]));
  const [imports, exports] = [IMPORT, EXPORT].map((id) => entries(module, id).map(({ name }) => name));
  return { imports: shortened(imports), exports: shortened(exports) };
}

/**
 * The module with other names of its imports and exports; what it imports is of a module `a`.
 * @throws if the module imports or exports a name that the maps do not have
 */
export function withNames(module, { imports, exports }) {
  const renamed = (names, { name }) => {
    if (!names.has(name)) throw new Error(`no other name for ${name}`);
    return text(names.get(name));
  };
  const replaced = new Map([
    [IMPORT, (entry) => Buffer.concat([text("a"), renamed(imports, entry), entry.rest])],
    [EXPORT, (entry) => Buffer.concat([renamed(exports, entry), entry.rest])],
  ]);
  const parts = [...sections(module)].map(({ id, from, end }) => {
    const write = replaced.get(id);
    if (write === undefined) return module.subarray(from, end);
    const found = entries(module, id);
    const content = Buffer.concat([encoded(found.length), ...found.map(write)]);
    return Buffer.concat([Uint8Array.of(id), encoded(content.length), content]);
  });
  return Buffer.concat([module.subarray(0, 8), ...parts]);
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
  // The imported functions come before the others.
  for (let index = entries(module, IMPORT).length; count > 0; index++, count--) {
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
  const content = module.toString("latin1");
  for (const pattern of patterns) {
    const found = [...content.matchAll(pattern)];
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

/** The imports or exports of a module: `name`, and `rest`, the bytes after the name. Only functions may be imported. */
function entries(module, id) {
  const section = [...sections(module)].find((each) => each.id === id);
  if (section === undefined) return [];
  let [count, at] = leb128(module, section.start);
  const found = [];
  for (; count > 0; count--) {
    if (id === IMPORT) {
      const [length, start] = leb128(module, at);
      at = start + length;
    }
    const [length, start] = leb128(module, at);
    const kind = start + length;
    if (id === IMPORT && module[kind] !== FUNCTION)
      throw new Error("the module imports more than functions: check what wasm-bindgen makes now");
    at = leb128(module, kind + 1)[1];
    found.push({ name: module.toString("utf8", start, kind), rest: module.subarray(kind, at) });
  }
  return found;
}
