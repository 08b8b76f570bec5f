// What `make release` checks before it builds: versions, changelog, tags and the tree.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { obstacles } from "../../scripts/release.mjs";
import { root } from "../lib/consumer.mjs";

const CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-01-31\n\n### Added\n\n- Something.\n";
const CLEAN = { changes: "", tags: ["v1.2.2"] };
const packages = (version, wicketgate) => [{ name: "pkg/package.json", version, wicketgate }];

describe("what stands in the way of a release", () => {
  for (const [name, given, expected] of [
    ["nothing, where all agree", ["1.2.3", packages("1.2.3", "1.2.3"), CHANGELOG, CLEAN], []],
    ["a version that is not one", ["1.2", packages("1.2"), CHANGELOG.replace("1.2.3", "1.2"), CLEAN], [/is not a version/]],
    ["another version in a package", ["1.2.3", packages("1.2.2"), CHANGELOG, CLEAN], [/pkg\/package\.json: version `1\.2\.2`/]],
    ["a package that needs another one", ["1.2.3", packages("1.2.3", "1.2.2"), CHANGELOG, CLEAN], [/needs wicketgate `1\.2\.2`/]],
    ["no section in the changelog", ["1.2.4", packages("1.2.4"), CHANGELOG, CLEAN], [/no section/]],
    ["a section without a date", ["1.2.3", [], CHANGELOG.replace("2026-01-31", "unreleased"), CLEAN], [/has no date/]],
    ["an empty section", ["1.2.3", [], CHANGELOG.replace("- Something.\n", ""), CLEAN], [/is empty/]],
    [
      "entries that are not released",
      ["1.2.3", [], CHANGELOG.replace("d]\n", "d]\n\n- More.\n"), CLEAN],
      [/\[Unreleased\] has entries/],
    ],
    ["changed files", ["1.2.3", [], CHANGELOG, { ...CLEAN, changes: " M a\n?? b" }], [/changed files \(2\)/]],
    ["a version that was released", ["1.2.3", [], CHANGELOG, { ...CLEAN, tags: ["v1.2.3"] }], [/the tag `v1\.2\.3` exists/]],
  ]) {
    test(name, () => {
      const found = obstacles(...given);
      assert.equal(found.length, expected.length, found.join("\n"));
      for (const [at, pattern] of expected.entries()) assert.match(found[at], pattern);
    });
  }
});

describe("make release", () => {
  let folder;
  const git = (...args) => execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example", ...args], { cwd: folder });
  const release = () => spawnSync(process.execPath, ["scripts/release.mjs", "--dry-run"], { cwd: folder, encoding: "utf8" });
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "release-"));
    mkdirSync(join(folder, "scripts"));
    cpSync(join(root, "scripts/release.mjs"), join(folder, "scripts/release.mjs"));
    writeFileSync(join(folder, "Cargo.toml"), '[package]\nname = "wicketgate"\nversion = "1.2.3"\n');
    writeFileSync(join(folder, "CHANGELOG.md"), CHANGELOG);
    for (const name of ["pkg", "edge", "www", "demo", "docs", "tests"]) {
      mkdirSync(join(folder, name));
      writeFileSync(
        join(folder, name, "package.json"),
        JSON.stringify({ version: "1.2.3", dependencies: { wicketgate: "1.2.3" } }),
      );
    }
    git("init", "--quiet");
    git("add", "--all");
    git("commit", "--quiet", "--message", "all");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("prints the commands that publish, and pushes nothing", () => {
    const { status, stdout, stderr } = release();
    assert.equal(stderr, "");
    assert.equal(status, 0);
    assert.match(stdout, /1\.2\.3 is ready[\s\S]*git tag --sign v1\.2\.3[\s\S]*git push origin HEAD v1\.2\.3/);
    assert.equal(execFileSync("git", ["tag"], { cwd: folder, encoding: "utf8" }), "");
  });

  test("names everything that stands in the way, and fails", () => {
    writeFileSync(join(folder, "pkg/package.json"), JSON.stringify({ version: "1.2.4" }));
    const { status, stderr } = release();
    assert.equal(status, 1);
    assert.deepEqual(stderr.trim().split("\n"), [
      "error: pkg/package.json: version `1.2.4`, but Cargo.toml has `1.2.3`: make them equal",
      "error: the tree is not clean: commit its changed files (1)",
    ]);
  });
});
