// The widget on an allowed site: from the script element to an answer, with pointer, keyboard, and strict policies.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { until } from "../lib/until.mjs";
import { assertAccessible, assertAttribute, LOOKS, photograph } from "./browser.mjs";
import { ASSISTANT, BLOCKED, button, chat, converse, NAME, origin, startEmbedding } from "./embedding.mjs";

const POLICY = (gate) =>
  `default-src 'none'; script-src 'nonce-n0nce'; img-src data:; frame-src ${gate}; base-uri 'none'; form-action 'none'; ` +
  "require-trusted-types-for 'script'; trusted-types 'none'";

let world;
let window;
let page;
before(async () => {
  world = await startEmbedding();
  await world.allow(world.demo.customer.url, origin(world.sites.page("")), `https://shop.example:${world.sites.securePort}`);
});
after(() => world?.stop());
beforeEach(() => open());
afterEach(() => window.close());

async function open(options) {
  window = await world.open(options);
  ({ page } = window);
}

const visit = (body, options) => page.goto(world.sites.page(body, options));
const expanded = () => button(page).getAttribute("aria-expanded");
const input = () => chat(page).getByLabel("Your message");
/** The focused element, also inside shadow trees, but not inside frames. */
const focused = () =>
  page.evaluate(() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at?.className || at?.localName;
  });

test("on the customer's site: the button, the frame, a pass, a conversation", async () => {
  await page.goto(world.demo.customer.url);
  await button(page).waitFor();
  assert.equal(await page.locator("iframe").count(), 0, "nothing is loaded before somebody wants it");
  await page.getByRole("button", { name: "Ask us" }).click();
  await chat(page).getByRole("heading", { name: NAME }).waitFor();
  assert.match(await converse(chat(page), "Do you deliver to Ghent?"), /You wrote 5 words to Shop adviser/);
  assert.equal(window.passes.length, 1);
  assert.deepEqual(window.passes[0].postDataJSON(), { assistant: ASSISTANT, embedder: world.demo.customer.url });
});

test("on an https site too, and where another good site is around it", async () => {
  const inner = world.sites.page(world.widget(), { host: "shop.example" });
  await page.goto(inner);
  await button(page).click();
  assert.match(await converse(chat(page), "hello"), /one word/);
  await visit(`<iframe src="${inner}" width="600" height="700"></iframe>`);
  const nested = page.frameLocator("iframe").first();
  await nested.locator("wicketgate-widget .launch").click();
  assert.match(await converse(nested.frameLocator("wicketgate-widget iframe"), "hello"), /one word/);
});

test("closing: by its own button, by the frame's, by Escape on either side; the conversation stays", async () => {
  await visit(world.widget());
  await button(page).click();
  await converse(chat(page), "hello");
  assert.equal(await expanded(), "true");
  const ways = [
    () => button(page).click(),
    () => chat(page).getByRole("button", { name: "Close the chat" }).click(),
    () => input().press("Escape"),
    () => button(page).press("Escape"),
  ];
  for (const way of ways) {
    await way();
    await page.locator("wicketgate-widget .panel").waitFor({ state: "hidden" });
    assert.equal(await expanded(), "false");
    assert.equal(await focused(), "launch");
    await button(page).click();
    assert.equal(await expanded(), "true");
    await chat(page).locator("textarea:focus").waitFor();
    assert.equal(await chat(page).getByText("one word").count(), 1);
  }
  assert.equal(window.passes.length, 1);
});

test("the keyboard is enough", async () => {
  await visit(`<a href="#x">before</a>${world.widget()}`);
  await button(page).waitFor();
  await page.getByText("before").focus();
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "launch");
  await page.keyboard.press("Enter");
  await chat(page).locator("textarea:focus").waitFor();
  await page.keyboard.type("two words");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("and three more");
  await page.keyboard.press("Enter");
  await chat(page).getByText("You wrote 5 words").waitFor();
  assert.equal(await input().inputValue(), "");
  await page.keyboard.press("Escape");
  await page.locator("wicketgate-widget .panel").waitFor({ state: "hidden" });
  assert.equal(await focused(), "launch");
});

test("the keyboard is not taken from somebody who goes on in the page", async () => {
  let release;
  await page.route("**/v1/pass", async (route) => {
    await new Promise((resolve) => {
      release = resolve;
    });
    await route.continue();
  });
  await visit(`<label>Name <input></label>${world.widget()}`);
  await button(page).click();
  await until(() => release, "the frame to ask for a pass");
  await page.getByLabel("Name").focus();
  release();
  await chat(page).getByRole("heading", { name: NAME }).waitFor();
  await page.locator("wicketgate-widget .ready").waitFor();
  await page.keyboard.type("Ada");
  assert.equal(await page.getByLabel("Name").inputValue(), "Ada");
  await input().press("Escape");
  await page.locator("wicketgate-widget .panel").waitFor({ state: "hidden" });
  assert.equal(await focused(), "launch");
});

