// Numbers and references in documents: they must match the code.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { limits, patterns } from "wicketgate/contract";
import { root } from "../lib/consumer.mjs";
import { blocks } from "../lib/guide.mjs";
import { unpadded } from "../lib/tables.mjs";

const read = (path) => readFileSync(join(root, path), "utf8");
const DOCUMENTS = [
  ...[
    "README.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "CODE_OF_CONDUCT.md",
    "bench/README.md",
    "tests/README.md",
    "tests/vectors/README.md",
    "tests/fixtures/README.md",
  ],
  ...["", "concepts/", "decisions/", "errors/", "guides/"].flatMap((folder) =>
    readdirSync(join(root, "docs", folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `docs/${folder}${name}`),
  ),
];

/** A constant: `1 << 29`, `64 * 1024`, `2_000`, in Rust or TypeScript. */
function constant(path, name) {
  const [, expression] =
    new RegExp(`const ${name}(?:: [^=]+)? = ([^;]+);`).exec(read(path)) ?? assert.fail(`${path} has no ${name}`);
  const [factors, shift = 0] = expression.replaceAll("_", "").split(" << ");
  return factors.split(" * ").reduce((product, factor) => product * Number(factor), 1) * 2 ** Number(shift);
}

const comma = (number) => number.toLocaleString("en-US");
const MIB = 2 ** 20;

describe("a number of the documents is the code's", () => {
  for (const [document, pattern, value, shown = comma] of [
    ["docs/snapshot-format.md", /at most 2\^(\d+) bytes \|/, limits.documentBytes, Math.log2],
    ["docs/snapshot-format.md", /never more than 2\^(\d+)\. Detached/, limits.documentBytes, Math.log2],
    ["SECURITY.md", /`maxBytes`, at most 2\^(\d+)\)/, limits.documentBytes, Math.log2],
    ["SECURITY.md", /`maxBytes`, at most 2\^(\d+)\)/, constant("pkg/src/snapshot/opening.ts", "MOST_BYTES"), Math.log2],
    ["docs/snapshot-format.md", /\| token \| (\d+) MiB unless/, limits.tokenBytes, (bytes) => bytes / MIB],
    ["SECURITY.md", /\| token \| (\d+) MiB/, limits.tokenBytes, (bytes) => bytes / MIB],
    ["docs/package.md", /A token may have (\d+) MiB/, limits.tokenBytes, (bytes) => bytes / MIB],
    ["docs/snapshot-format.md", /\| header \| ([\d,]+) base64url/, limits.headerCharacters],
    ["SECURITY.md", /\| header \| ([\d,]+) characters/, limits.headerCharacters],
    ["docs/snapshot-format.md", /\| depth of JSON \| (\d+)/, limits.jsonDepth],
    ["SECURITY.md", /\| depth of JSON \| (\d+)/, limits.jsonDepth],
    ["docs/deploying.md", /\| depth of JSON in a body \| (\d+)/, limits.jsonDepth],
    ["docs/snapshot-format.md", /\| unknown fields \| ([\d,]+) in one/, limits.unknownFields],
    ["SECURITY.md", /\| unknown fields in an object \| ([\d,]+)/, limits.unknownFields],
    ["docs/snapshot-format.md", /\| id \| 1 to (\d+) characters/, limits.idCharacters],
    ["SECURITY.md", /\| ids \| (\d+) characters/, limits.idCharacters],
    ["SECURITY.md", /\| times when issuing \| ([\d,]+)/, limits.issuedTime],
    ["SECURITY.md", /\| remembered answers of a principal \| ([\d,]+)/, constant("pkg/src/snapshot/principal.ts", "MAX_ANSWERS")],
    ["docs/gate.md", /\| a pass \| (\d+) KiB/, limits.passBytes, (bytes) => bytes / 1024],
    ["docs/gate.md", /\| a pass \| \d+ KiB, (\d+) minutes/, limits.passSeconds, (seconds) => seconds / 60],
    ["docs/gate.md", /\| body of `POST \/v1\/pass` \| (\d+) KiB/, limits.passBodyBytes, (bytes) => bytes / 1024],
    [
      "docs/gate.md",
      /\| `frame-ancestors` \| (\d+) KiB/,
      constant("pkg/src/gate/frame-ancestors.ts", "MAX_VALUE"),
      (bytes) => bytes / 1024,
    ],
    ["docs/deploying.md", /\| body of a request \| (\d+) KiB/, limits.bodyBytes, (bytes) => bytes / 1024],
    ["docs/deploying.md", /\| audit page \| ([\d,]+) events/, limits.auditPage],
    ["docs/deploying.md", /\(`\/v1\/updates`\) \| (\d+) of one person/, limits.updatesOfPerson],
    ["docs/deploying.md", /([\d,]+) of the organization, and 80/, constant("edge/authority/bounds.ts", "UPDATES_OF_ALL")],
    ["docs/deploying.md", /\| sessions \| (\d+) of one person/, limits.sessionsOfPerson],
  ]) {
    test(`${document}: ${pattern.source}`, () => {
      const [, number] = pattern.exec(unpadded(read(document))) ?? assert.fail("the document says it in other words");
      assert.equal(number, String(shown(value)));
    });
  }
});

