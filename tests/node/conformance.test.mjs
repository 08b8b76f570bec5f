// The conformance kit: our two adapters pass it, and a program that is wrong in any way fails it.
import assert from "node:assert/strict";
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { root } from "../lib/consumer.mjs";
import { blocks } from "../lib/guide.mjs";

const KIT = join(root, "tests/conformance/run.mjs");
const OURS = [process.execPath, join(root, "tests/conformance/wicketgate.mjs")];

/** Runs the kit. @returns {Promise<{ status: number, output: string }>} */
function kit(options, program) {
  return new Promise((resolve) => {
    execFile(process.execPath, [KIT, ...options, "--", ...program], { cwd: root }, (error, stdout, stderr) =>
      resolve({ status: error?.code ?? 0, output: stdout + stderr }),
    );
  });
}

/** A program that answers each command with what `answer`, the text of a function of the command, returns or writes. */
function answering(answer) {
  const program = `
    const answer = ${answer};
    const write = (value) => console.log(typeof value === "string" ? value : JSON.stringify(value));
    require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
      const value = answer(JSON.parse(line), write);
      if (value !== undefined) write(value);
    });`;
  return [process.execPath, "-e", program];
}

/** The adapter of the package, whose answers to one command are changed on the way. */
const ours = (command, change) => [
  ...[process.execPath, "-e"],
  `const { spawn } = require("node:child_process");
   const { createInterface } = require("node:readline");
   const child = spawn(${JSON.stringify(OURS[0])}, [${JSON.stringify(OURS[1])}], { stdio: ["pipe", "pipe", "inherit"] });
   const change = ${change};
   const asked = new Map();
   createInterface({ input: process.stdin }).on("line", (line) => {
     const { id, command } = JSON.parse(line);
     asked.set(id, command);
     child.stdin.write(line + "\\n");
   });
   createInterface({ input: child.stdout }).on("line", (line) => {
     const answer = JSON.parse(line);
     console.log(JSON.stringify(asked.get(answer.id) === ${JSON.stringify(command)} ? change(answer) : answer));
   });`,
];

test("the adapter of the package passes", async () => {
  const { status, output } = await kit([], OURS);
  assert.equal(status, 0, output);
  assert.match(output, /^opening +247 asked, none differ$/m);
  const [, asked] = /^passed: all (\d+) answers are as expected$/m.exec(output) ?? assert.fail(output);
  assert.ok(asked > 20_000, `only ${asked} were asked`);
});

describe("the adapter of the crate", () => {
  before(() => execFileSync("cargo", ["build", "--quiet", "--features", "authority", "--example", "conformance"], { cwd: root }));

  test("passes", async () => {
    const { status, output } = await kit([], [join(root, "target/debug/examples/conformance")]);
    assert.equal(status, 0, output);
  });
});