test("nor for another try; whoever waits in the chat has it there", async () => {
  let release;
  await page.route("**/v1/pass", async (route) => {
    await new Promise((resolve) => {
      release = resolve;
    });
    await route.fulfill({ status: 503, body: "{}" });
  });
  await visit(`<label>Name <input></label>${world.widget()}`);
  const again = chat(page).getByRole("button", { name: "Try again" });
  await button(page).click();
  await until(() => release, "the frame to ask for a pass");
  await page.getByLabel("Name").focus();
  release();
  await again.waitFor();
  await page.keyboard.type("Ada");
  assert.equal(await page.getByLabel("Name").inputValue(), "Ada");

  release = undefined;
  await again.click();
  await until(() => release, "the frame to ask again");
  release();
  await chat(page).locator("button:not(:disabled):focus", { hasText: "Try again" }).waitFor();
  await page.unroute("**/v1/pass");
  await page.keyboard.press("Enter");
  await chat(page).locator("textarea:focus").waitFor();
});

test("what is announced: the button's state, the panel's name, the conversation", async () => {
  await visit(world.widget(`data-label="Ask us"`));
  await button(page).click();
  await chat(page).getByRole("log", { name: "Conversation" }).waitFor();
  await page.getByRole("dialog", { name: "Ask us" }).waitFor();
  assert.equal(await button(page).getAttribute("aria-controls"), await page.getByRole("dialog").getAttribute("id"));
  await assertAttribute(page.locator("iframe"), "title", "Ask us");
});

describe("on any page", () => {
  for (const how of ["async", "defer", ""]) {
    for (const where of ["head", "body"]) {
      test(`in the ${where}, ${how || "blocking"}`, async () => {
        const script = `<script src="${world.demo.url}/widget.js" data-assistant="${ASSISTANT}" ${how}></script>`;
        await (where === "head" ? visit("<h1>Late</h1>", { head: script }) : visit(`${script}<h1>Late</h1>`));
        await button(page).click();
        await chat(page).getByRole("heading", { name: NAME }).waitFor();
      });
    }
  }

  test("put in by a script, once however often", async () => {
    await visit("");
    const insert = () =>
      page.evaluate(
        ({ src, assistant }) =>
          new Promise((resolve) => {
            const script = Object.assign(document.createElement("script"), { src, onload: resolve });
            script.dataset.assistant = assistant;
            document.head.append(script);
          }),
        { src: `${world.demo.url}/widget.js`, assistant: ASSISTANT },
      );
    await insert();
    await insert();
    assert.equal(await page.locator("wicketgate-widget").count(), 1);
  });

  test("with a policy that allows the script's nonce and the gate's frames, and trusted types enforced", async () => {
    await window.close();
    await open({ expects: /TrustedHTML/ });
    const violations = [];
    await page.exposeFunction("violated", (what) => violations.push(what));
    await page.addInitScript(() =>
      addEventListener("securitypolicyviolation", ({ violatedDirective }) => globalThis.violated(violatedDirective)),
    );
    await visit(`<h1>Strict</h1>${world.widget(`nonce="n0nce"`)}`, {
      headers: { "Content-Security-Policy": POLICY(world.demo.url) },
    });
    await button(page).click();
    assert.match(await converse(chat(page), "hello"), /one word/);
    // This failure is detected: otherwise its absence would prove nothing.
    assert.equal(
      await page.evaluate(() => {
        try {
          document.body.innerHTML = "x";
        } catch {
          return "refused";
        }
      }),
      "refused",
    );
    await until(() => violations.length > 0, "the violation to be told");
    assert.deepEqual(violations, ["require-trusted-types-for"]);
  });

  test("styles of the page do not reach it, and it leaves nothing behind in the page", async () => {
    const names = () => page.evaluate(() => Object.getOwnPropertyNames(globalThis));
    await visit("");
    const without = await names();
    const rude =
      "* { display: none !important; all: unset } button { color: red !important } wicketgate-widget { position: static }";
    await visit(`<style>${rude}</style>${world.widget()}`);
    await page.waitForFunction(() => document.querySelector("wicketgate-widget"));
    assert.deepEqual(
      (await names()).filter((name) => !without.includes(name)),
      [],
    );
    const looks = await button(page).evaluate((element) => ({
      color: getComputedStyle(element).color,
      display: getComputedStyle(element).display,
    }));
    assert.deepEqual(looks, { color: "rgb(255, 255, 255)", display: "flex" });
    assert.equal(await page.locator("wicketgate-widget").evaluate((element) => getComputedStyle(element).position), "fixed");
  });

  test("nothing on the page moves", async () => {
    await page.addInitScript(() => {
      globalThis.shifts = [];
      new PerformanceObserver((list) => globalThis.shifts.push(...list.getEntries())).observe({
        type: "layout-shift",
        buffered: true,
      });
    });
    await visit(`<main><p>text</p><p style="height: 3000px">more</p></main>${world.widget()}`);
    const place = () =>
      page.evaluate(() =>
        JSON.stringify([
          document.querySelector("main").getBoundingClientRect(),
          document.documentElement.scrollHeight,
          scrollX,
          scrollY,
        ]),
      );
    await page.evaluate(() => scrollTo(0, 500));
    await button(page).waitFor();
    const before = await place();
    await button(page).click();
    await chat(page).getByRole("heading", { name: NAME }).waitFor();
    assert.equal(await place(), before);
    assert.deepEqual(await page.evaluate(() => globalThis.shifts), []);
  });
});

