// The gate in workerd: who comes in with a link or from a site, and who does not.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { generateKeyPair, issue } from "wicketgate/authority";
import { ISSUER, startDemonstration } from "./demonstration.mjs";

const VIEW = `wk_${"v".repeat(43)}`;
const EDIT = `wk_${"e".repeat(43)}`;
const EXPIRED = `wk_${"s".repeat(43)}`;
const UNKNOWN = `wk_${"x".repeat(43)}`;

let demo;
before(async () => { demo = await startDemonstration(); });
after(() => demo?.stop());

async function visit(path, headers = {}) {
  const response = await fetch(demo.url + path, { headers });
  const body = await response.text();
  return { status: response.status, headers: response.headers, body, csp: response.headers.get("Content-Security-Policy") };
}

function assertSafe({ headers, csp }) {
  assert.match(headers.get("Content-Type"), /^text\/html/);
  assert.equal(headers.get("Cache-Control"), "no-store");
  assert.equal(headers.get("Referrer-Policy"), "no-referrer");
  assert.equal(headers.get("X-Content-Type-Options"), "nosniff");
  assert.match(csp, /^default-src 'none'; style-src 'nonce-[0-9a-f-]{36}'; base-uri 'none'; form-action 'none'; frame-ancestors \S+$/);
}

const anonymous = ({ body }) => body.replaceAll(/nonce="[^"]*"/g, "");

describe("share links", () => {
  test("a view link opens, and does not promise editing", async () => {
    const page = await visit(`/a/site?key=${VIEW}`);
    assert.equal(page.status, 200);
    assert.match(page.body, /you may chat/);
    assert.match(page.body, /You may not change it/);
    assertSafe(page);
    assert.match(page.csp, /frame-ancestors 'none'$/);
  });

  test("an edit link opens, and says that one may edit", async () => {
    const page = await visit(`/a/site?key=${EDIT}`);
    assert.equal(page.status, 200);
    assert.match(page.body, /You may also edit it/);
  });

  for (const [what, path, words] of [
    ["no key", "/a/site", /carries no key/],
    ["an expired key", `/a/site?key=${EXPIRED}`, /has expired/],
    ["an unknown key", `/a/site?key=${UNKNOWN}`, /does not open/],
    ["a key that is none", "/a/site?key=%3Cscript%3E", /does not open/],
    ["an empty key", "/a/site?key=", /does not open|carries no key/],
  ]) {
    test(`403 for ${what}`, async () => {
      const page = await visit(path);
      assert.equal(page.status, 403);
      assert.match(page.body, words);
      assertSafe(page);
    });
  }

  test("a key opens its own assistant alone", async () => {
    const other = demo.links.find(({ assistant, expired }) => assistant !== "site" && !expired);
    assert.equal((await visit(`/a/${other.assistant}?key=${other.key}`)).status, 200);
    assert.equal((await visit(`/a/${other.assistant}?key=${VIEW}`)).status, 403);
    assert.equal((await visit(`/a/site?key=${other.key}`)).status, 403);
  });

  test("unknown, private and malformed assistants get the same 404", async () => {
    const pages = await Promise.all(["nothing", "helper", "draft", "a%20b", "%3Cb%3E", "x".repeat(200)].map((id) => visit(`/a/${id}?key=${VIEW}`)));
    for (const page of pages) {
      assert.equal(page.status, 404);
      assertSafe(page);
      assert.equal(anonymous(page), anonymous(pages[0]));
    }
  });

  test("no answer repeats a key", async () => {
    for (const key of [VIEW, EXPIRED, UNKNOWN]) {
      for (const id of ["site", "helper"]) {
        const { headers, body } = await visit(`/a/${id}?key=${key}`);
        assert.ok(!(JSON.stringify([...headers]) + body).includes(key));
      }
    }
  });
});

