// The commands that documents and workflows name exist, and `make` alone lists all of them.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { root } from "../lib/consumer.mjs";

const read = (path) => readFileSync(join(root, path), "utf8");
const MAKEFILE = read("Makefile");
const WORKFLOWS = readdirSync(join(root, ".github/workflows")).map((name) => `.github/workflows/${name}`);
const targets = [...MAKEFILE.matchAll(/^\.PHONY: (.+)$/gm)].flatMap(([, names]) => names.split(" "));

describe("commands of make", () => {
  test("each has one line in the list, and each line has its command", () => {
    const listed = [...MAKEFILE.matchAll(/^# make ([a-z-]+) /gm)].map(([, name]) => name);
    assert.deepEqual(listed.sort(), targets.filter((name) => name !== "help").sort());
  });

  for (const path of ["README.md", "CONTRIBUTING.md", "tests/README.md", "docs/decisions/0012-biome-and-eslint.md", ...WORKFLOWS]) {
    test(`${path} names only commands that exist`, () => {
      // In code, or as the command of a step.
      for (const [, name] of read(path).matchAll(/(?:`|^ *- run: |^)(?:[A-Z_]+=\S+ )*make ([a-z][a-z-]*)(?![\w/-])/gm))
        assert.ok(targets.includes(name), `make ${name}`);
    });
  }
});

describe("workflows", () => {
  for (const path of WORKFLOWS) {
    test(`${path} pins each action to a commit, and has no more rights than it needs`, () => {
      const text = read(path);
      const actions = [...text.matchAll(/uses: (\S+)(.*)$/gm)];
      assert.ok(actions.length > 0);
      for (const [, action, comment] of actions) {
        assert.match(action, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
        assert.match(comment, /^ # v\d+\.\d+\.\d+$/);
      }
      assert.match(text, /^permissions:\n {2}contents: read$/m);
      assert.equal(text.includes("id-token: write"), path.endsWith("/release.yml"));
    });
  }

  test("the versions of Node are those that the package promises, from the lowest on", () => {
    const [, list] = /node: \[([\d, ]+)\]/.exec(read(".github/workflows/ci.yml"));
    const lowest = JSON.parse(read("pkg/package.json")).engines.node.replace(">=", "");
    assert.deepEqual(list.split(", "), [lowest, "22", "24"]);
    assert.equal(read(".nvmrc").trim(), lowest);
  });
});