describe("a site that replaces its page", () => {
  const hosts = () => page.locator("wicketgate-widget").count();
  const NEW = "<h1>The next page</h1>";
  /** The ways in which libraries replace the content of a page without a reload. */
  const OF_THE_BODY = {
    "its body, by another": (html) => {
      const body = document.createElement("body");
      body.innerHTML = html;
      document.body.replaceWith(body);
    },
    "its body, by one of a document that was fetched": (html) => {
      document.body = document.adoptNode(new DOMParser().parseFromString(html, "text/html").body);
    },
    "its body's markup": (html) => {
      document.body.innerHTML = html;
    },
    "its body's children, one by one": (html) => {
      while (document.body.firstChild) document.body.firstChild.remove();
      document.body.append(document.createRange().createContextualFragment(html));
    },
    "its body, in a view transition": (html) =>
      document.startViewTransition(() => {
        const body = document.createElement("body");
        body.innerHTML = html;
        document.body.replaceWith(body);
      }).finished,
  };
  const OF_THE_DOCUMENT = {
    "its whole markup": (html) => {
      document.documentElement.innerHTML = `<head><title>Next</title></head><body>${html}</body>`;
    },
    "its root element": (html) => {
      document.documentElement.replaceWith(new DOMParser().parseFromString(html, "text/html").documentElement);
    },
    "its document, by writing another": (html) => {
      document.open();
      document.write(`<!doctype html><title>Next</title><body>${html}`);
      document.close();
    },
    "its markup by what it was, the widget's element too": (html) => {
      document.documentElement.innerHTML = document.documentElement.outerHTML.replace("</body>", `${html}</body>`);
    },
  };

  for (const [what, replace] of Object.entries(OF_THE_BODY)) {
    test(`${what}: the open chat goes on`, async () => {
      await visit(`<h1>First</h1>${world.widget()}`);
      await button(page).click();
      await converse(chat(page), "hello");
      for (let time = 0; time < 3; time += 1) {
        await page.evaluate(replace, NEW);
        await page.getByRole("heading", { name: "The next page" }).waitFor();
        assert.equal(await hosts(), 1);
        assert.equal(await expanded(), "true");
      }
      assert.equal(await chat(page).getByText("one word").count(), 1);
      assert.match(await converse(chat(page), "still here"), /2 words/);
      assert.equal(window.passes.length, 1);
    });
  }

  for (const [what, replace] of Object.entries(OF_THE_DOCUMENT)) {
    test(`${what}: the widget is back, once, and its chat opens again`, async () => {
      await visit(`<h1>First</h1>${world.widget()}`);
      await button(page).click();
      await converse(chat(page), "hello");
      for (let time = 0; time < 3; time += 1) {
        await page.evaluate(replace, NEW);
        await page.getByRole("heading", { name: "The next page" }).first().waitFor();
        await button(page).waitFor();
        assert.equal(await hosts(), 1);
        assert.equal(await expanded(), "true");
      }
      assert.match(await converse(chat(page), "again please"), /2 words/);
      await button(page).click();
      await page.locator("wicketgate-widget .panel").waitFor({ state: "hidden" });
    });
  }

  test("and runs the script again: there is one widget", async () => {
    await visit(world.widget());
    await button(page).waitFor();
    for (const replace of [OF_THE_BODY["its body, by another"], OF_THE_DOCUMENT["its root element"]]) {
      await page.evaluate(replace, NEW);
      await page.evaluate(
        (src) =>
          new Promise((resolve) => {
            const script = Object.assign(document.createElement("script"), { src, onload: resolve });
            script.dataset.assistant = "shop-adviser";
            document.body.append(script);
          }),
        `${world.demo.url}/widget.js`,
      );
      await button(page).waitFor();
      assert.equal(await hosts(), 1);
    }
  });

  test("one that takes the widget out has its way, and one that goes on replacing everything hangs nothing", async () => {
    await visit(world.widget());
    await button(page).waitFor();
    await page.evaluate(() => document.querySelector("wicketgate-widget").remove());
    await page.evaluate(OF_THE_BODY["its body's markup"], NEW);
    await page.getByRole("heading", { name: "The next page" }).waitFor();
    assert.equal(await hosts(), 0);

    await visit(world.widget());
    await button(page).waitFor();
    const rounds = await page.evaluate(
      () =>
        new Promise((resolve) => {
          let count = 0;
          new MutationObserver(() => {
            const host = document.querySelector("wicketgate-widget");
            if (!host) return;
            count += 1;
            host.remove();
            document.head.remove();
            document.documentElement.prepend(document.createElement("head"));
          }).observe(document.documentElement, { childList: true });
          document.documentElement.append(document.createComment(""));
          setTimeout(() => resolve(count), 1000);
        }),
    );
    assert.ok(rounds <= 101, `${rounds} rounds`);
  });
});