test("further vectors of a folder are asked instead", async () => {
  const folder = mkdtempSync(join(tmpdir(), "wicketgate-vectors-"));
  try {
    const seed = JSON.parse(readFileSync(join(root, "tests/vectors/seed.json"), "utf8"));
    writeFileSync(join(folder, "mine.json"), JSON.stringify({ ...seed, cases: seed.cases.slice(0, 2) }));
    const { status, output } = await kit(["--vectors", folder, "--only", "vectors"], OURS);
    assert.equal(status, 0, output);
    assert.match(output, /^vectors\/mine +6 asked, none differ\npassed: all 6 answers are as expected$/m);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe("a wrong answer fails", () => {
  for (const [what, only, program, said] of [
    [
      "a refusal is another one",
      "opening/kid_absent",
      ours("open", '(answer) => ({ ...answer, error: "bad_signature" })'),
      "unknown_key",
    ],
    [
      "a refusal names another path",
      "opening/kid_absent",
      ours("open", '(answer) => ({ ...answer, path: "alg" })'),
      '"path":"kid"',
    ],
    ["everything is opened", "opening/alg_none", ours("open", "({ id }) => ({ id, ok: true })"), "unsupported_algorithm"],
    ["nothing is opened", "opening/workspace", ours("open", '({ id }) => ({ id, error: "malformed" })'), '"ok":true'],
    [
      "somebody is denied",
      "vectors/seed",
      ours("check", '({ id }) => ({ id, allowed: false, denied: "not_granted" })'),
      '"allowed":true',
    ],
    [
      "somebody is allowed",
      "vectors/seed",
      ours("check", '({ id }) => ({ id, allowed: true, because: ["public"] })'),
      '"denied":"',
    ],
    ["a denial has another reason", "vectors/seed", ours("check", '(answer) => ({ ...answer, denied: "plan" })'), '"denied":"'],
    [
      "a relation is missing",
      "vectors/random-1",
      ours("check", "(answer) => ({ ...answer, because: answer.because?.slice(1) })"),
      '"because":[',
    ],
    ["no relation is named", "vectors/seed", ours("check", "({ because, ...answer }) => answer"), "at least one relation"],
    ["a list is empty", "vectors/seed", ours("list", "({ id }) => ({ id, ids: [] })"), '"with":['],
    ["a list has an unknown target", "vectors/seed", ours("list", '({ id, ids }) => ({ id, ids: [...ids, "x"] })'), '"with":['],
    ["a list has a target twice", "vectors/seed", ours("list", "({ id, ids }) => ({ id, ids: [...ids, ...ids] })"), '"with":['],
    ["a list is no list", "vectors/seed", ours("list", "({ id }) => ({ id })"), '"with":['],
    [
      "time is not followed",
      "vectors/seed/expired",
      answering("({ id, command }) => ({ id, ...(command === 'open' ? { ok: true } : { allowed: true, because: ['public'] }) })"),
      '"denied":"expired"',
    ],
  ]) {
    test(what, async () => {
      const { status, output } = await kit(["--only", only], program);
      assert.equal(status, 1, output);
      assert.match(output, /^failed: [1-9]\d* of \d+ answers differ$/m);
      const expected = output.match(/^ {2}expected {2}.*$/gm) ?? assert.fail(output);
      assert.ok(
        expected.some((line) => line.includes(said)),
        output,
      );
    });
  }
});

describe("a program that does not answer fails, and the report says how", () => {
  const open = "({ id }) => ({ id, error: 'malformed' })";
  for (const [what, program, said] of [
    ["it is not there", ["./no-such-program"], /could not be started: .*ENOENT/],
    ["it ends at once", [process.execPath, "-e", "process.exit(3)"], /the program ended \(exit status 3\)/],
    ["it is killed", answering("() => process.kill(process.pid, 'SIGKILL')"), /the program ended \(SIGKILL\)/],
    [
      "it throws",
      answering("() => { throw new Error('no key, no way') }"),
      /the program ended \(exit status 1\); its standard error ends with:\n[\s\S]*no key, no way/,
    ],
    [
      "it ends after each answer",
      answering("(asked, write) => { write({ id: asked.id, error: 'malformed' }); process.exit() }"),
      /the program ended \(exit status 0\)/,
    ],
    ["it hangs", answering("() => undefined"), /did not answer within 0\.5 s/],
    ["it hangs in a child of a shell", ["sh", "-c", "sleep 600; true"], /did not answer within 0\.5 s/],
    [
      "it logs on standard output",
      answering(`(asked, write) => { write("opening …"); return (${open})(asked); }`),
      /a line that is not JSON: `opening …`/,
    ],
    ["it answers with a list", answering("() => []"), /a line that is no JSON object: `\[\]`/],
    ["it repeats no id", answering("() => ({ ok: true })"), /answered the id undefined, expected 1/],
    [
      "it answers twice",
      answering(`(asked, write) => { write((${open})(asked)); return (${open})(asked); }`),
      /answered the id 1, expected 2/,
    ],
    ["it writes without end", ["sh", "-c", "yes | tr -d '\\n'"], /wrote 16777216 characters without a line break/],
  ]) {
    test(what, async () => {
      const two = [...["--only", "opening/kid_absent"], ...["--only", "opening/crit"]];
      const timeout = what.startsWith("it hangs") ? ["--timeout", "0.5"] : [];
      const { status, output } = await kit([...two, ...timeout], program);
      assert.equal(status, 1, output);
      assert.match(output, said);
      assert.match(output, /^failed: /m);
    });
  }

  test("and what it was not asked is counted", async () => {
    const { output } = await kit(["--only", "opening"], [process.execPath, "-e", ""]);
    assert.match(output, /^stopped after 5 failures of the program itself$/m);
    assert.match(output, /^242 of 247 questions were not asked$/m);
  });

  test("after one failure it is started again, and opens the snapshot again", async () => {
    const dies = answering(`({ id, command, can }) => {
      if (can === "panel.chatlogs") process.exit(1);
      return { id, ...(command === "open" ? { ok: true } : { allowed: true, because: ["global_admin"] }) };
    }`);
    const { output } = await kit([...["--only", "vectors/seed/check/4"], ...["--only", "vectors/seed/check/5"]], dies);
    assert.match(output, /^vectors\/seed\/check\/4: global admin sees chat logs\n.*\n.*\n {2}failed {4}the program ended/m);
    assert.match(output, /^failed: 1 of 3 answers differ$/m);
  });
});

const python = spawnSync("python3", ["--version"]).status === 0;

test("the page's adapter in Python speaks the protocol", { skip: !python && "there is no python3" }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "wicketgate-python-"));
  try {
    // A library that opens everything but the token of one fixture, and allows one person.
    const reader = `
class Refused(Exception):
    code, path = "unknown_key", "kid"
class Decision:
    def __init__(self, allowed):
        self.allowed, self.relations, self.reason = allowed, ["global_admin"], "not_granted"
class Snapshot:
    def check(self, principal, capability, target, now):
        return Decision(principal.get("user") == "gina" and now == 1790000000)
    def list(self, principal, capability, now):
        return []
def open(token, signature, keys, options, now):
    if keys["keys"] == []:
        raise Refused()
    return Snapshot()
`;
    writeFileSync(join(folder, "reader.py"), reader);
    writeFileSync(join(folder, "adapter.py"), blocks("docs/conformance.md")["adapter.py"]);
    const program = ["python3", join(folder, "adapter.py")];
    const names = ["opening/no_keys", "opening/workspace", "vectors/seed/check/1", "vectors/seed/check/15"];
    const { status, output } = await kit(
      names.flatMap((name) => ["--only", name]),
      program,
    );
    assert.equal(status, 0, output);
    assert.match((await kit(["--only", "opening/alg_none"], program)).output, /^ {2}answered {2}\{"ok":true\}$/m);
    assert.match((await kit(["--only", "vectors/seed/list"], program)).output, /^ {2}answered {2}\{"ids":\[\]\}$/m);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a difference comes with commands that show it again", async () => {
  const program = ours("check", '(answer) => ({ ...answer, denied: "plan" })');
  const { output } = await kit(["--only", "vectors/seed/check/15"], program);
  const [, name] = / {2}again {5}node tests\/conformance\/run\.mjs --only (\S+) -- /.exec(output) ?? assert.fail(output);
  assert.equal(name, "vectors/seed/check/15");
  const [, file] = / < (\S+\.jsonl)$/m.exec(output) ?? assert.fail(output);
  const lines = execFileSync(OURS[0], [OURS[1]], { input: readFileSync(file), encoding: "utf8" })
    .trim()
    .split("\n");
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    [
      { id: 1, ok: true },
      { id: 2, allowed: false, denied: "not_granted" },
    ],
  );
});

