// Starting the demonstration: the organization it makes, and what it keeps between starts.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { demoOrganization } from "../../demo/organization.mjs";
import { start } from "../../demo/start.mjs";

const options = { keySecret: "a secret", origin: "http://localhost:8787" };

test("the organization is the same at every run, and its keys hang on the secret", () => {
  const one = demoOrganization(options);
  assert.deepEqual(demoOrganization(options), one);
  const other = demoOrganization({ ...options, keySecret: "another secret" });
  assert.deepEqual(other.facts.users, one.facts.users);
  assert.notEqual(other.links.at(-1).key, one.links.at(-1).key);
});

test("it is large enough to look at, and every link has its key outside the facts", () => {
  const { facts, links } = demoOrganization(options);
  assert.ok(facts.assistants.length >= 300);
  assert.ok(facts.teams.length >= 5);
  assert.equal(new Set(facts.assistants.map(({ id }) => id)).size, facts.assistants.length);
  assert.equal(links.length, facts.assistants.flatMap((assistant) => assistant.links ?? []).length);
  for (const { key } of links) assert.match(key, /^wk_[A-Za-z0-9_-]{43}$/);
  assert.ok(!JSON.stringify(facts).includes("wk_"));
});

test("keys and version outlive a restart, and the version grows only with a change", async () => {
  const dir = await mkdtemp(join(tmpdir(), "wicketgate-"));
  try {
    const seen = [];
    let port = 0;
    for (let round = 0; round < 2; round += 1) {
      const running = await start({ port, dir });
      port = Number(new URL(running.url).port);
      const keys = await (await fetch(`${running.url}/.well-known/jwks.json`)).text();
      const { version } = await (await fetch(`${running.url}/v1/snapshot?as=ben`)).json();
      seen.push({ keys, version, links: running.links });
      await running.dispose();
    }
    assert.deepEqual(seen[1], seen[0]);
    assert.equal((await stat(join(dir, "secrets.json"))).mode & 0o777, 0o600);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

test("a taken port is one clear line", async () => {
  const dir = await mkdtemp(join(tmpdir(), "wicketgate-"));
  const occupant = createServer();
  await new Promise((resolve) => occupant.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = occupant.address();
    await assert.rejects(start({ port, dir }), { message: `port ${port} is in use: choose another with PORT=<number>` });
  } finally {
    occupant.close();
    await rm(dir, { recursive: true, force: true });
  }
});
