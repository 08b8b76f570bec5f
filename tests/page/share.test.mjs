// The page behind a share link: the chat, where its key never appears, and the messages when the link no longer works.
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { startSites } from "../lib/sites.mjs";
import { until } from "../lib/until.mjs";
import { arrive, assertAccessible, LOOKS, openWindow, photograph } from "./browser.mjs";
import { ASSISTANT, converse, NAME } from "./embedding.mjs";
import { command } from "./requests.mjs";
import { browser, demo, open, page, setUp, window } from "./window.mjs";

const UNKNOWN = `wk_${"x".repeat(43)}`;

let admin;
const logged = [];
setUp({
  revalidateAfter: 0,
  log: (text) => logged.push(text),
  async prepare() {
    admin = await openWindow(browser);
    await arrive(admin.page, demo.url, "gina");
  },
  finish: () => admin?.close(),
});
beforeEach(() => open());

const decide = (what) => command(admin.context, demo.url, { assistant: ASSISTANT, ...what });

/** A new link for one test. */
const makeLink = (level, more) => decide({ type: "create_link", level, ...more });
const refused = () => page.getByRole("heading", { name: "This chat isn’t available" });
/** Opens the link as from another site: a change of only the fragment would not load the page. */
async function follow(key, assistant = ASSISTANT) {
  await page.goto("about:blank");
  await page.goto(`${demo.url}/a/${assistant}${key ? `#${key}` : ""}`);
}

const say = (text) =>
  page
    .getByLabel("Your message")
    .fill(text)
    .then(() => page.keyboard.press("Enter"));

describe("a link", () => {
  test("to view opens a chat and nothing more", async () => {
    const { key } = await makeLink("view");
    await follow(key);
    await page.getByRole("heading", { name: NAME }).waitFor();
    assert.equal(await page.title(), NAME);
    assert.match(await converse(page, "Where is my parcel?"), /You wrote 4 words to Shop adviser/);
    assert.equal(await page.getByText("Edit the greeting").count(), 0);
  });

  test("to edit opens the greeting too, and everybody sees what is saved", async () => {
    const [edit, view] = [await makeLink("edit"), await makeLink("view")];
    await follow(edit.key);
    await page.getByText("Edit the greeting").click();
    await page.getByLabel("The assistant’s greeting").fill("Good morning! <b>Tea?</b>");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    await page.getByRole("log").getByText("Good morning! <b>Tea?</b>").waitFor();
    await follow(view.key);
    await page.getByRole("log").getByText("Good morning! <b>Tea?</b>").waitFor();
    await follow(edit.key);
    await page.getByText("Edit the greeting").click();
    assert.equal(await page.getByLabel("The assistant’s greeting").inputValue(), "Good morning! <b>Tea?</b>");
    await page.getByLabel("The assistant’s greeting").fill("");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("log").getByText("Hello! What can I do for you?").waitFor();
  });

  test("another key in the same address is another visit", async () => {
    const { key } = await makeLink("view");
    await follow(UNKNOWN);
    await refused().waitFor();
    await page.evaluate((key) => {
      location.hash = key;
    }, key);
    await page.getByRole("heading", { name: NAME }).waitFor();
  });

  test("without one it opens for whoever is signed in and may chat, and for nobody else", async () => {
    await follow("");
    await refused().waitFor();
    await admin.page.goto(`${demo.url}/a/${ASSISTANT}`);
    await admin.page.getByRole("heading", { name: NAME }).waitFor();
    assert.match(await converse(admin.page, "hello"), /one word/);
    await admin.page.getByText("Edit the greeting").waitFor();
  });
});

describe("what does not open is told in the same words, whatever the reason", () => {
  test("unknown, expired, revoked, another assistant's, of no assistant, malformed", async () => {
    const revoked = await makeLink("view");
    await decide({ type: "revoke_link", link: revoked.link });
    const { key } = await makeLink("view");
    const expired = demo.links.find((link) => link.expired);
    const seen = [];
    for (const [presented, assistant] of [
      [UNKNOWN],
      [revoked.key],
      [expired.key, expired.assistant],
      [key, "site"],
      [key, "no-such-assistant"],
      [key, "draft"],
      ["wk_short"],
      ["<b>"],
      ["%ff"],
      [key, "%20"],
      [key, "%E0%A4%A"],
    ]) {
      await follow(presented, assistant);
      await refused().waitFor();
      seen.push(await page.content());
    }
    assert.equal(new Set(seen).size, 1);
    await photograph(page, "share-refused");
    await assertAccessible(page);
  });
});

describe("what the gate still believes for some seconds", () => {
  test("opens nothing that looks alive: a link that was revoked, reloaded at once", async () => {
    // The gate still issues a pass, from a copy that is a moment old; the back end asks the authority.
    const { key, link } = await makeLink("view");
    let pass;
    await page.route("**/v1/pass", async (route) => {
      if (pass === undefined) {
        const response = await route.fetch();
        pass = await response.text();
      }
      await route.fulfill({ status: 200, contentType: "application/json", body: pass });
    });
    await follow(key);
    await page.getByLabel("Your message").waitFor();
    await decide({ type: "revoke_link", link });
    await page.addInitScript(() => {
      new MutationObserver(() => {
        if (document.querySelector("#message, [role=log]")) window.sawChat = true;
      }).observe(document, { childList: true, subtree: true });
    });
    await page.reload();
    await refused().waitFor();
    assert.equal(await page.evaluate(() => window.sawChat), undefined);
    assert.equal(await page.getByLabel("Your message").count(), 0);
  });

  test("and where the back end cannot say, another try is offered", async () => {
    const { key } = await makeLink("view");
    await page.route("**/greeting", (route) => route.fulfill({ status: 503, body: "{}" }));
    await follow(key);
    await page.getByRole("heading", { name: "Not available right now" }).waitFor();
    await page.unroute("**/greeting");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: NAME }).waitFor();
  });
});

