// The lint rule against objects indexed by data: its findings, and the code that it accepts.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { ESLint } from "eslint";
import tseslint from "typescript-eslint";
import { ownProperties } from "../../scripts/own-properties.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const GIVEN = `
  declare const id: string; declare const kind: "team" | "assistant"; declare const n: number; declare const whatever: any;
  declare const words: Record<string, string>; declare const known: { team: string; assistant: string }; declare const lists: string[];
  declare const bytes: Uint8Array; declare const map: Map<string, string>; declare const maybe: Record<string, number> | undefined;
  declare const read: Record<string, unknown>; declare function nameOf(): string;
`;

const BAD = [
  "words[id];",
  "words[nameOf()];",
  "maybe?.[id];",
  "words[id] ?? id;",
  "words[id] = id;",
  "read[id] = 1;",
  "words[`x_${id}`];",
  "whatever[id];",
  "words[whatever];",
  "known[id as keyof typeof known];",
  'known[id as "team"];',
  "words[id!];",
  "(words as any)[id];",
  "const { [id]: found, ...others } = words;",
  "id in words;",
  "Object.hasOwn(words, id) ? words[nameOf()] : 1;",
  "if (Object.hasOwn(words, id)) words[id] = id;",
  "!Object.hasOwn(words, id) && words[id];",
  "Object.hasOwn(words, id) || words[id];",
  "delete words[id];",
  "words[id]++;",
  "JSON.parse(id)[id];",
  "function look<K extends string>(table: Record<K, string>, key: K) { return table[key]; }",
  "for (const name in words) words[name];",
];
const GOOD = [
  "known[kind];",
  "known.team;",
  'words["team"];',
  "lists[n];",
  "lists[0];",
  "bytes[n];",
  "id[n];",
  "map.get(id);",
  "words[n];",
  'known["team" as const];',
  "Object.hasOwn(words, id) ? words[id] : undefined;",
  "Object.hasOwn(words, id) && words[id];",
  'if (id !== "" && Object.hasOwn(words, id)) words[id];',
  "Object.hasOwn(words as object, id) && (words as Record<string, string>)[id];",
  "({ [id]: 1 });",
  "Object.fromEntries([[id, 1]]);",
  '"team" in words;',
  "const { [kind]: found } = known;",
  'for (const name of ["team", "assistant"] as const) known[name];',
  "function look<K extends keyof typeof known>(key: K) { return known[key]; }",
  "[...lists.entries()].map(([index]) => lists[index]);",
];

describe("no object is indexed by data", () => {
  let folder;
  let messages;
  before(async () => {
    // Inside the repository, so that the types of the language are found.
    folder = await mkdtemp(join(root, "target", "lint-"));
    await writeFile(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: { strict: true, target: "es2022", lib: ["es2023"], types: [], module: "esnext" },
        include: ["*.ts"],
      }),
    );
    const cases = [...BAD, ...GOOD];
    await Promise.all(cases.map((code, n) => writeFile(join(folder, `case-${n}.ts`), `export {};${GIVEN}${code}\n`)));
    const eslint = new ESLint({
      cwd: folder,
      overrideConfigFile: true,
      overrideConfig: [
        {
          files: ["**/*.ts"],
          languageOptions: { parser: tseslint.parser, parserOptions: { project: ["./tsconfig.json"], tsconfigRootDir: folder } },
          plugins: { wicketgate: { rules: { "own-properties": ownProperties } } },
          rules: { "wicketgate/own-properties": "error" },
        },
      ],
    });
    const results = await eslint.lintFiles(["*.ts"]);
    messages = new Map(results.map(({ filePath, messages }) => [filePath, messages]));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const found = (n) => messages.get(join(folder, `case-${n}.ts`)).map(({ ruleId, message }) => [ruleId, message]);
  for (const [n, code] of BAD.entries()) {
    test(`refused: ${code}`, () => {
      assert.ok(found(n).length > 0);
      for (const [rule, message] of found(n)) assert.ok(rule === "wicketgate/own-properties" && /hasOwn/.test(message), message);
    });
  }
  for (const [n, code] of GOOD.entries()) test(`accepted: ${code}`, () => assert.deepEqual(found(BAD.length + n), []));
});

test("all shipped code is linted with types", async () => {
  const eslint = new ESLint({ cwd: root });
  for (const file of [
    "pkg/src/snapshot/snapshot.ts",
    "edge/authority/object/organization.ts",
    "edge/gate/browser/chat.ts",
    "www/src/pages/review/findings.ts",
    "demo/organization.mjs",
  ]) {
    const config = await eslint.calculateConfigForFile(join(root, file));
    assert.equal(config.rules["wicketgate/own-properties"]?.[0], 2, file);
  }
});
