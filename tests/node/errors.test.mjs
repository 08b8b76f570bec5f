// The document of errors: every error code has one section, and every section a code.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { coreCodes, packageCodes, refusalCodes } from "wicketgate/contract";
import { errorPages, errorsOf } from "../../scripts/error-pages.mjs";
import { root } from "../lib/consumer.mjs";

const read = (path) => readFileSync(join(root, path), "utf8");
const document = read("docs/errors/index.md");
const sections = [...errorsOf(document).values()].flatMap(({ codes }) => codes);

const codes = new Set([coreCodes, refusalCodes, packageCodes].flatMap((table) => Object.keys(table)));

test("every code has exactly one section, and every section a code", () => {
  assert.ok(codes.size > 50);
  assert.deepEqual(sections.map(({ code }) => code).sort(), [...codes].sort());
});

describe("a section tells the meaning, the cause and the remedy", () => {
  for (const { code, text } of sections) {
    test(code, () => assert.match(text, /^[A-Z][^\n]+\.\n\n\*\*Thrown when\*\* [\s\S]+\n\n\*\*What to do\*\*:? [\s\S]+\.$/));
  }
});

test("each section becomes a page, and the list names them all", () => {
  const pages = errorPages(document);
  assert.equal(Object.keys(pages).length, sections.length + 1);
  for (const { code, text } of sections) {
    assert.ok(pages[`errors/${code}.md`].includes(text), code);
    assert.ok(pages["errors/index.md"].includes(`(${code}.md)`), code);
  }
});