describe("while chatting", () => {
  const closings = {
    "the link is revoked": ({ link }) => decide({ type: "revoke_link", link }),
    "the assistant is made private": () => decide({ type: "set_accessibility", accessibility: "only_me" }),
  };
  for (const [name, close] of Object.entries(closings)) {
    for (const level of ["view", "edit"]) {
      test(`${name} (${level}): the next message is refused in plain words, the conversation stays to be read`, async () => {
        const link = await makeLink(level);
        await follow(link.key);
        await converse(page, "hello");
        try {
          await close(link);
          await say("still there?");
          await page.getByText("You can no longer use this chat.").waitFor();
          assert.equal(await page.getByLabel("Your message").isVisible(), false);
          assert.equal(await page.getByText("one word").count(), 1);
          await assertAccessible(page);
          if (level === "edit") {
            await page.getByText("Edit the greeting").click();
            await page.getByLabel("The assistant’s greeting").fill("mine");
            await page.getByRole("button", { name: "Save" }).click();
            await page.getByText("You can no longer change this.").waitFor();
          }
          await page.reload();
          await refused().waitFor();
        } finally {
          await decide({ type: "set_accessibility", accessibility: "public" });
        }
      });
    }
  }

  test("revoking one link leaves the others alone", async () => {
    const [one, two] = [await makeLink("view"), await makeLink("view")];
    await follow(two.key);
    await converse(page, "hello");
    await decide({ type: "revoke_link", link: one.link });
    assert.match(await converse(page, "still there?"), /2 words/);
  });

  test("offline, it says so, and the message can be sent again", async () => {
    const { key } = await makeLink("view");
    await follow(key);
    await converse(page, "hello");
    await window.context.setOffline(true);
    await say("are you there?");
    await page.getByText("You are offline.").waitFor();
    await photograph(page, "share-offline");
    await assertAccessible(page);
    await window.context.setOffline(false);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("You wrote 3 words").waitFor();
    assert.equal(await page.getByText("You are offline.").count(), 0);
    assert.equal(await page.getByText("are you there?").count(), 1);
  });

  for (const [status, words] of [
    [429, "Too many messages at once. Please wait a minute."],
    [503, "This message was not sent."],
    [500, "This message was not sent."],
  ]) {
    test(`an answer of ${status} can be tried again`, async () => {
      const { key } = await makeLink("view");
      await follow(key);
      await page.getByRole("heading", { name: NAME }).waitFor();
      await page.route("**/v1/chat/*", (route) => route.fulfill({ status }), { times: 1 });
      await say("hello there");
      await page.getByText(words).waitFor();
      await page.getByRole("button", { name: "Try again" }).press("Enter");
      await page.getByText("You wrote 2 words").waitFor();
    });
  }

  test("a message that cannot be taken comes back to be shortened", async () => {
    const { key } = await makeLink("view");
    await follow(key);
    await page.getByRole("heading", { name: NAME }).waitFor();
    await page.route("**/v1/chat/*", (route) => route.fulfill({ status: 413 }), { times: 1 });
    await say("a very long story");
    await page.getByText("Try a shorter one.").waitFor();
    assert.equal(await page.getByLabel("Your message").inputValue(), "a very long story");
    await page.keyboard.press("Enter");
    await page.getByText("You wrote 4 words").waitFor();
  });

  test("one message at a time, and an empty one not at all", async () => {
    const { key } = await makeLink("view");
    await follow(key);
    await page.getByRole("heading", { name: NAME }).waitFor();
    const sent = [];
    let answer;
    await page.route("**/v1/chat/*", async (route) => {
      sent.push(route.request().postDataJSON().message);
      await new Promise((resolve) => {
        answer = resolve;
      });
      await route.continue();
    });
    await say("   ");
    await say("first");
    await page.getByText(`${NAME} is answering…`).waitFor();
    await until(() => answer, "the first message to be on its way");
    await say("second");
    assert.equal(await page.getByLabel("Your message").inputValue(), "second", "it stays where it was written");
    answer();
    await page.getByText("one word").waitFor();
    assert.deepEqual(sent, ["first"]);
  });
});

