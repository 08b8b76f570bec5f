// The inspector in Chromium: contents and verification of tokens, and that nothing pasted leaves the page.
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { detach, Directory, generateKeyPair, issue } from "wicketgate/authority";
import { ISSUER } from "../edge/demonstration.mjs";
import { passFor } from "../lib/gate.mjs";
import { assertAccessible, assertText, LOOKS, photograph, visit } from "./browser.mjs";
import { demo, open, page, setUp, window } from "./window.mjs";

const now = () => Math.floor(Date.now() / 1000);

/** Signed with the demonstration's key. */
let options;
setUp({
  prepare() {
    options = { key: demo.signingKey, issuer: ISSUER, audience: "wicketgate-console", expiresIn: 600 };
  },
});
beforeEach(() => open());

/** Opens the page, and waits until it has fetched everything it needs. */
async function show() {
  await visit(page, demo.url, "/inspector");
  await page.waitForLoadState("networkidle");
}

const main = () => page.locator("main");
const paste = (text, label = "Token, or payload") => page.getByLabel(label, { exact: true }).fill(text);
const verdict = (title) => page.getByRole("heading", { name: title }).waitFor();
const step = (id) => page.locator(`[data-step="${id}"]`).getAttribute("data-state");
const claim = (name) => page.locator(`[data-claim="${name}"] dd`).innerText();
const workspace = (more = {}) => issue(demo.facts, { ...options, version: 7, scope: "overview", ...more });

/** The directory of a small organization, before and after a change. */
async function delta() {
  const { directory } = await Directory.found({
    id: "acme",
    users: [
      { id: "ana", role: "global_admin" },
      { id: "bob", role: "user" },
    ],
  });
  const issued = { ...options, scope: "workspace" };
  const start = directory.snapshot(issued);
  directory.execute({ user: "ana" }, { type: "create_team", id: "support", name: "Support" });
  const { version } = directory;
  return {
    start,
    delta: directory.delta(version - 1, issued),
    head: directory.headToken(options),
    other: directory.snapshot(issued),
  };
}

async function ask({ as, capability, target }) {
  if (as !== undefined) await page.getByLabel("User", { exact: true }).fill(as);
  await page.getByLabel("May they").selectOption(capability);
  if (target !== undefined) await page.getByLabel("Assistant", { exact: true }).fill(target);
}
const answer = () => page.locator(".answer").innerText();

describe("a snapshot", () => {
  test("verifies, says what it is, and answers, signed in or not", async () => {
    await show();
    await paste(await workspace());
    await verdict("This snapshot verifies");
    assert.deepEqual([await step("signature"), await step("facts"), await step("issuer")], ["passed", "passed", "not_compared"]);
    await assertText(main(), /It expires in (9|10) minutes/);
    assert.match(await claim("scope"), /^workspace the whole organization: it answers for everybody$/);
    assert.equal(await claim("version"), "7");
    assert.match(await claim("typ"), /^wicketgate-snapshot\+jwt$/);
    await assertText(main(), new RegExp(`${demo.facts.users.length} users, .* and ${demo.facts.assistants.length} assistants`));

    await ask({ as: "wes", capability: "assistant.edit", target: "helper" });
    assert.match(await answer(), /Allowed They were made its Editor\. assistant_grant/);
    await ask({ capability: "assistant.delete" });
    assert.match(await answer(), /Denied None of their roles grants it\. not_granted/);
    await ask({ as: "gina", capability: "role.define" });
    assert.match(await answer(), /Allowed They are a global admin/);
    await page.getByLabel("As", { exact: true }).selectOption("visitor");
    await ask({ capability: "assistant.view", target: "site" });
    await page.getByLabel("Origin (optional)").fill("https://docs.acme.example");
    assert.match(await answer(), /Allowed This site may embed it/);
  });

  test("in two parts, as it travels, or as one object", async () => {
    await show();
    const { payload, signature } = await detach(await workspace());
    await paste(payload);
    await paste(signature, "Signature");
    await verdict("This snapshot verifies");
    await paste(JSON.stringify({ payload, signature }));
    await verdict("This snapshot verifies");
    assert.equal(await page.getByLabel("Signature", { exact: true }).count(), 0);
    await paste(payload.replace('"wes"', '"eve"'));
    await paste(signature, "Signature");
    await verdict("This snapshot does not verify");
    assert.equal(await step("signature"), "failed");
  });

  test("of a member answers for that one, and of a gate for visitors", async () => {
    await show();
    await paste(await issue(demo.facts, { ...options, version: 7, scope: { member: "wes" } }));
    await verdict("This snapshot verifies");
    await page.getByText("As wes: this snapshot answers for nobody else.").waitFor();
    await ask({ capability: "assistant.edit", target: "draft" });
    assert.match(await answer(), /Denied There is nothing known about it/);
    await paste(await issue(demo.facts, { ...options, version: 7, scope: { gate: ["site"] } }));
    await verdict("This snapshot verifies");
    const { key } = demo.links.find(({ assistant, level, expired }) => assistant === "site" && level === "view" && !expired);
    await page.getByLabel("Link key (optional)").fill(key);
    await ask({ capability: "assistant.view", target: "site" });
    assert.match(await answer(), /Allowed They have a link to view it/);
  });

  test("is searched, and opened where one looks", async () => {
    await show();
    await paste(await workspace());
    const tree = page.getByRole("region", { name: "Facts" });
    await tree.getByText("users", { exact: true }).click();
    await tree.getByText("abe", { exact: true }).click();
    await tree.getByText("application_admin").first().waitFor();
    await tree.getByLabel("Search the facts").fill("shop adviser");
    await tree.getByText("1 match").waitFor();
    await assertText(tree, /assistants › shop-adviser \(Shop adviser\) › name Shop adviser/);
    await tree.getByLabel("Search the facts").fill("no such thing");
    await tree.getByText("No matches.").waitFor();
  });
});

