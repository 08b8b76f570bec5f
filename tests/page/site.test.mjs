// The documentation site in Chromium, in a subfolder of a plain file server: its pages, its search, and the playground.
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root, serve } from "../lib/consumer.mjs";
import { assertAccessible, assertCount, assertText, launchBrowser, LOOKS, openWindow, photograph } from "./browser.mjs";

const site = join(root, "target/site");
const pages = () =>
  readdirSync(join(site, "dist"), { recursive: true }).filter((path) => path.endsWith(".html") && path !== "404.html");

let browser, server, url;
before(async () => {
  assert.ok(existsSync(join(site, "dist/index.html")), "run `make site` first");
  [browser, server] = await Promise.all([
    launchBrowser(),
    serve(site, { ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2" }),
  ]);
  url = `${server.url}dist/`;
});
after(async () => {
  await browser?.close();
  await server?.close();
  assert.deepEqual(server?.missing, [], "nothing was asked for that is not there");
});

/** Asks a question in the playground, by the labels of its fields. */
async function ask(page, { user, capability, target }) {
  await page.getByLabel("Who").fill(user);
  await page.getByLabel("May do").selectOption(capability);
  await page.getByLabel(/^To which/).fill(target);
}
const answer = (page) => page.locator(".playground .answer");
const arrive = async (page, path) => {
  await page.goto(url + path);
  await page.locator("h1").first().waitFor();
};
const ready = (page) => page.locator(".playground[data-ready=true]").waitFor();
/** A window with the playground, once it answers. */
async function playground(options) {
  const window = await openWindow(browser, options);
  await arrive(window.page, "playground.html");
  await ready(window.page);
  return window;
}

describe("the pages", () => {
  for (const [look, options] of LOOKS) {
    test(`can be read by everybody: ${look}`, async () => {
      const window = await openWindow(browser, options);
      for (const path of [
        "index.html",
        "start.html",
        "guides/node.html",
        "concepts/relations.html",
        "errors/bad_signature.html",
        "rules.html",
        "playground.html",
      ]) {
        await arrive(window.page, path);
        if (path.startsWith("playground")) await ready(window.page);
        await assertAccessible(window.page);
        await photograph(window.page, `site-${look}-${path.replaceAll(/[/.]/g, "-")}`);
      }
      await window.close();
    });
  }

  test("lead to one another, wherever the site stands, and nothing is asked of anybody else", async () => {
    const window = await openWindow(browser);
    const elsewhere = [];
    window.context.on("request", (request) => request.url().startsWith(url) || elsewhere.push(request.url()));
    await arrive(window.page, "concepts/trust.html");
    await window.page.getByRole("link", { name: "the gate", exact: true }).click();
    await window.page.getByRole("heading", { level: 1, name: "The gate and its passes" }).waitFor();
    assert.equal(window.page.url(), `${url}concepts/gate.html`);
    // The links around the page were loaded with the first page.
    await window.page.locator(".VPSidebar").getByRole("link", { name: "The rules" }).click();
    await window.page.getByRole("heading", { level: 1, name: "The rules" }).waitFor();
    assert.equal(window.page.url(), `${url}rules.html`);
    await window.page.locator(".VPNav").getByRole("link", { name: "Playground" }).click();
    await ready(window.page);
    assert.deepEqual(elsewhere, []);
    await window.close();
  });

  test("are found by searching", async () => {
    const window = await openWindow(browser);
    await arrive(window.page, "start.html");
    await window.page.getByRole("button", { name: "Search" }).click();
    await window.page.locator("#localsearch-input").fill("rolled_back");
    await window.page.getByRole("option").filter({ hasText: "rolled_back" }).first().click();
    await window.page.getByRole("heading", { level: 1, name: "rolled_back" }).waitFor();
    await window.close();
  });

  test("are there for each guide, each error and the interface", () => {
    for (const path of [
      "guides/next.html",
      "errors/expired.html",
      "errors/unknown_user.html",
      "reference/index.html",
      "package.html",
      "security.html",
      "changelog.html",
    ]) {
      assert.ok(pages().includes(path), path);
    }
  });
});

describe("the playground", () => {
  test("answers with the reasons, and shows what each reader gets", async () => {
    const window = await playground();
    const { page } = window;
    await assertText(answer(page), /^Allowed\s+They were made its Editor\.\s+assistant_grant with the role editor/);
    await ask(page, { user: "wes", capability: "assistant.edit", target: "draft" });
    await assertText(answer(page), /^Denied\s+It is open to its owner alone\.\s+Reason: only_me/);
    // It does not exist for his page: his snapshot contains only what concerns him, and no Only Me assistant of another person.
    await page.getByText("the page of wes (member snapshot): unknown_target").click();
    const document = JSON.parse(await page.getByLabel("Document of the page of wes (member snapshot)").innerText());
    assert.deepEqual(
      document.assistants.map(({ id }) => id),
      ["helper", "site"],
    );
    assert.doesNotMatch(JSON.stringify(document), /"draft"|"digest"/);
    await window.close();
  });

  test("asks a case of the rules, with its link and at its time", async () => {
    const window = await playground();
    const { page } = window;
    for (const [rule, words] of [
      ["edit link: edit", /^Allowed\s+They have a link to edit it\.\s+edit_link$/],
      ["an expired link opens nothing", /^Denied\s+[\s\S]+Reason: link_expired$/],
      ["embedded on an allowed site: chat", /^Allowed\s+This site may embed it\.\s+embed$/],
      ["embedded elsewhere: nothing", /^Denied\s+[\s\S]+Reason: origin_not_allowed$/],
      ["global admin has the whole admin panel", /^Allowed\s+They are a global admin\.\s+global_admin$/],
    ]) {
      await page.getByLabel("A case of the rules").selectOption({ label: rule });
      await assertText(answer(page), words);
    }
    await window.close();
  });

  test("gives a link that carries all of it, and sends nothing", async () => {
    const window = await playground({ permissions: ["clipboard-read", "clipboard-write"] });
    const { page } = window;
    const facts = JSON.parse(await page.getByLabel("The organization, as JSON").inputValue());
    facts.users.push({ id: "zofie-novakova-2f8e", role: "user" });
    facts.assistants[0].grants.push({ user: "zofie-novakova-2f8e", role: "editor" });
    facts.assistants[0].accessibility = "public";
    facts.assistants[0].name = "Pomocník pro žáky";
    await page.getByLabel("The organization, as JSON").fill(JSON.stringify(facts));
    await ask(page, { user: "zofie-novakova-2f8e", capability: "assistant.edit", target: "draft" });
    await assertText(answer(page), /^Allowed\s+They were made its Editor\.\s+assistant_grant with the role editor/);
    await page.getByRole("button", { name: "Copy a link" }).click();
    await page.getByText("Copied.").waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(link.startsWith(`${url}playground.html#1.`), link);
    const other = await openWindow(browser);
    const requests = [];
    other.context.on("request", (request) => requests.push(`${request.url()} ${request.postData() ?? ""}`));
    await other.page.goto(link);
    await ready(other.page);
    await assertText(answer(other.page), /^Allowed\s+They were made its Editor\.\s+assistant_grant with the role editor/);
    assert.equal(await other.page.getByLabel("Who").inputValue(), "zofie-novakova-2f8e");
    assert.match(await other.page.getByLabel("The organization, as JSON").inputValue(), /Pomocník pro žáky/);
    assert.ok(requests.every((request) => !request.includes("zofie") && !request.includes(link.split("#")[1])));
    await other.close();
    await window.close();
  });

  test("says what is wrong with the facts, and where", async () => {
    const window = await playground();
    const { page } = window;
    const facts = page.getByLabel("The organization, as JSON");
    await facts.fill((await facts.inputValue()).replace('"support"', '"supportt"'));
    await assertText(page.getByRole("alert"), /^invalid_facts at \w+\[\d+\]\.\w+: /);
    assert.equal(await facts.getAttribute("aria-invalid"), "true");
    await facts.fill("{");
    await assertText(page.getByRole("alert"), /^(invalid_facts|malformed)/);
    await assertAccessible(page);
    await page.getByRole("alert").getByRole("link").click();
    await page.getByRole("heading", { level: 1, name: /invalid_facts|malformed/ }).waitFor();
    await window.close();
  });

  test("takes the demonstration organization, by the keyboard alone", async () => {
    const window = await playground();
    const { page } = window;
    await page.getByLabel("Start from").focus();
    await page.keyboard.press("ArrowDown");
    await page.getByLabel("Who").focus();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("greta");
    await page.getByLabel(/^To which/).focus();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("shop-adviser");
    await assertText(answer(page), /^Allowed\s+They are a global admin\.\s+global_admin/);
    await assertCount(page.getByText("the gate, for shop-adviser (gate snapshot): origin_not_allowed"), 0);
    await assertCount(page.getByText(/^the gate, for shop-adviser \(gate snapshot\): not_granted/), 1);
    await window.close();
  });
});