describe("before it opens", () => {
  for (const [status, title] of [
    [429, "One moment, please"],
    [503, "Not available right now"],
  ]) {
    test(`${status}: it says so, and can be tried again`, async () => {
      const { key } = await makeLink("view");
      await page.route("**/v1/pass", (route) => route.fulfill({ status }), { times: 2 });
      await follow(key);
      await page.getByRole("heading", { name: title }).waitFor();
      await photograph(page, `share-${status}`);
      await assertAccessible(page);
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByRole("heading", { name: NAME }).waitFor();
    });
  }
});

describe("passes", () => {
  const passes = () => {
    const asked = [];
    page.on("request", (request) => request.url().endsWith("/v1/pass") && asked.push(request));
    return asked;
  };

  test("one is had anew before it ends, and not for every message", async () => {
    const { key } = await makeLink("view");
    await page.clock.install();
    const asked = passes();
    await follow(key);
    await converse(page, "one");
    await converse(page, "two");
    assert.equal(asked.length, 1);
    await page.clock.fastForward(290_000);
    await converse(page, "three");
    assert.equal(asked.length, 2);
    await converse(page, "four");
    assert.equal(asked.length, 2);
  });

  test("one that is not taken is replaced once, without a word", async () => {
    const { key } = await makeLink("view");
    const asked = passes();
    await follow(key);
    await converse(page, "one");
    let turned = 0;
    await page.route("**/v1/chat/*", (route) => ((turned += 1), route.fulfill({ status: 401 })), { times: 1 });
    assert.match(await converse(page, "two"), /one word/);
    assert.deepEqual([turned, asked.length], [1, 2]);
    await page.route("**/v1/chat/*", (route) => ((turned += 1), route.fulfill({ status: 401 })));
    await say("three");
    await page.getByText("You can no longer use this chat.").waitFor();
    assert.deepEqual([turned, asked.length], [3, 3], "not again and again");
  });
});

describe("the key", () => {
  test("is in no address, header, cookie, storage, console or log; another site does not learn it", async () => {
    const sites = await startSites();
    try {
      const { key } = await makeLink("edit");
      const requests = [];
      const said = [];
      window.context.on("request", (request) => requests.push(request));
      window.context.on("console", (message) => said.push(message.text()));
      await follow(key);
      await converse(page, "hello");
      await page.reload();
      await converse(page, "hello");
      // As a person who follows a link in the page.
      const away = sites.page("<p>elsewhere</p>");
      await page.evaluate((href) => {
        document.body.append(Object.assign(document.createElement("a"), { href, textContent: "elsewhere" }));
      }, away);
      await page.getByText("elsewhere").click();
      await page.waitForURL(away);

      const holding = [];
      for (const request of requests) {
        const head = request.url() + JSON.stringify(await request.allHeaders());
        if (head.replace(/^[^#]*#\S*/, "").includes(key) || request.url().split("#")[0].includes(key)) holding.push(request.url());
        if (request.postData()?.includes(key)) assert.equal(new URL(request.url()).pathname, "/v1/pass");
      }
      assert.deepEqual(holding, []);
      assert.ok(
        requests.some((request) => request.postData()?.includes(key)),
        "so that the search above finds what there is",
      );
      assert.equal(sites.requests.length > 0, true);
      assert.ok(sites.requests.every(({ url, headers }) => !headers.referer && !JSON.stringify([url, headers]).includes(key)));
      assert.ok(!said.join("\n").includes(key) && !logged.join("").includes(key));
      assert.deepEqual(await window.context.storageState(), { cookies: [], origins: [] });
      await page.goBack();
      const kept = await page.evaluate(async () => [
        { ...localStorage },
        { ...sessionStorage },
        document.cookie,
        (await indexedDB.databases()).length,
      ]);
      assert.deepEqual(kept, [{}, {}, "", 0]);
    } finally {
      await sites.stop();
    }
  });

  test("nobody may put the page into a frame", async () => {
    await window.close();
    await open({ expects: /frame-ancestors/ });
    const sites = await startSites();
    try {
      const { key } = await makeLink("view");
      await page.goto(sites.page(`<iframe src="${demo.url}/a/${ASSISTANT}#${key}"></iframe>`));
      await until(() => page.frames().some((frame) => frame.url().startsWith("chrome-error:")), "the frame to be blocked");
    } finally {
      await sites.stop();
    }
  });
});

describe("looks", () => {
  for (const [name, options] of LOOKS) {
    test(name, async () => {
      await window.close();
      await open(options);
      const [edit, view] = [await makeLink("edit"), await makeLink("view")];
      await follow(view.key);
      await converse(page, "Which tea goes with breakfast, and how long should it draw?");
      await photograph(page, `share-${name}`);
      await assertAccessible(page);
      await follow(edit.key);
      await page.getByText("Edit the greeting").click();
      await converse(page, "hello");
      await photograph(page, `share-${name}-edit`);
      await assertAccessible(page);
    });
  }
});