describe("several on one page", () => {
  const other = () =>
    world.demo.facts.assistants.find(({ id, accessibility }) => accessibility === "public" && id !== ASSISTANT).id;

  test("each has its place, and one is open at a time", async () => {
    await window.close();
    await open({ expects: BLOCKED });
    await visit(`${world.widget()}<script src="${world.demo.url}/widget.js" data-assistant="${other()}" data-label="Another" defer></script>
      <script src="${world.demo.url}/widget.js" data-assistant="left-one" data-position="left" defer></script>`);
    await page.waitForFunction(() => document.querySelectorAll("wicketgate-widget").length === 3);
    const boxes = await Promise.all([0, 1, 2].map((index) => button(page).nth(index).boundingBox()));
    for (const [index, one] of boxes.entries()) {
      for (const two of boxes.slice(index + 1)) {
        assert.ok(
          one.x + one.width <= two.x || two.x + two.width <= one.x || one.y + one.height <= two.y || two.y + two.height <= one.y,
          "they do not overlap",
        );
      }
    }
    assert.ok(boxes.some(({ x }) => x < 100));
    const states = () => button(page).evaluateAll((all) => all.map((one) => one.getAttribute("aria-expanded")).join());
    await button(page).nth(0).click();
    assert.equal(await states(), "true,false,false");
    await button(page).nth(2).click();
    assert.equal(await states(), "false,false,true");
  });
});

describe("what is wrong with the script element is said once, and nothing else happens", () => {
  const faults = {
    "no assistant": "",
    "an empty one": `data-assistant=""`,
    "no id": `data-assistant="a b"`,
    markup: `data-assistant="&lt;img src=x&gt;"`,
    "too long": `data-assistant="${"x".repeat(129)}"`,
  };
  for (const [name, attribute] of Object.entries(faults)) {
    test(name, async () => {
      await window.close();
      await open({ expects: /^wicketgate: / });
      const said = [];
      page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
      page.on("pageerror", (error) => said.push(error.message));
      await visit(`<script src="${world.demo.url}/widget.js" ${attribute}></script><h1>The page goes on</h1>`);
      assert.deepEqual(said, [`error: wicketgate: the script element must have data-assistant="<the assistant's id>"`]);
      assert.equal(await page.locator("wicketgate-widget").count(), 0);
    });
  }

  test("an image of the page's that goes by its name is not taken for it", async () => {
    await window.close();
    await open({ expects: /^wicketgate: / });
    const said = [];
    page.on("console", (message) => said.push(message.text()));
    const image = `<img name="currentScript" alt="" src="data:," data-assistant="${ASSISTANT}">`;
    await visit(`${image}<script src="${world.demo.url}/widget.js" data-assistant="${ASSISTANT}"></script>`);
    assert.deepEqual(said, [`wicketgate: the script element must have data-assistant="<the assistant's id>"`]);
    assert.equal(await page.locator("wicketgate-widget").count(), 0);
  });
});

describe("looks", () => {
  for (const [name, options] of LOOKS) {
    test(name, async () => {
      await window.close();
      await open(options);
      await page.goto(world.demo.customer.url);
      await button(page).waitFor();
      await photograph(page, `widget-${name}-closed`);
      await assertAccessible(page);
      await button(page).click();
      await converse(chat(page), "Which tea goes with breakfast?");
      await photograph(page, `widget-${name}`);
      await assertAccessible(page);
      await assertAccessible(page.frames().find((frame) => frame.url().includes("/embed/")));
    });
  }
});
