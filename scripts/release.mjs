#!/usr/bin/env node
// Prepares a release: checks that everything agrees on the version, builds, packs, and prints the commands that publish it.
// It pushes and publishes nothing itself. With --dry-run it checks and prints, and builds nothing.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const WORKSPACES = ["pkg", "edge", "www", "demo", "docs", "tests"];

const read = (path) => readFileSync(join(root, path), "utf8");
const git = (...args) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();

/**
 * The problems that prevent a release of `version`: one line each, with the remedy.
 *
 * @param {string} version the version of Cargo.toml
 * @param {{ name: string, version: string, wicketgate?: string }[]} packages each package.json, and the version of `wicketgate` that it needs
 * @param {string} changelog CHANGELOG.md
 * @param {{ changes: string, tags: string[] }} repository the output of `git status --porcelain`, and the existing tags
 */
export function obstacles(version, packages, changelog, { changes, tags }) {
  const found = [];
  if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version)) found.push(`Cargo.toml: \`${version}\` is not a version: write x.y.z`);
  for (const { name, version: other, wicketgate = version } of packages) {
    if (other !== version) found.push(`${name}: version \`${other}\`, but Cargo.toml has \`${version}\`: make them equal`);
    if (wicketgate !== version) found.push(`${name}: needs wicketgate \`${wicketgate}\`: make it \`${version}\``);
  }
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.startsWith(`[${version}]`));
  if (section === undefined) found.push(`CHANGELOG.md: no section \`## [${version}] - YYYY-MM-DD\`: rename [Unreleased]`);
  else {
    if (!/^\[[^\]]+\] - \d{4}-\d{2}-\d{2}\n/.test(section))
      found.push(`CHANGELOG.md: the section [${version}] has no date: write \`- YYYY-MM-DD\``);
    if (!/^[-*] /m.test(section)) found.push(`CHANGELOG.md: the section [${version}] is empty: say what changed`);
  }
  if (/^[-*] /m.test(sections.find((text) => text.startsWith("[Unreleased]")) ?? ""))
    found.push(`CHANGELOG.md: [Unreleased] has entries: move them into [${version}]`);
  if (changes !== "") found.push(`the tree is not clean: commit its changed files (${changes.split("\n").length})`);
  if (tags.includes(`v${version}`)) found.push(`the tag \`v${version}\` exists: raise the version`);
  return found;
}

function run(command, ...args) {
  console.log(`release: ${command} ${args.join(" ")}`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) process.exit(status ?? 1);
}

function main() {
  const [, version] = /^version = "([^"]+)"$/m.exec(read("Cargo.toml"));
  const packages = WORKSPACES.map((folder) => {
    const { version, dependencies, devDependencies } = JSON.parse(read(`${folder}/package.json`));
    return { name: `${folder}/package.json`, version, wicketgate: dependencies?.wicketgate ?? devDependencies?.wicketgate };
  });
  const repository = { changes: git("status", "--porcelain"), tags: git("tag", "--list").split("\n") };
  const found = obstacles(version, packages, read("CHANGELOG.md"), repository);
  for (const line of found) console.error(`error: ${line}`);
  if (found.length > 0) process.exit(1);

  if (!process.argv.includes("--dry-run")) {
    const folder = join(root, "target/release-files");
    mkdirSync(folder, { recursive: true });
    run("make", "build");
    run("npm", "pack", "--workspace", "pkg", "--pack-destination", folder);
    run("cargo", "package", "--locked", "--target-dir", "target");
    const crate = join(root, `target/package/wicketgate-${version}.crate`);
    for (const file of [...readdirSync(folder).map((name) => join(folder, name)), crate].filter((path) => existsSync(path))) {
      const bytes = readFileSync(file);
      console.log(`${relative(root, file)}: ${bytes.length} bytes, SHA-256 ${createHash("sha256").update(bytes).digest("hex")}`);
    }
  }
  console.log(`release: ${version} is ready. Publish it with:

  git tag --sign v${version} --message "Wicketgate ${version}"
  git push origin HEAD v${version}

The tag starts .github/workflows/release.yml, which tests, then publishes the npm package with provenance and the crate.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
