// The document of errors: every code of the code has its section, and every section a code.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { errorPages, errorsOf } from "../../scripts/error-pages.mjs";
import { root } from "../lib/consumer.mjs";

const read = (path) => readFileSync(join(root, path), "utf8");
const document = read("docs/errors/index.md");
const sections = [...errorsOf(document).values()].flatMap(({ codes }) => codes);

/** The names of an enum of the core, as its types say them. */
const namesOf = (path, type) =>
  [
    ...(new RegExp(`export type ${type} = ([^;]+);`).exec(read(path)) ?? assert.fail(`${path} has no ${type}`))[1].matchAll(
      /"([a-z_]+)"/g,
    ),
  ].map(([, name]) => name);

/** All of `ErrorCode`: its own names, and those of the enums that it consists of. */
function codes() {
  const [, union] = /export type ErrorCode =([^;]+);/.exec(read("pkg/src/lib/error.ts")) ?? assert.fail("there is no ErrorCode");
  const own = [...union.matchAll(/"([a-z_]+)"/g)].map(([, name]) => name);
  const types = [...union.matchAll(/\b[A-Z]\w+\b/g)].map(([name]) => name);
  assert.deepEqual(types, ["Code", "RefusalCode"], "of which file are the others?");
  return new Set([
    ...own,
    ...namesOf("pkg/dist/wasm/wicketgate.d.ts", "Code"),
    ...namesOf("pkg/dist/wasm/authority.d.ts", "RefusalCode"),
  ]);
}

test("every code has a section, each one, and no section is without a code", () => {
  assert.ok(codes().size > 50);
  assert.deepEqual(sections.map(({ code }) => code).sort(), [...codes()].sort());
});

describe("a section says what it means, when it is thrown and what to do", () => {
  for (const { code, text } of sections) {
    test(code, () => assert.match(text, /^[A-Z][^\n]+\.\n\n\*\*Thrown when\*\* [\s\S]+\n\n\*\*What to do\*\*:? [\s\S]+\.$/));
  }
});

test("each becomes a page, and the list names them all", () => {
  const pages = errorPages(document);
  assert.equal(Object.keys(pages).length, sections.length + 1);
  for (const { code, text } of sections) {
    assert.ok(pages[`errors/${code}.md`].includes(text), code);
    assert.ok(pages["errors/index.md"].includes(`(${code}.md)`), code);
  }
});
