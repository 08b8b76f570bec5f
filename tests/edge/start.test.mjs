// Starting the demonstration: its organization, and the data that it keeps between starts.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { demoOrganization } from "../../demo/organization.mjs";
import { start } from "../../demo/start.mjs";
import { askPass } from "../lib/gate.mjs";
import { enter } from "./demonstration.mjs";

const options = { keySecret: "a secret", origin: "http://localhost:8787", customer: "http://localhost:8790" };

test("the organization is equal at every run, and its link keys depend on the secret", () => {
  const one = demoOrganization(options);
  assert.deepEqual(demoOrganization(options), one);
  const other = demoOrganization({ ...options, keySecret: "another secret" });
  assert.deepEqual(other.facts.users, one.facts.users);
  assert.notEqual(other.links.at(-1).key, one.links.at(-1).key);
});

test("it is large enough, everybody can sign in, and the facts contain no link keys", () => {
  const { facts, links } = demoOrganization(options);
  assert.ok(facts.assistants.length >= 300);
  assert.ok(facts.teams.length >= 5);
  assert.equal(new Set(facts.assistants.map(({ id }) => id)).size, facts.assistants.length);
  assert.equal(new Set(facts.users.map(({ email }) => email)).size, facts.users.length);
  assert.equal(links.length, facts.assistants.flatMap((assistant) => assistant.links ?? []).length);
  for (const { key } of links) assert.match(key, /^wk_[A-Za-z0-9_-]{43}$/);
  assert.ok(!JSON.stringify(facts).includes("wk_"));
});

