// The contract against the core that it describes, and the documents against the contract.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Directory } from "wicketgate/authority";
import {
  builtInRoles,
  capabilities,
  commands,
  deniedReasons,
  levels,
  patterns,
  refusalCodes,
  relations,
  roleSets,
} from "wicketgate/contract";
import { commandTypes, documents, filled, tables } from "../../scripts/contract-tables.mjs";
import { root } from "../lib/consumer.mjs";
import { unpadded } from "../lib/tables.mjs";
import { EDIT, NOW, ORIGIN, VIEW, acme, opened } from "../lib/world.mjs";

const read = (path) => readFileSync(join(root, path), "utf8");

/** Without the padding of tables: the formatter aligns their columns. */
const plain = (text) => unpadded(text).replaceAll(/-{3,}/g, "---");

describe("the tables of documents are those of the contract", () => {
  for (const path of documents) {
    test(path, () => {
      const text = read(path);
      assert.equal(plain(text), plain(filled(text).text), "run `make contract`");
    });
  }

  test("each stands somewhere", () => {
    assert.deepEqual(documents.flatMap((path) => filled(read(path)).names).sort(), [...tables].sort());
  });

  test("relations, reasons and levels of docs/rules.md", () => {
    const rules = read("docs/rules.md");
    const section = (heading) => rules.split(/^##+ /m).find((part) => part.startsWith(`${heading}\n`)) ?? assert.fail(heading);
    /** The names in backticks of a column. */
    const column = (text, index) =>
      [...text.matchAll(/^\|(.*)\|$/gm)]
        .slice(2)
        .flatMap(([, row]) => [...row.split("|")[index].matchAll(/`([a-z_]+)`/g)].map(([, name]) => name));
    assert.deepEqual(column(section("Relations"), 0), Object.keys(relations));
    assert.deepEqual(column(section("Why denied"), 1), Object.keys(deniedReasons));
    assert.deepEqual(column(section("Custom roles"), 0), Object.keys(levels));
    for (const id of Object.keys(builtInRoles)) assert.ok(section("Custom roles").includes(`\`${id}\``), id);
  });
});

describe("what the contract says of the rules is what the core answers", () => {
  test("what each relation grants", async () => {
    const facts = { ...acme(), plan: {} };
    facts.assistants.find(({ id }) => id === "site").grants.push({ user: "ed", role: "editor" });
    const workspace = await opened(facts);
    const targets = { organization: [undefined], team: ["support"], project: ["faq"], assistant: ["draft", "helper", "site"] };
    const told = new Set();
    for (const presented of [
      ...["gina", "abe", "olga", "vic", "ed"].map((user) => ({ user })),
      ...[{ link: VIEW }, { link: EDIT }, { origin: ORIGIN }],
    ]) {
      const principal = workspace.as(presented);
      for (const [capability, { kind }] of Object.entries(capabilities)) {
        for (const target of targets[kind]) {
          for (const { relation, role } of principal.check(capability, target).because ?? []) {
            const { grants = builtInRoles[role]?.grants ?? facts.roles.find(({ id }) => id === role).grants } = relations[relation];
            assert.ok(grants.includes(capability), `${relation} grants ${capability}`);
            told.add(`${relation} ${capability}`);
          }
        }
      }
    }
    const kinds = { team_owner: "team project assistant", team_viewer: "team project assistant", project_creator: "project" };
    for (const [relation, { grants = [] }] of Object.entries(relations)) {
      for (const capability of grants) {
        if (!(kinds[relation] ?? capabilities[capability].kind).includes(capabilities[capability].kind)) continue;
        assert.ok(told.has(`${relation} ${capability}`), `${relation} gives ${capability}`);
      }
    }
  });

  test("what a role of each level may grant, and what role sets define", async () => {
    const { directory } = await Directory.found({ id: "acme", users: [{ id: "gina", role: "global_admin" }] }, { now: NOW });
    const decide = (command) => directory.execute({ user: "gina" }, command, { now: NOW });
    for (const [on, { kinds }] of Object.entries(levels)) {
      for (const [capability, { kind }] of Object.entries(capabilities)) {
        const define = () => decide({ type: "define_role", id: "role", on, grants: [capability] });
        if (kinds.includes(kind)) {
          define();
          decide({ type: "delete_role", role: "role" });
        } else assert.throws(define, { code: "invalid_command" }, `${on} ${capability}`);
      }
    }
    for (const [set, { roles }] of Object.entries(roleSets)) {
      decide({ type: "apply_role_set", set });
      const defined = JSON.parse(directory.facts()).roles ?? [];
      assert.deepEqual(
        defined.map(({ id, on, grants }) => ({ id, on, grants })),
        Object.entries(roles).map(([id, { level, grants }]) => ({ id, on: level, grants })),
        set,
      );
    }
  });

  test("which ids and names are accepted", async () => {
    const { directory } = await Directory.found({ id: "acme", users: [{ id: "gina", role: "global_admin" }] }, { now: NOW });
    const accepts = (field, text) => {
      try {
        directory.decide({ user: "gina" }, { type: "create_team", name: "Team", id: "t", [field]: text }, { now: NOW });
        return true;
      } catch (error) {
        assert.equal(error.code, "invalid_command");
        return false;
      }
    };
    const samples = [
      "a",
      "A-b.c:d@e_9",
      "",
      " ",
      "a b",
      "ä",
      "a/b",
      "a\n",
      "x".repeat(128),
      "x".repeat(129),
      "x".repeat(200),
      "x".repeat(201),
    ];
    for (const text of samples) {
      assert.equal(accepts("id", text), new RegExp(patterns.id, "u").test(text), `id ${text}`);
      if (text.trim() !== "") assert.equal(accepts("name", text), new RegExp(patterns.name, "u").test(text), `name ${text}`);
    }
  });
});

test("the package exports the type of every command", () => {
  assert.equal(read(commandTypes.path), commandTypes.text, "run `make contract`");
  assert.match(read("pkg/src/authority.ts"), /^export type \* from "\.\/authority\/commands\.js";$/m);
});

test("a command needs a capability or the system, and is refused with codes that there are", () => {
  const named = (text) => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
  for (const [name, { needs, refusals }] of Object.entries(commands)) {
    if (needs !== "system") assert.ok(Object.hasOwn(capabilities, named(needs)[0]), `${name} needs ${needs}`);
    // In parentheses: what the refusal is about.
    for (const code of named(refusals.replaceAll(/\([^)]*\)/g, "")))
      assert.ok(Object.hasOwn(refusalCodes, code), `${name} is refused with ${code}`);
  }
});
