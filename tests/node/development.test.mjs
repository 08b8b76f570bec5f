// What the console says to whoever develops: once each, and nothing in production.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { build } from "esbuild";
import { VIEW, acme, keys, opened, signed } from "../lib/world.mjs";

/** Runs it in a process of its own, since each word is said once; returns what the console says. */
function said(script, { env = "development", source } = {}) {
  const code = `
    import { open } from "wicketgate";
    import { observe } from "wicketgate/observer";
    const snapshot = await open(${JSON.stringify(source ?? TOKEN)}, { keys: ${JSON.stringify(keys)}, now: 1_790_000_000 });
    const me = snapshot.as({ user: "vic" });
    ${script}`;
  const { stderr, status } = spawnSync(process.execPath, ["--input-type=module", "--eval", code], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    encoding: "utf8",
    env: { ...process.env, NODE_ENV: env },
  });
  assert.equal(status, 0, stderr);
  return stderr.split("\n").filter((line) => line !== "");
}
const TOKEN = await signed(acme());

describe("the console says why a question names nothing", () => {
  for (const [name, script, ...words] of [
    ["a capability that is none", 'me.can("asistant.edit", "helper")', "there is no capability `asistant.edit`"],
    [
      "one of an area that there is",
      'me.check("team.rename", "support")',
      "there is no capability `team.rename`, but team.create, team.view, team.edit, team.delete, team.manage_members",
    ],
    [
      "a target that is missing",
      'me.can("assistant.edit")',
      "`assistant.edit` is asked with the id of one assistant, and there is none",
    ],
    ["one too many", 'me.check("team.create", "support")', "`team.create` is asked of the organization, without a target"],
    [
      "one of another kind",
      'me.can("assistant.edit", "support")',
      "`assistant.edit` is asked with the id of one assistant, and `support` is that of one team",
    ],
    [
      "one that the snapshot does not have",
      'me.can("assistant.edit", "hélper\\nx")',
      "the snapshot has no assistant `hélper\ufffdx`: it is gone, misspelt, or not for this person to see",
    ],
    ["one that is no text", 'me.can("assistant.edit", 7)', "target: expected a string"],
    ["a list of what has no targets", 'me.list("asistant.edit")', "there is no capability `asistant.edit`"],
    ["whoever may do what there is not", 'snapshot.whoCan("asistant.edit", "helper")', "there is no capability `asistant.edit`"],
    ["a role that is no text", 'me.canAssignRole("vic", 7)', "role: expected a string"],
  ]) {
    test(name, () => {
      const expected = words.map((what) => `wicketgate: ${what}; so it is denied`);
      assert.deepEqual(
        said(script).map((line) => line.replace(/, but assistant\..*(?=;)/, "")),
        expected,
      );
      assert.deepEqual(said(`${script}; ${script}; ${script};`).length, 1, "once");
      assert.deepEqual(said(script, { env: "production" }), []);
    });
  }

  test("nothing where it is merely denied, or not known yet", () => {
    assert.deepEqual(
      said(`
      me.can("assistant.edit", "pitch"); me.check("assistant.edit", "pitch"); me.can("team.create"); me.check("assistant.edit", "draft"); me.can("assistant.edit", "site");
      const observer = observe({ principal: me, snapshot });
      for (const unknown of [undefined, null]) console.log(observer.can("assistant.edit", unknown), observer.check("team.edit", unknown), observer.can("team.create", unknown));`),
      [],
    );
  });

  test("what has expired denies without a word", () => {
    assert.deepEqual(
      said(
        "const late = await open(" +
          JSON.stringify(TOKEN) +
          ", { keys: " +
          JSON.stringify(keys) +
          ', now: (() => { let now = 1_790_000_000; return () => now += 5000; })(), clockTolerance: 3600 }); late.as({ user: "vic" }).can("assistant.edit", "nothing");',
      ),
      [],
    );
  });
});

test("a bundle for production has none of the sentences", async () => {
  for (const [mode, there] of [
    ["production", false],
    ["development", true],
  ]) {
    const { outputFiles } = await build({
      stdin: {
        contents: 'export * from "wicketgate/manual"; export * from "wicketgate/observer";',
        resolveDir: fileURLToPath(new URL("..", import.meta.url)),
      },
      bundle: true,
      minify: true,
      write: false,
      format: "esm",
      platform: "browser",
      target: "es2022",
      define: { "process.env.NODE_ENV": JSON.stringify(mode) },
      external: ["wicketgate/client"],
    });
    for (const sentence of ["there is no capability", "console.warn", "is asked with the id", "the snapshot has no"])
      assert.equal(outputFiles[0].text.includes(sentence), there, `${mode}: ${sentence}`);
  }
});

test("printed, it shows who, of which scope and version; no secret", async () => {
  const workspace = await opened(acme(), { version: 7 });
  assert.match(inspect(workspace.as({ user: "vic" })), /\[Principal vic in Snapshot acme, workspace, version 7\]/);
  assert.match(inspect(workspace), /\[Snapshot acme, workspace, version 7\]/);
  assert.match(inspect(workspace.as({ link: VIEW })), /\[Principal visitor in Snapshot acme, workspace, version 7\]/);
  assert.ok(!inspect(workspace.as({ link: VIEW })).includes(VIEW));
  const member = await opened(acme(), { scope: { member: "vic" } });
  assert.equal(`${member.as()}`, "[object Principal vic in Snapshot acme, member, version 1]");
  member.free();
  assert.equal(`${member}`, "[object Snapshot acme, member, version 1]");
});