describe("a start", () => {
  const ANY = { port: 0, identityPort: 0, mailPort: 0, customerPort: 0 };
  let dir;
  let running;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "wicketgate-"));
  });
  afterEach(async () => {
    await running?.dispose();
    running = undefined;
    await rm(dir, { recursive: true, force: true });
  });

  test("keeps the data of the start before: the organization, its keys, accounts, sessions and links", async () => {
    running = await start({ ...ANY, dir });
    const gina = await enter(running, "gina");
    const { version } = await gina.does({ type: "assign_role", user: "ben", role: "application_admin" });
    const keys = await gina.json("/.well-known/jwks.json");
    const passKeys = await gina.json("/.well-known/pass-jwks.json");
    const { url, links, identity, customer } = running;
    assert.equal(customer.embeds, true);
    await running.dispose();

    running = await start({ ...ANY, port: Number(new URL(url).port), dir });
    assert.equal(running.identity.issuer, identity.issuer);
    assert.deepEqual(running.links, links);
    assert.deepEqual(await gina.json("/.well-known/jwks.json"), keys);
    assert.deepEqual(await gina.json("/.well-known/pass-jwks.json"), passKeys);
    assert.equal(running.customer.url, customer.url);
    assert.equal(running.customer.embeds, true);
    const snapshot = await gina.json("/v1/snapshot");
    assert.equal(snapshot.version, version);
    assert.equal(snapshot.organization.users.find(({ id }) => id === "ben").role, "application_admin");
    assert.equal((await (await enter(running, "gina")).json("/v1/session")).user, "gina");
    assert.equal((await askPass(url, { assistant: links[0].assistant, key: links[0].key })).status, 200);
    assert.equal((await stat(join(dir, "secrets.json"))).mode & 0o777, 0o600);
  });

  test("serves files that may be cached for ever; answers for missing files may not be cached", async () => {
    running = await start({ ...ANY, dir });
    const answer = async (path) => {
      const response = await fetch(running.url + path);
      return {
        status: response.status,
        cached: response.headers.get("Cache-Control"),
        type: response.headers.get("Content-Type"),
        body: await response.text(),
      };
    };
    const page = await answer("/");
    const [script] = /\/assets\/[^"]+\.js/.exec(page.body);
    const there = await answer(script);
    assert.deepEqual([there.status, there.cached], [200, "public, max-age=31536000, immutable"]);
    for (const path of ["/assets/gone-AbCd1234.js", "/assets/gone-AbCd1234.css", "/assets/", "/assets/a/b.wasm", `${script}.map`]) {
      const { status, cached, type } = await answer(path);
      assert.deepEqual([path, status, cached, type], [path, 404, "no-store", "text/plain; charset=utf-8"]);
    }
    for (const path of ["/embed/assets/gone.js", "/embed/nobody", "/v1/nothing"]) {
      const { status, cached } = await answer(path);
      assert.equal(status, 404);
      assert.match(cached, /no-store/);
    }
    // Every other address is a page of the console.
    for (const path of ["/teams", "/assistants/helper.v2", "/gone.js"]) {
      const { status, cached, body } = await answer(path);
      assert.deepEqual([status, cached, body], [200, "public, max-age=0, must-revalidate", page.body]);
    }
  });

  test("answers programs with JSON, never with the console's page", async () => {
    running = await start({ ...ANY, dir });
    for (const [path, status, type] of [
      ["/healthz", 200, "application/json"],
      ["/v1/openapi.json", 200, "application/json"],
      ["/v1", 404, "application/problem+json"],
      ["/v1/nothing", 404, "application/problem+json"],
      ["/.well-known/nothing", 404, "application/problem+json"],
      ["/health", 404, "application/problem+json"],
      ["/readyz", 404, "application/problem+json"],
    ]) {
      const response = await fetch(running.url + path, { headers: { Accept: "text/html" } });
      assert.deepEqual([path, response.status, response.headers.get("Content-Type")], [path, status, type]);
      assert.equal(typeof (await response.json()), "object");
    }
  });

  test("completes a folder of an earlier version, and reports that its organization does not allow the customer's site", async () => {
    running = await start({ ...ANY, dir });
    const { identity, links } = running;
    await running.dispose();
    const { links: kept } = JSON.parse(await readFile(join(dir, "secrets.json"), "utf8"));
    await writeFile(join(dir, "secrets.json"), JSON.stringify({ links: kept }));
    await writeFile(join(dir, "ports.json"), JSON.stringify({ identity: identity.port }));
    const other = createServer().listen(running.customer.port, "127.0.0.1");
    try {
      running = await start({ ...ANY, customerPort: running.customer.port, dir });
    } finally {
      other.close();
    }
    assert.deepEqual(running.links, links);
    assert.equal(running.customer.embeds, false);
    assert.deepEqual(Object.keys(JSON.parse(await readFile(join(dir, "secrets.json"), "utf8"))).sort(), [
      "gateToken",
      "links",
      "passKeys",
    ]);
    assert.equal((await askPass(running.url, { assistant: links[0].assistant, key: links[0].key })).status, 200);
  });

  test("listens on the loopback interface alone", async () => {
    running = await start({ ...ANY, dir });
    for (const address of [running.url, running.identity.issuer, running.mail.url, running.customer.url]) {
      const { port } = new URL(address);
      assert.ok((await fetch(`http://127.0.0.1:${port}/`)).ok);
      await assert.rejects(fetch(`http://127.0.0.2:${port}/`), TypeError);
    }
  });

  describe("if a port is in use", () => {
    let occupant;
    let taken;
    beforeEach(async () => {
      occupant = createServer();
      await new Promise((resolve) => occupant.listen(0, "127.0.0.1", resolve));
      taken = occupant.address().port;
    });
    afterEach(() => occupant.close());

    test("the page's: stops with one line", async () => {
      await assert.rejects(start({ port: taken, dir }), { message: `port ${taken} is in use: choose another with PORT=<number>` });
    });

    test("another one: uses the next port", async () => {
      running = await start({ port: 0, identityPort: taken, mailPort: taken, customerPort: taken, dir });
      for (const { port } of [running.identity, running.mail, running.customer]) assert.ok(port > taken);
    });

    test("the identity provider's, which must not change: stops with one line", async () => {
      running = await start({ ...ANY, dir });
      const { port } = running.identity;
      await running.dispose();
      running = undefined;
      const other = createServer();
      await new Promise((resolve) => other.listen(port, "127.0.0.1", resolve));
      try {
        await assert.rejects(start({ ...ANY, dir }), {
          message: `port ${port} is in use, and the identity provider's accounts depend on it: free it, or delete ${dir} to start again`,
        });
      } finally {
        other.close();
      }
    });
  });
});