describe("a mistaken command line is refused", () => {
  for (const [what, options, program, said] of [
    ["without a program", [], [], "no program is given"],
    ["with a part that is not there", ["--only", "openings"], OURS, "`--only openings` names no question"],
    ["with no time", ["--timeout", "soon"], OURS, "`--timeout soon` is no number of seconds"],
    ["with a folder that is not there", ["--vectors", "no-such-folder"], OURS, "no-such-folder"],
    ["with an option that is not there", ["--fast"], OURS, "--fast"],
  ]) {
    test(what, async () => {
      const { status, output } = await kit(options, program);
      assert.equal(status, 1);
      assert.ok(output.startsWith("error: ") && output.includes(said) && output.includes("usage: "), output);
    });
  }
});

test("the numbers that tests/vectors/README.md names are those of the files", () => {
  const readme = readFileSync(join(root, "tests/vectors/README.md"), "utf8");
  const read = (path) => JSON.parse(readFileSync(join(root, "tests", path), "utf8"));
  const fixtures = read("fixtures/opening.json");
  const cases = (name) => read(`vectors/${name}.json`).cases.length;
  const random = Array.from({ length: 20 }, (_, at) => cases(`random-${at + 1}`)).reduce((sum, count) => sum + count, 0);
  for (const said of [
    `${fixtures.length} tokens. ${fixtures.filter(({ code }) => code === null).length} open;`,
    `${cases("seed")} decisions in an organization of ten people`,
    `${random.toLocaleString("en-US")} decisions in twenty random organizations`,
  ])
    assert.ok(readme.includes(said), said);
});

describe("every step of opening has a fixture that fails there", () => {
  const [, steps] = readFileSync(join(root, "docs/snapshot-format.md"), "utf8").split(/^## Opening$/m);
  const codes = [...steps.split(/^## /m)[0].matchAll(/^\| \[\w+\]\(\S+\) +\| `(\w+)` +\|/gm)].map(([, code]) => code);
  const fixtures = JSON.parse(readFileSync(join(root, "tests/fixtures/opening.json"), "utf8"));

  test("there are fourteen steps, two of one code", () => assert.equal(codes.length, 14));
  for (const code of new Set(codes)) {
    test(code, () => assert.ok(fixtures.some((fixture) => fixture.code === code)));
  }
});
