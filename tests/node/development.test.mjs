// Warnings for developers on the console: each is written once, and none in production.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { bundledForPage } from "../lib/bundled.mjs";
import { VIEW, acme, keys, opened, signed } from "../lib/world.mjs";

/** Runs a script in a process of its own, because each warning is written once; returns the lines of the console. */
function consoleLines(script, { env = "development", source } = {}) {
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

describe("the console explains a question that names nothing", () => {
  for (const [name, script, ...words] of [
    ["an unknown capability", 'me.can("asistant.edit", "helper")', "there is no capability `asistant.edit`"],
    [
      "an unknown capability of a known area",
      'me.check("team.rename", "support")',
      "there is no capability `team.rename`, but team.create, team.view, team.edit, team.delete, team.manage_members",
    ],
    ["a missing target", 'me.can("assistant.edit")', "`assistant.edit` needs the id of one assistant"],
    ["a target too many", 'me.check("team.create", "support")', "`team.create` takes no target: it belongs to the organization"],
    [
      "a target of another kind",
      'me.can("assistant.edit", "support")',
      "`assistant.edit` needs the id of one assistant; `support` is the id of one team",
    ],
    [
      "a target that the snapshot does not have",
      'me.can("assistant.edit", "hélper\\nx")',
      "the snapshot has no assistant `hélper\ufffdx`: it was deleted, it is misspelt, or this person may not see it",
    ],
    ["a target that is no string", 'me.can("assistant.edit", 7)', "target: expected a string"],
    ["a list for an unknown capability", 'me.list("asistant.edit")', "there is no capability `asistant.edit`"],
    ["whoCan for an unknown capability", 'snapshot.whoCan("asistant.edit", "helper")', "there is no capability `asistant.edit`"],
    ["a role that is no string", 'me.canAssignRole("vic", 7)', "role: expected a string"],
  ]) {
    test(name, () => {
      const expected = words.map((what) => `wicketgate: ${what}; the question is denied`);
      assert.deepEqual(
        consoleLines(script).map((line) => line.replace(/, but assistant\..*(?=;)/, "")),
        expected,
      );
      assert.deepEqual(consoleLines(`${script}; ${script}; ${script};`).length, 1, "once");
      assert.deepEqual(consoleLines(script, { env: "production" }), []);
    });
  }

  test("no warning if the question is only denied, or the target not known yet", () => {
    assert.deepEqual(
      consoleLines(`
      me.can("assistant.edit", "pitch"); me.check("assistant.edit", "pitch"); me.can("team.create"); me.check("assistant.edit", "draft"); me.can("assistant.edit", "site");
      const observer = observe({ principal: me, snapshot });
      for (const unknown of [undefined, null]) console.log(observer.can("assistant.edit", unknown), observer.check("team.edit", unknown), observer.can("team.create", unknown));`),
      [],
    );
  });

  test("an expired snapshot denies without a warning", () => {
    assert.deepEqual(
      consoleLines(
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

test("a production bundle contains none of the warnings", async () => {
  for (const [mode, there] of [
    ["production", false],
    ["development", true],
  ]) {
    const program = 'export * from "wicketgate/manual"; export * from "wicketgate/observer";';
    const { outputFiles } = await bundledForPage(program, {
      define: { "process.env.NODE_ENV": JSON.stringify(mode) },
      external: ["wicketgate/client"],
    });
    for (const sentence of ["there is no capability", "console.warn", "needs the id of one", "the snapshot has no"])
      assert.equal(outputFiles[0].text.includes(sentence), there, `${mode}: ${sentence}`);
  }
});

test("the printed form shows user, scope and version, and no secret", async () => {
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