describe("embedding", () => {
  const from = (referer, destination = "iframe") =>
    visit("/embed/site", { ...(referer && { Referer: referer }), ...(destination && { "Sec-Fetch-Dest": destination }) });

  test("an allowed site gets the widget, framed by that site alone", async () => {
    const page = await from("https://docs.acme.example/guide?page=2");
    assert.equal(page.status, 200);
    assertSafe(page);
    assert.match(page.csp, /frame-ancestors https:\/\/docs\.acme\.example$/);
    assert.equal(page.headers.get("Vary")?.replace(/, Accept-Encoding$/i, ""), "Referer, Sec-Fetch-Dest");
  });

  test("so does one whose browser does not say where a request goes", async () => {
    assert.equal((await from("https://docs.acme.example/", null)).status, 200);
  });

  for (const referer of [
    "https://evil.example/",
    "https://docs.acme.example.evil.example/",
    "https://docs.acme.example@evil.example/",
    "https://evil.example/https://docs.acme.example/",
    "https://evil.example/?https://docs.acme.example",
    "https://xdocs.acme.example/",
    "https://x.docs.acme.example/",
    "https://acme.example/",
    "http://docs.acme.example/",
    "https://docs.acme.example:8443/",
    "https://docs.acme.example./",
    "https://docs.acme.examp1e/",
  ]) {
    test(`403 for ${referer}`, async () => {
      const page = await from(referer);
      assert.equal(page.status, 403);
      assertSafe(page);
      assert.equal(page.csp.split("frame-ancestors ")[1], new URL(referer).origin);
    });
  }

  for (const [what, referer, destination] of [
    ["without a Referer", null, "iframe"],
    ["from an opaque origin", "data:text/html,x", "iframe"],
    ["from null", "null", "iframe"],
    ["from what is no address", "docs.acme.example", "iframe"],
    ["with a header in its host", "https://docs.acme.example;script-src/", "iframe"],
    ["opened as a page of its own", "https://docs.acme.example/", "document"],
    ["fetched by a script", "https://docs.acme.example/", "empty"],
  ]) {
    test(`403 ${what}`, async () => {
      const page = await from(referer, destination);
      assert.equal(page.status, 403);
      assertSafe(page);
      assert.match(page.csp, /frame-ancestors 'none'$/);
    });
  }

  test("a key does not help a site", async () => {
    const page = await visit(`/embed/site?key=${VIEW}`, { Referer: "https://evil.example/", "Sec-Fetch-Dest": "iframe" });
    assert.equal(page.status, 403);
  });

  test("a wildcard stands for labels, not for the bare domain or a suffix", async () => {
    const { id } = demo.facts.assistants.find(({ accessibility, embed }) => accessibility === "public" && embed?.origins.includes("https://*.acme.example"));
    const status = async (referer) => (await visit(`/embed/${id}`, { Referer: referer, "Sec-Fetch-Dest": "iframe" })).status;
    assert.equal(await status("https://a.acme.example/"), 200);
    assert.equal(await status("https://a.b.acme.example/"), 200);
    assert.equal(await status("https://acme.example/"), 403);
    assert.equal(await status("https://evilacme.example/"), 403);
    assert.equal(await status("https://a.acme.example.evil.example/"), 403);
  });

  test("unknown and private assistants get the same 404", async () => {
    for (const id of ["nothing", "helper"]) {
      const page = await visit(`/embed/${id}`, { Referer: "https://docs.acme.example/", "Sec-Fetch-Dest": "iframe" });
      assert.equal(page.status, 404);
      assertSafe(page);
    }
  });
});

describe("what is in the store is not trusted", () => {
  const facts = (id, name = id) => ({
    id: "acme",
    users: [{ id: "gina", role: "global_admin" }],
    teams: [{ id: "t" }],
    projects: [{ id: "p", team: "t" }],
    assistants: [{ id, name, project: "p", owner: "gina", accessibility: "public", embed: { origins: ["https://docs.acme.example"] } }],
  });
  const sign = (id, { name, document = facts(id, name), ...options } = {}) =>
    issue(document, { key: demo.signingKey, issuer: ISSUER, audience: "wicketgate-gate", version: 1, expiresIn: 600, scope: { gate: [id] }, ...options });
  const embed = (id) => visit(`/embed/${id}`, { Referer: "https://docs.acme.example/", "Sec-Fetch-Dest": "iframe" });
  const now = Math.floor(Date.now() / 1000);

  test("a good one opens (so that the refusals below mean something)", async () => {
    await demo.gateStore.put("gate:made", await sign("made"));
    assert.equal((await embed("made")).status, 200);
  });

  test("names are escaped", async () => {
    await demo.gateStore.put("gate:rude", await sign("rude", { name: `<img src=x onerror="alert('1')">&` }));
    const { status, body } = await embed("rude");
    assert.equal(status, 200);
    assert.ok(!body.includes("<img"));
    assert.match(body, /&lt;img src=x onerror=&quot;alert/);
  });

  for (const [what, token] of [
    ["a changed payload", async () => {
      const [header, payload, signature] = (await sign("bad")).split(".");
      const changed = Buffer.from(payload, "base64url").toString().replace("docs.acme.example", "evil.acme.example");
      return [header, Buffer.from(changed).toString("base64url"), signature].join(".");
    }],
    ["no signature", async () => (await sign("bad")).replace(/[^.]+$/, "")],
    ["another's key", async () => sign("bad", { key: (await generateKeyPair()).privateKey })],
    ["an expired snapshot", () => sign("bad", { issuedAt: now - 7200, expiresIn: 3600 })],
    ["a snapshot of another issuer", () => sign("bad", { issuer: "https://other.example" })],
    ["a snapshot for the console", () => sign("bad", { audience: "wicketgate-console" })],
    ["a snapshot of another organization", () => sign("bad", { document: { ...facts("bad"), id: "other" } })],
    ["nonsense", async () => "nonsense"],
    ["nothing at all", async () => ""],
  ]) {
    test(`503 for ${what}`, async () => {
      await demo.gateStore.put("gate:bad", await token());
      const page = await embed("bad");
      assert.equal(page.status, 503);
      assert.match(page.body, /could not check/);
      assertSafe(page);
      assert.equal((await visit(`/a/bad?key=${VIEW}`)).status, 503);
    });
  }

  test("404 for a good snapshot in another's place", async () => {
    await demo.gateStore.put("gate:place", await sign("elsewhere"));
    assert.equal((await embed("place")).status, 404);
  });

  test("what is no longer public is gone after the next publication", async () => {
    await demo.gateStore.put("gate:stale", await sign("stale"));
    assert.equal((await embed("stale")).status, 200);
    await demo.publish();
    assert.equal((await embed("stale")).status, 404);
    assert.equal((await visit(`/a/site?key=${VIEW}`)).status, 200);
  });
});