describe("a limit that stands in the package, which would weigh more with all of them, is the contract's", () => {
  for (const [path, name, limit] of [
    ["pkg/src/snapshot/opening.ts", "MOST_BYTES", "documentBytes"],
    ["pkg/src/snapshot/opening.ts", "DEFAULT_MAX_BYTES", "tokenBytes"],
    ["pkg/src/lib/clock.ts", "LATEST", "issuedTime"],
    ["pkg/src/snapshot/principal.ts", "MAX_ID", "idCharacters"],
    ["pkg/src/gate/read-pass.ts", "MAX_PASS", "passBytes"],
    ["pkg/src/gate/read-pass.ts", "MAX_LIFETIME", "passSeconds"],
    ["pkg/src/gate/http.ts", "MAX_BODY", "passBodyBytes"],
  ])
    test(limit, () => assert.equal(constant(path, name), limits[limit]));

  test("so is the pattern of an id", () => {
    const [, pattern] = /const ASSISTANT_ID = \/(.+)\/;/.exec(read("pkg/src/gate/admission.ts"));
    assert.equal(pattern, patterns.id);
  });
});

test("every step of opening has the same name in the document and in the core, with links both ways", () => {
  const text = read("docs/snapshot-format.md");
  const documented = [...text.matchAll(/^\| \[(\d+[a-z]?)\]\(\.\.\/(src\/[\w/.]+)\) +\| `(\w+)`/gm)].map(
    ([, step, path, code]) => `${step} ${code} in ${path}`,
  );
  const sources = readdirSync(join(root, "src"), { recursive: true }).filter((path) => path.endsWith(".rs"));
  const coded = sources.flatMap((path) =>
    [...read(`src/${path}`).matchAll(/\/\/ §5 step (\d+[a-z]?): (\w+)\./g)].map(
      ([, step, code]) => `${step} ${code} in src/${path}`,
    ),
  );
  assert.ok(documented.length >= 18, `${documented.length} steps`);
  assert.deepEqual([...new Set(coded)].sort(), [...documented].sort());
});

test("the rules link every file of src/rules", () => {
  const files = readdirSync(join(root, "src/rules")).filter((name) => name.endsWith(".rs"));
  const linked = [...read("docs/rules.md").matchAll(/\]\(\.\.\/src\/rules\/([\w/.]+)\)/g)].map(([, path]) => path);
  assert.deepEqual([...new Set(linked)].sort(), files.sort());
});

describe("the references of documents exist", () => {
  for (const document of DOCUMENTS) {
    test(document, () => {
      const text = read(document);
      for (const [, target] of text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)) {
        const [path, anchor] = target.split("#");
        const file = path === "" ? document : join(dirname(document), path);
        assert.ok(existsSync(join(root, file)), `${target}: there is no ${file}`);
        if (anchor && file.endsWith(".md")) assert.ok(anchors(read(file)).includes(anchor), `${target}: no such heading`);
      }
      const printed = blocks(document); // files of the reader's project
      for (const [, name] of text.matchAll(/\b([A-Z]{4,}) §/g))
        assert.equal(name, "RFC", `${name} is no document of this repository`);
      for (const [, path] of text.matchAll(/`((?:src|pkg|edge|www|demo|docs|scripts|bench|tests)\/[\w./-]+)`/g)) {
        const built = /\/dist\b|^docs\/api/.test(path) || Object.hasOwn(printed, path);
        assert.ok(built || path.includes("<") || existsSync(join(root, path)), `there is no ${path}`);
      }
    });
  }
});

test("every picture of the documents has a description", () => {
  let pictures = 0;
  for (const document of DOCUMENTS) {
    for (const [tag, source] of read(document).matchAll(/<img [^>]*src="([^"]+)"[^>]*>/g)) {
      pictures++;
      assert.match(tag, /alt="[^"]{40,}"/, document);
      if (!source.endsWith(".svg")) continue;
      const picture = read(join(dirname(document), source));
      assert.match(
        picture,
        /aria-labelledby="title desc"[\s\S]*<title id="title">[^<]+<\/title>[\s\S]*<desc id="desc">[^<]+<\/desc>/,
        source,
      );
    }
  }
  assert.ok(pictures >= 5, `${pictures} pictures`);
});

/** The anchors that GitHub makes of headings. */
function anchors(text) {
  return [...text.replace(/^```[\s\S]*?^```/gm, "").matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