describe("what does not verify", () => {
  const cases = [
    ["that has expired", async () => workspace({ issuedAt: now() - 7200, expiresIn: 3600 }), "expiry", /It expired 1 hour ago/],
    [
      "whose text was changed",
      async () => (await workspace()).replace(/\.(.{40})./, (_, start) => `.${start}A`),
      "signature",
      /the text was changed/,
    ],
    ["of another key", async () => workspace({ key: (await generateKeyPair()).privateKey }), "key", /somebody else signed it/],
    ["that is no token", async () => "hello", "form", /not made of a header/],
  ];
  for (const [name, token, failing, words] of cases) {
    test(`one ${name}`, async () => {
      await show();
      await paste(await token());
      await page.getByRole("heading", { name: /does not verify/ }).waitFor();
      assert.equal(await step(failing), "failed");
      await assertText(main(), words);
      await assertText(main(), /Not verified/);
      assert.equal(await page.getByRole("heading", { name: "Ask the snapshot" }).count(), 0);
      await assertAccessible(page);
    });
  }

  test("one that has expired can be looked into as of then", async () => {
    await show();
    await paste(await workspace({ issuedAt: now() - 7200, expiresIn: 3600 }));
    await verdict("This snapshot does not verify");
    await page.getByLabel("As of").selectOption("issued");
    await verdict("This snapshot verifies");
    await ask({ as: "wes", capability: "assistant.edit", target: "helper" });
    assert.match(await answer(), /Allowed/);
  });

  test("what has to be said is compared", async () => {
    await show();
    await paste(await workspace());
    await verdict("This snapshot verifies");
    await page.getByText("Expect an issuer, audience or organization").click();
    await page.getByLabel("Audience", { exact: true }).fill("wicketgate-gate");
    await verdict("This snapshot does not verify");
    assert.deepEqual(
      [await step("issuer"), await step("audience"), await step("organization")],
      ["not_compared", "failed", "not_reached"],
    );
    await page.getByLabel("Audience", { exact: true }).fill("wicketgate-console");
    await verdict("This snapshot verifies");
    assert.equal(await step("audience"), "passed");
  });

  test("with keys of one's own", async () => {
    await show();
    const { publicKey, privateKey } = await generateKeyPair();
    await paste(await workspace({ key: privateKey }));
    await verdict("This snapshot does not verify");
    await page.getByLabel("Keys").selectOption("pasted");
    await verdict("Not verified");
    await paste("{", "JWK Set");
    await page.getByText("This is not JSON.").waitFor();
    for (const keys of [{ keys: [publicKey] }, publicKey]) {
      await paste(JSON.stringify(keys), "JWK Set");
      await verdict("This snapshot verifies");
    }
  });
});

