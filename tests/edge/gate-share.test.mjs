// Share links: one page for all of them, and keys that nothing but the decision sees.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { askPass, assertPrivate, assertRefused, chatWith, greeting, link, passFor, whole } from "../lib/gate.mjs";
import { until } from "../lib/until.mjs";
import { enter, startDemonstration } from "./demonstration.mjs";

const VIEW = `wk_${"v".repeat(43)}`;
const EDIT = `wk_${"e".repeat(43)}`;
const EXPIRED = `wk_${"s".repeat(43)}`;

let demo;
const logged = [];
before(async () => {
  demo = await startDemonstration({ revalidateAfter: 1, log: (text) => logged.push(text) });
});
after(() => demo?.stop());

const digest = (key) => createHash("sha256").update(key).digest("base64url");

describe("the page", () => {
  test("is equal at every address, with or without an assistant", async () => {
    const paths = ["site", "helper", "nothing", "a%20b", "%3Cscript%3E", "%FF", "x".repeat(500), `site?key=${VIEW}`, "site?"];
    const pages = await Promise.all(paths.map(async (path) => whole(await fetch(`${demo.url}/a/${path}`))));
    for (const [index, page] of pages.entries()) assert.deepEqual(page, pages[0], paths[index]);
    assert.equal(pages[0].status, 200);
  });

  test("may not be framed, connects to no other host, and sends no referrer", async () => {
    const response = await fetch(`${demo.url}/a/site`);
    assertPrivate(response);
    assert.equal(
      response.headers.get("Content-Security-Policy"),
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    assert.equal(response.headers.get("Cross-Origin-Opener-Policy"), "same-origin");
    assert.equal(response.headers.get("X-Robots-Tag"), "noindex");
    assert.equal(response.headers.get("Set-Cookie"), null);
  });

  test("does not accept a key in its address", async () => {
    for (const query of [`?key=${VIEW}`, `?${VIEW}`])
      await assertRefused(await askPass(demo.url, { assistant: `site${query}`, key: "" }), 404, "refused");
    const response = await fetch(`${demo.url}/v1/pass?key=${VIEW}&assistant=site`, {
      method: "POST",
      headers: { Origin: demo.url, "Content-Type": "application/json" },
      body: "{}",
    });
    await assertRefused(response, 400, "bad_request");
  });
});

test("a revoked link does not affect its siblings", async () => {
  const gina = await enter(demo, "gina");
  await gina.does({ type: "create_assistant", id: "siblings", project: "faq", name: "Siblings", accessibility: "public" });
  const make = async (level) => (await gina.does({ type: "create_link", assistant: "siblings", level })).result;
  const [one, two, edit] = [await make("view"), await make("view"), await make("edit")];
  const ask = ({ key }) => askPass(demo.url, { assistant: "siblings", key });
  await until(async () => (await ask(one)).status === 200, "the first link opens");
  const passes = await Promise.all(
    [one, two, edit].map(async ({ key }) => (await passFor(demo.url, { assistant: "siblings", key })).pass),
  );

  await gina.does({ type: "revoke_link", assistant: "siblings", link: one.link });
  // At once for the chat: the next message is not answered.
  assert.equal((await chatWith(demo.url, "siblings", passes[0])).status, 401);
  assert.equal((await chatWith(demo.url, "siblings", passes[1])).status, 200);
  assert.equal((await greeting(demo.url, "siblings", passes[2], "Hello")).status, 200);
  await until(async () => (await ask(one)).status === 404, "the link opens nothing more");
  assert.equal((await ask(two)).status, 200);
  assert.equal((await ask(edit)).status, 200);

  await gina.does({ type: "revoke_link", assistant: "siblings", link: edit.link });
  await assertRefused(await ask(edit), 404, "refused");
  assert.equal((await greeting(demo.url, "siblings", passes[2], "Hello")).status, 401);
  assert.equal((await ask(two)).status, 200);
});

test("no key, digest or pass is in a log, an answer, a header or the store", async () => {
  const answers = [];
  const record = async (response) => {
    answers.push(JSON.stringify(await whole(response.clone())));
    return response;
  };
  const keys = [VIEW, EDIT, EXPIRED, link("l1").key];
  const passes = [];
  for (const key of keys) {
    for (const assistant of ["site", "helper", "nothing", "a b"]) {
      const response = await askPass(demo.url, { assistant, key });
      if (response.status === 200) passes.push((await response.json()).pass);
      else await record(response);
    }
    await record(await askPass(demo.url, { assistant: "site", embedder: key }));
    await record(await askPass(demo.url, { assistant: key, key }));
    await record(await askPass(demo.url, { assistant: "site", key, [key]: key }));
    await record(await askPass(demo.url, `{"assistant":"site","key":"${key}`));
    await record(await askPass(demo.url, { assistant: "site", key }, { headers: { Origin: "https://evil.example" } }));
    await record(await askPass(demo.url, { assistant: "site", key }, { headers: { "Content-Type": "text/plain" } }));
    await record(await fetch(`${demo.url}/a/site?key=${key}`));
    await record(await fetch(`${demo.url}/embed/site?key=${key}`, { headers: { Referer: `https://docs.acme.example/${key}` } }));
    await record(await fetch(`${demo.url}/embed/${key}`));
    await record(await chatWith(demo.url, "site", key, key));
    await record(await fetch(`${demo.url}/v1/${key}`));
  }
  assert.equal(passes.length, 2);
  for (const pass of passes) {
    await record(await chatWith(demo.url, "site", pass));
    await record(await chatWith(demo.url, "everything", pass));
    await record(await chatWith(demo.url, "site", `${pass}x`));
    await record(await greeting(demo.url, "site", pass));
    await record(await fetch(`${demo.url}/embed/site`, { headers: { Authorization: `Bearer ${pass}` } }));
  }
  // An error, so that something is logged.
  await demo.gateStore.put("gate:acme:broken", "nonsense");
  await record(await askPass(demo.url, { assistant: "broken", key: VIEW }));
  await until(() => logged.join("").includes("gate: "), "the failure is logged");

  const disk = readdirSync(join(demo.dir, "kv"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), "latin1"))
    .join("\n");
  await demo.gateStore.delete("gate:acme:broken");
  assert.ok(answers.join("").includes("refused"), "the answers are recorded");
  assert.ok(disk.includes("gate:acme:site"), "the store is found");
  for (const [where, text, secrets] of [
    ["the log", logged.join(""), [...keys, ...keys.map(digest), ...passes, ...passes.map((pass) => pass.split(".")[1])]],
    ["an answer", answers.join("\n"), [...keys, ...keys.map(digest), ...passes, ...passes.map((pass) => pass.split(".")[1])]],
    ["the store", disk, [...keys, ...passes]],
  ]) {
    for (const [index, secret] of secrets.entries()) assert.ok(!text.includes(secret), `${where} holds a secret: number ${index}`);
  }
});
