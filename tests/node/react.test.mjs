// The React adapter on the server: rendering with a principal, and no timer or connection afterwards.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { StrictMode, createElement as h } from "react";
import { jsxs } from "react/jsx-runtime";
import { renderToString } from "react-dom/server";
import { renderToReadableStream } from "react-dom/server.edge";
import { open, WicketgateError } from "wicketgate";
import { detach } from "wicketgate/authority";
import * as adapter from "wicketgate/react";
import { App, Edit, LateApp, Share, Why } from "../lib/react-app.mjs";
import { NOW, acme, keys, opened, signed } from "../lib/world.mjs";

const { Wicketgate, WicketgateSnapshot, Can, useDecision, usePermission, useSnapshot, useWicketgate } = adapter;
const BUDGET = 2000;

const vic = async (options) => {
  const snapshot = await opened(acme(), { scope: { member: "vic" } }, options);
  return { snapshot, principal: snapshot.as() };
};
const within = (given, ...children) => h(Wicketgate, given, ...children);
const items = (html) => Object.fromEntries([...html.matchAll(/<li id="([^"]+)">([^<]*)<\/li>/g)].map(([, id, text]) => [id, text]));

const VIC = {
  "edit-helper": "true",
  "edit-draft": "true",
  "team.create": "false",
  "why-helper": "assistant_owner",
  "why-draft": "assistant_owner",
  list: "fresh: draft,helper,site",
  shown: "shown",
};
const NOBODY = {
  "edit-helper": "false",
  "edit-draft": "false",
  "team.create": "false",
  "why-helper": "expired",
  "why-draft": "expired",
  list: "loading: nobody",
  hidden: "hidden",
};

test("exports these", () => {
  assert.deepEqual(Object.keys(adapter).sort(), [
    "Can",
    "Wicketgate",
    "WicketgateSnapshot",
    "useDecision",
    "useLive",
    "usePermission",
    "useSnapshot",
    "useWicketgate",
  ]);
});

test("renders the principal's answers", async () => {
  const given = await vic();
  assert.deepEqual(items(renderToString(within(given, h(App)))), VIC);
  assert.deepEqual(items(renderToString(h(StrictMode, null, within(given, h(App))))), VIC);
});

test("renders them in a stream", async () => {
  const html = await new Response(await renderToReadableStream(within(await vic(), h(App)))).text();
  assert.deepEqual(items(html), VIC);
  const late = await new Response(
    await renderToReadableStream(within(await vic(), h(LateApp, { ready: new Promise((resolve) => setTimeout(resolve, 20)) }))),
  ).text();
  assert.deepEqual(items(late), { "team.create": "false", "edit-helper": "true" });
});

test("denies everything without a principal", () => {
  assert.deepEqual(items(renderToString(within({}, h(App)))), NOBODY);
  assert.deepEqual(items(renderToString(within({ live: undefined, principal: undefined, snapshot: undefined }, h(App)))), NOBODY);
});

test("two people at once: each request has its own answers", async () => {
  const workspace = await opened(acme());
  const [gina, ed] = ["gina", "ed"].map((user) => ({ snapshot: workspace, principal: workspace.as({ user }) }));
  const pages = await Promise.all(
    [gina, ed, gina].map(async (given) => new Response(await renderToReadableStream(within(given, h(App)))).text()),
  );
  assert.deepEqual(
    pages.map((html) => items(html)["team.create"]),
    ["true", "false", "true"],
  );
  assert.deepEqual(
    pages.map((html) => items(html)["edit-draft"]),
    ["true", "false", "true"],
  );
});

test("the nearest provider answers", async () => {
  const workspace = await opened(acme());
  const given = (user) => ({ snapshot: workspace, principal: workspace.as({ user }) });
  const html = renderToString(
    within(given("olga"), h(Edit, { on: "helper" }), within(given("gina"), h(Edit, { on: "draft" })), h(Why, { on: "draft" })),
  );
  assert.deepEqual(items(html), { "edit-helper": "true", "edit-draft": "true", "why-draft": "only_me" });
});

test("on the server the principal answers, and no live client", async () => {
  const live = new Proxy({}, { get: () => assert.fail("asked") });
  assert.deepEqual(items(renderToString(within({ live }, h(App)))), NOBODY);
  assert.deepEqual(items(renderToString(within({ ...(await vic()), live }, h(App)))), VIC);
});

test("denies after the expiry", async () => {
  let now = NOW;
  const given = await vic({ now: () => now });
  assert.equal(items(renderToString(within(given, h(App))))["edit-helper"], "true");
  now += 3600;
  assert.deepEqual(items(renderToString(within(given, h(App)))), { ...NOBODY, list: "expired: " });
});

test("denies after the principal was freed", async () => {
  const { snapshot, principal } = await vic();
  principal.free();
  assert.deepEqual(
    items(renderToString(within({ snapshot, principal }, h(Edit, { on: "helper" }), h(Why, { on: "helper" }), h(Share)))),
    { "edit-helper": "false", "why-helper": "expired", hidden: "hidden" },
  );
  const other = await vic();
  other.snapshot.free();
  assert.deepEqual(items(renderToString(within(other, h(Edit, { on: "helper" }), h(Why, { on: "helper" })))), {
    "edit-helper": "false",
    "why-helper": "expired",
  });
});

test("other errors are thrown", () => {
  const principal = {
    can: () => {
      throw new RangeError("broken");
    },
    check: () => ({ allowed: true, because: [] }),
  };
  assert.throws(() => renderToString(within({ principal }, h(Edit, { on: "helper" }))), { message: "broken" });
});

test("names the hook if the provider is missing", () => {
  const asking = {
    usePermission: () => usePermission("team.create"),
    useDecision: () => useDecision("team.create"),
    useWicketgate: () => useWicketgate(),
  };
  for (const [name, ask] of Object.entries(asking)) {
    assert.throws(() => renderToString(h(() => (ask(), null))), {
      message: `${name}: there is no <Wicketgate> around this component`,
    });
  }
  assert.throws(() => renderToString(h(Can, { do: "team.create" }, "new")), {
    message: "Can: there is no <Wicketgate> around this component",
  });
});

test("misspelt capabilities and missing targets are denied", async () => {
  const given = await vic();
  const Asks = ({ question }) => `${usePermission(...question)} ${useDecision(...question).denied}`;
  for (const question of [
    ["asistant.edit", "helper"],
    ["assistant.edit"],
    ["assistant.edit", undefined],
    ["assistant.edit", "nothing"],
    ["team.create", "support"],
    ["__proto__"],
  ]) {
    assert.equal(renderToString(within(given, h(Asks, { question }))), "false unknown_target", question.join());
  }
});

test("<Can> renders its children unchanged, or nothing", async () => {
  const given = await vic();
  const draw = (props, ...children) => renderToString(within(given, h(Can, props, ...children)));
  assert.equal(draw({ do: "team.create" }, "new"), "");
  assert.equal(draw({ do: "team.create", fallback: "ask an admin" }, "new"), "ask an admin");
  assert.equal(draw({ do: "assistant.edit", on: "helper", fallback: "no" }, h("b", null, 1), h("i", null, 2)), "<b>1</b><i>2</i>");
  assert.equal(draw({ do: "assistant.edit", on: "helper", fallback: "no" }), "");
  const { error } = console;
  const said = [];
  console.error = (...all) => said.push(all.join(" "));
  try {
    draw({ do: "assistant.edit", on: "helper" }, h("b"), h("i"));
    renderToString(within(given, jsxs(Can, { do: "assistant.edit", on: "helper", children: [h("b"), h("i")] })));
  } finally {
    console.error = error;
  }
  assert.deepEqual(said, [], "no keys are missing");
});

test("a target that is not known yet is denied, without a warning", async () => {
  const given = await vic();
  const { warn } = console;
  const said = [];
  console.warn = (...all) => said.push(all.join(" "));
  try {
    const Asks = ({ question }) => `${usePermission(...question)} ${useDecision(...question).denied}`;
    for (const unknown of [undefined, null]) {
      assert.equal(renderToString(within(given, h(Asks, { question: ["assistant.edit", unknown] }))), "false unknown_target");
      assert.equal(renderToString(within(given, h(Asks, { question: ["team.create", unknown] }))), "false not_granted");
      assert.equal(renderToString(within(given, h(Can, { do: "project.create", on: unknown, fallback: "no" }, "yes"))), "no");
    }
    const workspace = await opened(acme());
    const admin = { snapshot: workspace, principal: workspace.as({ user: "gina" }) };
    assert.equal(renderToString(within(admin, h(Can, { do: "team.create", on: undefined, fallback: "no" }, "yes"))), "yes");
  } finally {
    console.warn = warn;
  }
  assert.deepEqual(said, []);
});

test("<Can not>, a function as child, and passThrough", async () => {
  const given = await vic();
  const draw = (props, child) => renderToString(within(given, h(Can, { fallback: "fallback", ...props }, child)));
  const allowed = { do: "assistant.edit", on: "helper" };
  const denied = { do: "team.create" };
  const why = (decision) => decision.denied ?? decision.because.map(({ relation }) => relation).join();
  assert.equal(draw({ ...allowed, not: true }, "child"), "fallback");
  assert.equal(draw({ ...denied, not: true }, "child"), "child");
  assert.equal(draw({ ...denied, not: false }, "child"), "fallback");
  assert.equal(draw(allowed, why), "assistant_owner");
  assert.equal(
    draw(denied, () => assert.fail("called")),
    "fallback",
  );
  assert.equal(draw({ ...denied, not: true }, why), "not_granted");
  assert.equal(draw({ ...denied, passThrough: true }, why), "not_granted");
  assert.equal(draw({ ...allowed, passThrough: true }, why), "assistant_owner");
  assert.equal(draw({ ...denied, passThrough: true }, "child"), "child");
});

test("loading is a state of its own: there was no principal so far, and one may come", async () => {
  const Freshness = () => useWicketgate().freshness;
  const Loads = () => h(Can, { do: "team.create", fallback: "denied", loading: "loading" }, "allowed");
  const draw = (given) => renderToString(within(given, h(Freshness), " ", h(Loads))).replaceAll("<!-- -->", "");
  assert.equal(draw({}), "loading loading");
  assert.equal(draw({ connect: () => assert.fail("connects on a server") }), "loading loading");
  assert.equal(draw(await vic()), "fresh denied");
  assert.equal(draw({ error: new WicketgateError("not_signed_in", "") }), "expired denied");
  assert.equal(renderToString(within({}, h(Can, { do: "team.create", fallback: "denied" }, "allowed"))), "denied");
});

describe("a token from a server component", async () => {
  const life = { issuedAt: Math.floor(Date.now() / 1000), expiresIn: 900, scope: { member: "vic" } };
  const drawn = async (...children) => new Response(await renderToReadableStream(children)).text();
  const token = await signed(acme(), life);
  const detached = await detach(token);

  test("is opened and rendered, in a stream and synchronously", async () => {
    for (const given of [token, detached]) {
      assert.deepEqual(items(await drawn(h(WicketgateSnapshot, { key: 0, token: given, keys }, h(App)))), VIC);
    }
    const Own = ({ children }) => h(Wicketgate, useSnapshot(token, { keys }), children);
    assert.deepEqual(items(await drawn(h(Own, { key: 0 }, h(App)))), VIC);
    // The module is loaded by now.
    assert.deepEqual(
      items(renderToString(h(StrictMode, null, h(WicketgateSnapshot, { token, keys, organization: "acme" }, h(App))))),
      VIC,
    );
  });

  test("the nearest <Suspense> waits for the module only", () => {
    const script = `
      import { createElement as h, Suspense } from "react";
      import { renderToString } from "react-dom/server";
      import { renderToReadableStream } from "react-dom/server.edge";
      import { Can, WicketgateSnapshot } from "wicketgate/react";
      const [token, keys] = ${JSON.stringify([token, keys])};
      const tree = () => h(Suspense, { fallback: "waits" }, h(WicketgateSnapshot, { token, keys }, h(Can, { do: "assistant.edit", on: "helper" }, "may edit")));
      console.log(renderToString(tree()).includes("may edit"));
      console.log((await new Response(await renderToReadableStream(tree())).text()).includes("may edit"));
      console.log(renderToString(tree()).includes("may edit"));`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: fileURLToPath(new URL("..", import.meta.url)),
      encoding: "utf8",
    });
    assert.equal(stderr, "");
    assert.deepEqual(stdout.trim().split("\n"), ["false", "true", "true"]);
  });

  test("that cannot be opened denies everything and has the error; useSnapshot throws", async () => {
    const Why = () => `${useWicketgate().error?.code} ${useWicketgate().freshness} ${usePermission("assistant.edit", "helper")}`;
    const draw = (props) => renderToString(h(WicketgateSnapshot, { token, keys, ...props }, h(Why)));
    assert.equal(draw({ organization: "other" }), "wrong_organization expired false");
    assert.equal(draw({ keys: { keys: [] } }), "unknown_key expired false");
    assert.equal(draw({ isuer: "x" }), "invalid_options expired false");
    assert.equal(
      draw({ token: await signed(acme(), { scope: life.scope, issuedAt: life.issuedAt - 100, expiresIn: 95 }) }),
      "expired expired false",
    );
    const Throws = () => (useSnapshot(token, { keys, organization: "other" }), null);
    assert.throws(() => renderToString(h(Throws)), { code: "wrong_organization" });
  });
});

test("rendering on the server leaves no timers", async () => {
  const snapshot = await open(await signed(acme(), { scope: { member: "vic" }, issuedAt: Math.floor(Date.now() / 1000) }), {
    keys,
  });
  const given = { snapshot, principal: snapshot.as() };
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timers();
  for (let time = 0; time < 50; time++) assert.deepEqual(items(renderToString(within(given, h(App)))), VIC);
  assert.equal(timers(), before);
});

test(`loads neither module nor client, is for client components, and is at most ${BUDGET} bytes with the observer`, async (t) => {
  const file = fileURLToPath(import.meta.resolve("wicketgate/react"));
  const text = readFileSync(file, "utf8");
  assert.match(text, /^"use client";\n/);
  assert.deepEqual(
    [...text.matchAll(/^import .* from "(.*)";$/gm)].map(([, from]) => from),
    ["react", "./observer.js"],
  );
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    external: ["react", "wicketgate", "wicketgate/client"],
    logLevel: "error",
  });
  const { length } = brotliCompressSync(outputFiles[0].contents);
  t.diagnostic(`${length} bytes, brotli 11`);
  assert.ok(length <= BUDGET, `${length} bytes`);
});