describe("other tokens", () => {
  test("a delta: its signature alone, and with its start what it leads to", async () => {
    await show();
    const { delta: token, start, other } = await delta();
    await paste(token);
    await verdict("The signature of this delta is valid");
    assert.equal(await step("facts"), "not_possible");
    await paste(start, "The snapshot that it starts from");
    await verdict("This delta verifies");
    await page
      .getByRole("region", { name: "Facts after the delta" })
      .getByText("Of the organization acme: 2 users and 1 team.")
      .waitFor();
    await paste(other, "The snapshot that it starts from");
    await verdict("This delta does not verify");
    assert.equal(await step("start"), "failed");
    await paste(`${start.slice(0, -8)}AAAAAAAA`, "The snapshot that it starts from");
    await page.getByText(/The snapshot that it starts from does not verify/).waitFor();
    await paste(`${token.slice(0, -8)}AAAAAAAA`);
    await paste("", "The snapshot that it starts from");
    await verdict("This delta does not verify");
    assert.equal(await step("signature"), "failed");
  });

  test("a head", async () => {
    await show();
    await paste((await delta()).head);
    await verdict("This head verifies");
    assert.equal(await claim("version"), "2");
    assert.equal(await page.getByRole("heading", { name: "Ask the snapshot" }).count(), 0);
  });

  test("a pass of the gate", async () => {
    await show();
    const { key } = demo.links.find(({ assistant, level, expired }) => assistant === "site" && level === "view" && !expired);
    const { pass } = await passFor(demo.url, { assistant: "site", key });
    await paste(pass);
    await verdict("This pass verifies");
    assert.match(await claim("obtained"), /view_link/);
    await assertText(main(), /It expires in/);
    await paste(`${pass.slice(0, -8)}AAAAAAAA`);
    await verdict("This pass does not verify");
    assert.equal(await step("signature"), "failed");
  });

  test("of somebody else: what it says, and that it is none", async () => {
    await show();
    const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    await paste(`${part({ alg: "none", typ: "JWT" })}.${part({ sub: "eve" })}.${"A".repeat(86)}`);
    await verdict("This does not verify");
    assert.equal(await step("type"), "failed");
    assert.equal(await claim("sub"), "eve");
  });
});

test("nothing leaves the page, and nothing is kept", async () => {
  await show();
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("websocket", (socket) => requests.push(socket.url()));
  const { payload, signature } = await detach(await workspace());
  await paste(payload);
  await paste(signature, "Signature");
  await verdict("This snapshot verifies");
  await ask({ as: "wes", capability: "assistant.edit", target: "helper" });
  await page.getByLabel("Search the facts").fill("vic");
  const { delta: token, start } = await delta();
  await paste(token);
  await paste(start, "The snapshot that it starts from");
  await verdict("This delta verifies");
  await paste("a.b.c");
  await page.getByRole("heading", { name: "This does not verify" }).waitFor();
  assert.deepEqual(requests, []);
  const kept = await page.evaluate(async () =>
    JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      location.href,
      history.state,
      await indexedDB.databases(),
      await caches.keys(),
    ]),
  );
  for (const secret of ["wes", signature.slice(-20), token.slice(-20)]) assert.ok(!kept.includes(secret), kept);
  await page.getByRole("button", { name: "Clear" }).click();
  assert.equal(await page.getByLabel("Token, or payload").inputValue(), "");
});

test("without the authority's keys it says what to do", async () => {
  await page.route("**/.well-known/*", (route) => route.abort());
  await show();
  await page.getByText("The keys could not be fetched.").waitFor();
  await paste(await workspace());
  await verdict("Not verified");
  assert.equal(await claim("version"), "7");
});

describe("how it looks", () => {
  for (const [name, look] of LOOKS) {
    test(name, async () => {
      await window.close();
      await open(look);
      await show();
      await assertAccessible(page);
      await photograph(page, `${name}-inspector`);
      await paste(await workspace());
      await verdict("This snapshot verifies");
      await ask({ as: "wes", capability: "assistant.edit", target: "helper" });
      await page.getByText("Expect an issuer, audience or organization").click();
      await page.getByRole("region", { name: "Facts" }).getByText("users", { exact: true }).click();
      await assertAccessible(page);
      await page.evaluate(() => scrollTo(0, 0));
      await photograph(page, `${name}-inspector-snapshot`);
      await page.getByRole("heading", { name: "Ask the snapshot" }).scrollIntoViewIfNeeded();
      await photograph(page, `${name}-inspector-question`);
    });
  }
});
