// The React adapter in Chromium: which components render again and when, hydration without a mismatch, and expiry.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { build } from "esbuild";
import { createElement as h } from "react";
import { renderToReadableStream } from "react-dom/server.edge";
import { open } from "wicketgate";
import { detach } from "wicketgate/authority";
import { Wicketgate, WicketgateSnapshot } from "wicketgate/react";
import { AUDIENCE, ISSUER, startAuthority } from "../lib/live.mjs";
import { App, LateApp } from "../lib/react-app.mjs";
import { acme, keys, signed } from "../lib/world.mjs";
import { until } from "../lib/until.mjs";
import { complaintsOf, launchBrowser } from "./browser.mjs";

/** The actions of the tests in the page. Roots are strict, and errors from which React recovers count too. */
const SCRIPT = `
import { StrictMode, createElement as h, startTransition, useLayoutEffect, useState } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { openSync, init } from "wicketgate";
import { connect } from "wicketgate/client";
import { Can, Wicketgate, WicketgateSnapshot, useLive, usePermission, useWicketgate } from "wicketgate/react";
import { App, LateApp, decisions, drawn, states } from ${JSON.stringify(fileURLToPath(new URL("../lib/react-app.mjs", import.meta.url)))};

const options = ${JSON.stringify({ issuer: ISSUER, audience: AUDIENCE, organization: "acme" })};
const onRecoverableError = (error) => console.error("recovered: " + error.message);
const element = document.querySelector("#root");
const { setTimeout } = globalThis;

Object.assign(globalThis, {
  decisions, drawn, states, init, LateApp,
  /** Records the listeners. */
  async connect(more) {
    const live = await connect({ ...options, crossTab: false, ...more });
    const on = live.on.bind(live);
    live.listeners = 0;
    live.on = (...given) => {
      const off = on(...given);
      live.listeners++;
      return () => (live.listeners--, off());
    };
    return live;
  },
  opened(token, keys) {
    const snapshot = openSync(token, { keys });
    return { snapshot, principal: snapshot.as() };
  },
  /** Renders an app in <Wicketgate>, on a server's page or an empty page. @returns a function that changes the properties */
  show(given, { app = App, hydrate = false, props = {}, strict = true } = {}) {
    const tree = (given) => {
      const all = h(Wicketgate, given, h(app, props));
      return strict ? h(StrictMode, null, all) : all;
    };
    const root = hydrate ? hydrateRoot(element, tree(given), { onRecoverableError }) : createRoot(element, { onRecoverableError });
    if (!hydrate) root.render(tree(given));
    return { give: (given) => root.render(tree(given)), end: () => root.unmount() };
  },
  /** Changes the properties without rendering the app again: its elements stay the same. */
  showApart(given, { app = App, hydrate = false, props = {} } = {}) {
    let give;
    const children = h(app, props);
    function Apart() {
      const [now, set] = useState(given);
      give = set;
      return h(Wicketgate, now, children);
    }
    const root = hydrate ? hydrateRoot(element, h(Apart), { onRecoverableError }) : createRoot(element, { onRecoverableError });
    if (!hydrate) root.render(h(Apart));
    return { give: (given) => give(given), end: () => root.unmount() };
  },
  /** Renders strictly with its own connection, by a property or a hook. */
  connecting(how) {
    const connect = { ...options, crossTab: false };
    const Waits = () => (drawn.push(["waits", null]), h("li", { id: "waits" }, "waits"));
    const Shows = () => h(Can, { do: "assistant.edit", on: "helper", loading: h(Waits), fallback: h("li", { id: "denied" }, "denied") }, h("li", { id: "allowed" }, "allowed"));
    const State = () => {
      const { freshness, error, refresh } = useWicketgate();
      globalThis.again = refresh;
      return h("li", { id: "state" }, freshness + " " + error?.code);
    };
    const Hook = ({ children }) => h(Wicketgate, useLive(connect), children);
    const shown = new Set();
    new MutationObserver(() => { for (const { id } of element.querySelectorAll("li")) shown.add(id); }).observe(element, { childList: true, subtree: true });
    const root = createRoot(element, { onRecoverableError });
    root.render(h(StrictMode, null, h(how === "hook" ? Hook : Wicketgate, how === "hook" ? {} : { connect }, h("ul", null, h(Shows), h(State)))));
    return { shown, end: () => root.unmount() };
  },
  /** Hydrates the server's HTML for a token in the page. */
  hydrated(token, keys, connects) {
    const given = { token, keys, ...(connects && { connect: { ...options, crossTab: false } }) };
    const root = hydrateRoot(element, h(WicketgateSnapshot, given, h(App)), { onRecoverableError });
    return { end: () => root.unmount() };
  },
  /** The text of the page. */
  items: () => Object.fromEntries([...element.querySelectorAll("li")].map(({ id, textContent }) => [id, textContent])),
  /** The number of renders of each component since the last call. */
  since() {
    const times = {};
    for (const [id] of drawn.splice(0)) times[id] = (times[id] ?? 0) + 1;
    return times;
  },
  /** Waits until all effects have run. */
  settled: () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 20))),
  /** Renders many slow components in a transition, during which the answer changes. Records what each commit shows. */
  slow() {
    const commits = [];
    const listeners = new Set();
    let [may, times, changed, more] = [true, 0, Infinity];
    const live = { me: { can: () => may }, freshness: "fresh", on: (_, listener) => (listeners.add(listener), () => listeners.delete(listener)) };
    const change = () => {
      may = false;
      changed = commits.length;
      for (const listener of listeners) listener();
    };
    const Slow = () => {
      const until = performance.now() + 4;
      while (performance.now() < until);
      if (++times === 15) setTimeout(change);
      return h("li", { className: "slow" }, String(usePermission("assistant.edit", "helper")));
    };
    function Many() {
      const [count, set] = useState(1);
      more = () => startTransition(() => set(60));
      useLayoutEffect(() => void commits.push([...element.querySelectorAll(".slow")].map(({ textContent }) => textContent)));
      return Array.from({ length: count }, (_, key) => h(Slow, { key }));
    }
    createRoot(element, { onRecoverableError }).render(h(Wicketgate, { live }, h(Many)));
    return { commits, more: () => more(), before: () => commits.slice(0, changed) };
  },
});
globalThis.ready = true;
`;

let browser, script, authority, context, page, complaints;
before(async () => {
  const { outputFiles } = await build({
    stdin: { contents: SCRIPT, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    define: { "process.env.NODE_ENV": '"development"' },
    logLevel: "warning",
  });
  script = outputFiles[0].contents;
  browser = await launchBrowser();
});
after(() => browser?.close());
beforeEach(async () => {
  authority = await startAuthority({ folder: fileURLToPath(new URL(".", import.meta.resolve("wicketgate/wicketgate.wasm"))) });
  authority.intercept = (path) =>
    path === "/app/page.js" && { status: 200, headers: { "content-type": "text/javascript" }, body: script };
  context = await browser.newContext();
  context.setDefaultTimeout(20_000);
  page = await context.newPage();
  complaints = complaintsOf(page);
});
afterEach(async () => {
  await context.close();
  await authority.stop();
  assert.deepEqual(complaints, []);
});

/** Opens the page, with the server's HTML in it. Without `core`, the page loads the module by itself. */
async function load(html = "", { core = true } = {}) {
  authority.page = `<!doctype html><title>react</title><link rel="icon" href="data:"><div id="root">${html}</div><script type="module" src="/app/page.js"></script>`;
  await page.goto(authority.url);
  await page.waitForFunction(() => globalThis.ready);
  if (core) await page.evaluate(() => globalThis.init());
}

/** A token of the server, with the page's time. */
const token = async (claims = {}, facts = acme()) =>
  detach(
    await signed(facts, {
      scope: { member: "vic" },
      issuer: ISSUER,
      audience: AUDIENCE,
      issuedAt: Math.floor(Date.now() / 1000),
      ...claims,
    }),
  );
/** The server's HTML. */
async function drawnBy(given, app = App) {
  const stream = await renderToReadableStream(h(Wicketgate, given, h(app)));
  await stream.allReady;
  return new Response(stream).text();
}
async function principalOf(token) {
  const snapshot = await open(token, { keys });
  return { snapshot, principal: snapshot.as() };
}

const items = () => page.evaluate(() => globalThis.items());
const since = async () => {
  await page.evaluate(() => globalThis.settled());
  return page.evaluate(() => globalThis.since());
};
const shows = (id, text) => page.waitForFunction(([id, text]) => globalThis.items()[id] === text, [id, text]);
/** After this, only the new owner may edit the helper. */
const edit = (facts) => {
  facts.assistants.find(({ id }) => id === "helper").owner = "gina";
};

const VIC = {
  "edit-helper": "true",
  "edit-draft": "true",
  "team.create": "false",
  "why-helper": "assistant_owner",
  "why-draft": "assistant_owner",
  list: "fresh: draft,helper,site",
  shown: "shown",
};
const { shown, ...REST } = VIC;
const CHANGED = { ...REST, "edit-helper": "false", "why-helper": "not_granted", hidden: "hidden" };
const NOBODY = {
  "edit-helper": "false",
  "edit-draft": "false",
  "team.create": "false",
  "why-helper": "expired",
  "why-draft": "expired",
  list: "loading: nobody",
  hidden: "hidden",
};
const TAKEN = { ...NOBODY, list: "expired: nobody" };
const ENDED = { ...NOBODY, list: "expired: " };

describe("live", () => {
  /** Renders with a live client, without StrictMode, which renders twice. */
  async function start() {
    await load();
    await page.evaluate(async () => {
      globalThis.live = await globalThis.connect();
      globalThis.shown = globalThis.show({ live: globalThis.live }, { strict: false });
    });
    await shows("edit-helper", "true");
    await since();
  }

  for (const deltas of [true, 409]) {
    test(`only what has another answer is drawn anew: ${deltas === true ? "a delta" : "a snapshot"}`, async () => {
      authority.deltas = deltas;
      await start();
      assert.deepEqual(await items(), VIC);
      authority.change(edit);
      await shows("edit-helper", "false");
      assert.deepEqual(await items(), CHANGED);
      // The client learns of the version before it has it: components that use the freshness render for that too.
      const { list, ...others } = await since();
      assert.deepEqual(others, { "edit-helper": 1, "why-helper": 1, hidden: 1 });
      assert.ok(list <= 2, `${list}`);

      // A change that changes none of the answers.
      authority.change((facts) => (facts.assistants.find(({ id }) => id === "draft").name = "Draft"));
      await page.waitForFunction(() => globalThis.live.version === 3);
      assert.deepEqual(Object.keys(await since()), ["list"]);
    });
  }

  test("a decision stays the same object as long as it says the same", async () => {
    await start();
    // Rendered again by the parent, by a change of other state, and by another live client.
    await page.evaluate(() => globalThis.shown.give({ live: globalThis.live }));
    authority.change((facts) => (facts.assistants.find(({ id }) => id === "draft").name = "Draft"));
    await page.waitForFunction(() => globalThis.live.version === 2);
    await page.evaluate(async () => globalThis.shown.give({ live: await globalThis.connect() }));
    await since();
    const { objects, drawn } = await page.evaluate(() => ({
      objects: new Set(globalThis.decisions).size,
      drawn: globalThis.decisions.length,
    }));
    assert.ok(drawn >= 6, `${drawn}`);
    assert.equal(objects, 2);
    authority.change(edit);
    await shows("why-helper", "not_granted");
    assert.equal(await page.evaluate(() => new Set(globalThis.decisions).size), 3);
  });

  test("what useWicketgate gives is new with every change, and never of before it", async () => {
    await start();
    const before = await page.evaluate(() => globalThis.states.at(-1).snapshot === globalThis.live.snapshot);
    assert.equal(before, true);
    authority.change(edit);
    await shows("edit-helper", "false");
    await since();
    const [state, me, snapshot, same] = await page.evaluate(() => {
      const [before, after] = globalThis.states.slice(-2);
      return [
        before !== after,
        before.me !== after.me,
        after.snapshot === globalThis.live.snapshot,
        after.me.can("assistant.edit", "draft"),
      ];
    });
    assert.deepEqual([state, me, snapshot, same], [true, true, true, true]);
  });

  test("signed out, everything is denied; signed in again, it is not", async () => {
    await start();
    authority.user = { status: 401, code: "removed_user" };
    for (const socket of authority.sockets) socket.close(4401);
    await shows("list", "expired: ");
    assert.deepEqual(await items(), ENDED);
    authority.user = "vic";
    await page.evaluate(() => globalThis.live.refresh());
    await shows("edit-helper", "true");
    assert.deepEqual(await items(), VIC);
  });

  test("how fresh it is concerns only who asks for it", async () => {
    await start();
    // There is a version that cannot be fetched.
    authority.deltas = 500;
    authority.send({ version: 9 });
    await shows("list", "stale: draft,helper,site");
    assert.deepEqual(await since(), { list: 1 });
  });

  test("nothing is left after the end, and nothing complains", async () => {
    await start();
    assert.equal(await page.evaluate(() => globalThis.live.listeners), 3);
    await page.evaluate(() => globalThis.shown.end());
    assert.equal(await page.evaluate(() => globalThis.live.listeners), 0);
    authority.change(edit);
    await page.waitForFunction(() => globalThis.live.version === 2);
    assert.deepEqual(await since(), {});
  });

  test("another live one takes over, and the first is let go", async () => {
    await start();
    await page.evaluate(async () => {
      globalThis.second = await globalThis.connect();
      globalThis.shown.give({ live: globalThis.second });
    });
    await since();
    assert.deepEqual(await page.evaluate(() => [globalThis.live.listeners, globalThis.second.listeners]), [0, 3]);
    await page.evaluate(() => globalThis.live.close());
    authority.change(edit);
    await shows("edit-helper", "false");
    assert.deepEqual(await items(), CHANGED);
  });

  test("nobody while it connects, then the live one; and nothing when it is taken away", async () => {
    await load();
    await page.evaluate(() => (globalThis.shown = globalThis.showApart({ live: undefined })));
    await shows("list", "loading: nobody");
    assert.deepEqual(await items(), NOBODY);
    await since();
    await page.evaluate(async () => globalThis.shown.give({ live: await globalThis.connect() }));
    await shows("edit-helper", "true");
    assert.deepEqual(await items(), VIC);
    // Components that were denied and still are did not render again.
    const times = await since();
    assert.equal(times["team.create"], undefined);
    assert.equal(times["edit-helper"], 1);
    await page.evaluate(() => globalThis.shown.give({}));
    await shows("list", "expired: nobody");
    assert.deepEqual(await items(), TAKEN);
  });

  test("a transition that is under way shows one answer, not two", async () => {
    await load();
    await page.evaluate(() => (globalThis.slowly = globalThis.slow()));
    await page.waitForFunction(() => globalThis.slowly.commits.length > 0);
    await page.evaluate(() => globalThis.slowly.more());
    await page.waitForFunction(() => globalThis.slowly.commits.at(-1).length === 60);
    await page.evaluate(() => globalThis.settled());
    const [commits, before] = await page.evaluate(() => [globalThis.slowly.commits, globalThis.slowly.before()]);
    assert.deepEqual(
      commits.filter((shown) => new Set(shown).size > 1),
      [],
    );
    assert.equal(commits.at(-1)[0], "false");
    assert.deepEqual(before, [["true"]], "it changed before the many were there");
  });
});

describe("hydration", () => {
  test("of what the server drew, with the same token", async () => {
    const signed = await token();
    await load(await drawnBy(await principalOf(signed)));
    assert.deepEqual(await items(), VIC);
    await page.evaluate(
      ([token, keys]) => {
        document.querySelector("#edit-helper").mark = true;
        globalThis.show(globalThis.opened(token, keys), { hydrate: true });
      },
      [signed, keys],
    );
    const times = await since();
    assert.deepEqual(await items(), VIC);
    assert.ok(times["edit-helper"] <= 2, "drawn once, twice as it is strict");
    assert.equal(await page.evaluate(() => document.querySelector("#edit-helper").mark), true);
  });

  test("by the first principal, though the live one has moved on; that answers right after", async () => {
    const signed = await token();
    await load(await drawnBy(await principalOf(signed)));
    authority.change(edit);
    await page.evaluate(
      async ([token, keys]) => {
        document.querySelector("#edit-helper").mark = true;
        const live = await globalThis.connect();
        globalThis.show({ ...globalThis.opened(token, keys), live }, { hydrate: true });
      },
      [signed, keys],
    );
    await shows("edit-helper", "false");
    assert.deepEqual(await items(), CHANGED);
    const told = await page.evaluate(() => globalThis.drawn.filter(([id]) => id === "edit-helper").map(([, what]) => what));
    assert.deepEqual([told[0], told.at(-1)], [true, false]);
    assert.equal(await page.evaluate(() => document.querySelector("#edit-helper").mark), true);
  });

  for (const when of ["before", "after"]) {
    test(`of a page whose server knew nobody: denied, then live, which connects ${when} it`, async () => {
      await load(await drawnBy({}));
      assert.deepEqual(await items(), NOBODY);
      await page.evaluate(async (when) => {
        document.querySelector("#edit-helper").mark = true;
        const early = when === "before" ? await globalThis.connect() : undefined;
        const shown = globalThis.show({ live: early }, { hydrate: true });
        if (early === undefined) shown.give({ live: await globalThis.connect() });
      }, when);
      await shows("edit-helper", "true");
      await page.evaluate(() => globalThis.settled());
      assert.deepEqual(await items(), VIC);
      assert.equal(await page.evaluate(() => globalThis.drawn.find(([id]) => id === "edit-helper")[1]), false);
      assert.equal(await page.evaluate(() => document.querySelector("#edit-helper").mark), true);
    });
  }

  test("of a part that comes late: still by the first principal, then live", async () => {
    const signed = await token();
    await load(await drawnBy(await principalOf(signed), LateApp));
    authority.change(edit);
    await page.evaluate(
      ([token, keys]) => {
        document.querySelector("#edit-helper").mark = true;
        const ready = new Promise((resolve) => (globalThis.proceed = resolve));
        globalThis.first = globalThis.opened(token, keys);
        globalThis.shown = globalThis.showApart(globalThis.first, { app: globalThis.LateApp, hydrate: true, props: { ready } });
      },
      [signed, keys],
    );
    await since();
    await page.evaluate(async () => {
      globalThis.live = await globalThis.connect();
      globalThis.shown.give({ ...globalThis.first, live: globalThis.live });
    });
    await page.evaluate(() => globalThis.settled());
    // The server's HTML, before hydration.
    assert.deepEqual(await items(), { "team.create": "false", "edit-helper": "true" });
    assert.deepEqual(await since(), {});
    await page.evaluate(() => globalThis.proceed());
    await shows("edit-helper", "false");
    assert.deepEqual(await page.evaluate(() => globalThis.drawn.map(([id, what]) => `${id} ${what}`)), [
      "edit-helper true",
      "edit-helper false",
    ]);
    assert.equal(await page.evaluate(() => document.querySelector("#edit-helper").mark), true);
  });
});

describe("a principal alone", () => {
  const start = async (claims, facts, given = {}) => {
    await page.clock.install();
    await load();
    await page.evaluate(
      ([token, keys, given]) => {
        globalThis.first = globalThis.opened(token, keys);
        globalThis.shown = globalThis.show({ ...globalThis.first, ...given }, { strict: false });
      },
      [await token(claims, facts), keys, given],
    );
    await shows("edit-helper", "true");
    await page.clock.runFor(100);
    await page.evaluate(() => globalThis.since());
  };
  const drawnSince = () => page.evaluate(() => globalThis.since());

  test("denies when its snapshot expires, by itself and at that time", async () => {
    await start({ expiresIn: 90 });
    assert.deepEqual(await items(), VIC);
    await page.clock.runFor(80_000);
    assert.deepEqual(await items(), VIC);
    assert.deepEqual(await drawnSince(), {});
    await page.clock.runFor(11_000);
    await shows("edit-helper", "false");
    assert.deepEqual(await items(), ENDED);
  });

  test("so it does after the computer has slept", async () => {
    await start({ expiresIn: 86_400 * 60 });
    await page.clock.fastForward(86_400_000 * 61);
    await shows("edit-helper", "false");
    assert.deepEqual(await items(), ENDED);
  });

  test("without the snapshot, within a minute", async () => {
    await start({ expiresIn: 65 }, acme(), { snapshot: undefined });
    await page.evaluate(() => globalThis.shown.give({ principal: globalThis.first.principal }));
    await page.clock.runFor(125_000);
    await shows("edit-helper", "false");
    assert.deepEqual(await items(), ENDED);
  });

  test("what expires within the snapshot is seen at that time", async () => {
    const facts = acme();
    facts.teams[0].members[1].expires = Math.floor(Date.now() / 1000) + 30;
    facts.assistants.find(({ id }) => id === "site").accessibility = "only_team";
    facts.assistants.find(({ id }) => id === "site").owner = "gina";
    await start({ expiresIn: 900 }, facts);
    assert.equal((await items()).list, "fresh: draft,helper,site");
    await page.clock.runFor(31_000);
    await shows("list", "fresh: draft,helper");
    assert.deepEqual(await drawnSince(), { list: 1 });
  });

  test("timers are few, and none is longer than a minute or left behind", async () => {
    await page.clock.install();
    await page.addInitScript(() => {
      globalThis.pending = new Map();
      const { setTimeout, clearTimeout } = globalThis;
      globalThis.waits = [];
      globalThis.setTimeout = (fire, wait, ...more) => {
        const timer = setTimeout(() => (globalThis.pending.delete(timer), fire(...more)), wait);
        globalThis.pending.set(timer, wait);
        globalThis.longest = Math.max(globalThis.longest ?? 0, wait ?? 0);
        globalThis.set = (globalThis.set ?? 0) + 1;
        return timer;
      };
      globalThis.clearTimeout = (timer) => (globalThis.pending.delete(timer), clearTimeout(timer));
    });
    await load();
    await page.evaluate(
      ([token, keys]) => {
        globalThis.shown = globalThis.show(globalThis.opened(token, keys), { strict: true });
      },
      [await token({ expiresIn: 86_400 * 60 }), keys],
    );
    await shows("edit-helper", "true");
    await page.clock.runFor(600_000);
    const { longest, set, pending } = await page.evaluate(() => ({
      longest: globalThis.longest,
      set: globalThis.set,
      pending: [...globalThis.pending.values()],
    }));
    assert.equal(longest, 60_000);
    assert.ok(set < 40, `${set}`);
    assert.deepEqual(
      pending.filter((wait) => wait > 1000),
      [60_000],
    );
    await page.evaluate(() => globalThis.shown.end());
    assert.deepEqual(await page.evaluate(() => [...globalThis.pending.values()].filter((wait) => wait > 1000)), []);
  });

  test("another one can be given; what a live one took over from is not asked again", async () => {
    await load();
    const [first, second] = [await token(), await token({ version: 2 }, ((facts) => (edit(facts), facts))(acme()))];
    await page.evaluate(
      ([first, second, keys]) => {
        globalThis.first = globalThis.opened(first, keys);
        globalThis.second = globalThis.opened(second, keys);
        globalThis.shown = globalThis.showApart(globalThis.first);
      },
      [first, second, keys],
    );
    await shows("edit-helper", "true");
    await since();
    await page.evaluate(() => globalThis.shown.give(globalThis.second));
    await shows("edit-helper", "false");
    assert.deepEqual(await items(), CHANGED);
    assert.deepEqual(await since(), { "edit-helper": 1, "why-helper": 1, list: 1, hidden: 1 });
    await page.evaluate(async () => globalThis.shown.give({ ...globalThis.second, live: await globalThis.connect() }));
    await shows("edit-helper", "true");
    // As after signing out.
    await page.evaluate(() => globalThis.shown.give(globalThis.second));
    await shows("list", "expired: nobody");
    assert.deepEqual(await items(), TAKEN);
    await page.evaluate(() => globalThis.shown.give(globalThis.first));
    await shows("edit-helper", "true");
    assert.deepEqual(await items(), VIC);
  });
});

describe("a connection of its own", () => {
  for (const how of ["property", "hook"]) {
    test(`is one, though effects run twice; nothing is denied meanwhile; it ends with the last (${how})`, async () => {
      await load();
      await page.evaluate((how) => (globalThis.shown = globalThis.connecting(how)), how);
      await shows("allowed", "allowed");
      await shows("state", "fresh undefined");
      assert.deepEqual(await page.evaluate(() => [...globalThis.shown.shown].sort()), ["allowed", "state", "waits"]);
      assert.deepEqual(authority.requests.filter(({ path }) => path === "/v1/snapshot").length, 1);
      await until(() => authority.sockets.size === 1);
      authority.change(edit);
      await shows("denied", "denied");
      await page.evaluate(() => globalThis.shown.end());
      await until(() => authority.sockets.size === 0);
      assert.equal(authority.connections, 1);
    });
  }

  test("ends where nobody is signed in, with the reason; refresh connects again", async () => {
    authority.user = { status: 401, code: "not_signed_in" };
    await load();
    await page.evaluate(() => (globalThis.shown = globalThis.connecting("property")));
    await shows("state", "expired not_signed_in");
    assert.equal((await items()).denied, "denied");
    authority.user = "vic";
    await page.evaluate(() => globalThis.again());
    await shows("allowed", "allowed");
    await shows("state", "fresh undefined");
    authority.user = { status: 401, code: "removed_user" };
    for (const socket of authority.sockets) socket.close(4401);
    await shows("denied", "denied");
    authority.user = "vic";
    await page.evaluate(() => globalThis.again());
    await shows("allowed", "allowed");
  });
});

describe("a token that the server hands over", () => {
  const drawnOf = async (token) => {
    const stream = await renderToReadableStream(h(WicketgateSnapshot, { token, keys }, h(App)));
    await stream.allReady;
    return new Response(stream).text();
  };

  for (const connects of [false, true]) {
    test(`is hydrated without a mismatch${connects ? ", then its connection answers" : ""}`, async () => {
      const signed = await token();
      await load(await drawnOf(signed));
      assert.deepEqual(await items(), VIC);
      if (connects) authority.change(edit);
      await page.evaluate(
        ([token, keys, connects]) => {
          document.querySelector("#edit-helper").mark = true;
          globalThis.shown = globalThis.hydrated(token, keys, connects);
        },
        [signed, keys, connects],
      );
      await page.waitForFunction(() => globalThis.drawn.some(([id]) => id === "edit-helper"));
      assert.equal(await page.evaluate(() => globalThis.drawn.find(([id]) => id === "edit-helper")[1]), true);
      if (connects) await shows("edit-helper", "false");
      await page.evaluate(() => globalThis.settled());
      assert.deepEqual(await items(), connects ? CHANGED : VIC);
      assert.equal(await page.evaluate(() => document.querySelector("#edit-helper").mark), true);
    });
  }

  for (const [scope, modules, shown] of [
    ["member", ["member.wasm"], VIC],
    ["workspace", ["member.wasm", "wicketgate.wasm"], undefined],
  ]) {
    test(`needs of the modules, for a ${scope} snapshot: ${modules.join(", ")}`, async () => {
      const signed = await token(scope === "member" ? {} : { scope });
      const fetched = [];
      page.on("request", (request) => fetched.push(new URL(request.url()).pathname.split("/").at(-1)));
      const html = await drawnOf(signed);
      await load(html, { core: false });
      const before = await items();
      if (shown) assert.deepEqual(before, shown);
      await page.evaluate(([token, keys]) => void globalThis.hydrated(token, keys), [signed, keys]);
      await page.waitForFunction(() => globalThis.drawn.some(([id]) => id === "list"));
      assert.deepEqual(await items(), before);
      assert.deepEqual(
        fetched.filter((file) => file.endsWith(".wasm")),
        modules,
      );
    });
  }
});
