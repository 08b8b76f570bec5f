// Vue, Svelte and Angular in Chromium: each app uses every way to ask, and follows changes.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compile } from "svelte/compiler";
import { compileApp, linker } from "../lib/angular.mjs";
import { AUDIENCE, ISSUER, startAuthority } from "../lib/live.mjs";
import { until } from "../lib/until.mjs";
import { acme, keys, signed } from "../lib/world.mjs";
import { complaintsOf, launchBrowser } from "./browser.mjs";

const VUE = `
import { createApp, defineComponent, h, reactive, ref } from "vue";
import { Can, useDecision, usePermission, useWicketgate, wicketgate } from "wicketgate/vue";

const App = defineComponent(() => {
  const id = ref("helper");
  globalThis.target = (value) => (id.value = value);
  const [mayEdit, mayCreate, why, state] = [usePermission("assistant.edit", id), usePermission("team.create"), useDecision("assistant.edit", () => id.value), useWicketgate()];
  return () => h("ul", [
    h("li", { id: "edit" }, String(mayEdit.value)),
    h("li", { id: "create" }, String(mayCreate.value)),
    h("li", { id: "why" }, why.value.denied ?? why.value.because[0].relation),
    h("li", { id: "state" }, (state.value.freshness + " " + (state.value.error?.code ?? "")).trim()),
    h(Can, { do: "assistant.edit", on: id.value }, { default: ({ decision }) => h("li", { id: "shown" }, decision.because[0].relation), fallback: ({ decision }) => h("li", { id: "hidden" }, decision.denied) }),
    h(Can, { do: "team.create", not: true }, { default: () => h("li", { id: "upsell" }, "upsell") }),
  ]);
});

export async function start(element, given) {
  const app = createApp(App).use(wicketgate, reactive(given));
  app.mount(element);
  return { end: () => app.unmount() };
}`;

const SVELTE = `
<script>
  import { setWicketgate } from "wicketgate/svelte";
  let { given } = $props();
  let id = $state("helper");
  globalThis.target = (value) => (id = value);
  const permissions = setWicketgate(given);
  const why = $derived(permissions.check("assistant.edit", id));
</script>
<ul>
  <li id="edit">{permissions.can("assistant.edit", id)}</li>
  <li id="create">{permissions.can("team.create")}</li>
  <li id="why">{why.denied ?? why.because[0].relation}</li>
  <li id="state">{permissions.state.freshness} {permissions.state.error?.code ?? ""}</li>
  {#if why.allowed}<li id="shown">{why.because[0].relation}</li>{:else}<li id="hidden">{why.denied}</li>{/if}
  {#if !permissions.can("team.create")}<li id="upsell">upsell</li>{/if}
</ul>`;
const SVELTE_START = `
import { mount, unmount } from "svelte";
import App from "./app.js";
export async function start(element, given) {
  const app = mount(App, { target: element, props: { given } });
  return { end: () => unmount(app) };
}`;

/** The app of a framework, with the actions of the tests in the page. */
const SCRIPT = `
import { connect } from "wicketgate/client";
import { init, openSync } from "wicketgate";
import { start } from "./start.js";

const options = ${JSON.stringify({ issuer: ISSUER, audience: AUDIENCE, organization: "acme" })};
const element = document.querySelector("#root");
Object.assign(globalThis, {
  async connecting() { globalThis.shown = await start(element, { connect: { ...options, crossTab: false } }); },
  async live() { globalThis.shown = await start(element, { live: (globalThis.one = await connect({ ...options, crossTab: false })) }); },
  async principal(token, keys) {
    await init();
    const snapshot = openSync(token, { keys });
    globalThis.shown = await start(element, { snapshot, principal: snapshot.as() });
  },
  items: () => Object.fromEntries([...element.querySelectorAll("li")].map(({ id, textContent }) => [id, textContent.trim()])),
});
globalThis.ready = true;
`;

const VIC = { edit: "true", create: "false", why: "assistant_owner", state: "fresh", shown: "assistant_owner", upsell: "upsell" };
const denied = (why, state) => ({ edit: "false", create: "false", why, state, hidden: why, upsell: "upsell" });

let browser, folder, authority, context, page, complaints;
const scripts = {};
before(async () => {
  browser = await launchBrowser();
  // In a folder beside the packages, so that imports find them.
  folder = await mkdtemp(join(fileURLToPath(new URL("..", import.meta.url)), ".frameworks-"));
});
after(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  authority = await startAuthority({ folder: fileURLToPath(new URL(".", import.meta.resolve("wicketgate/wicketgate.wasm"))) });
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

const items = () => page.evaluate(() => globalThis.items());
const draws = (expected) =>
  until(
    async () => JSON.stringify(Object.entries(await items()).sort()) === JSON.stringify(Object.entries(expected).sort()),
    JSON.stringify(expected),
  ).catch(async () => assert.deepEqual(await items(), expected));
const edit = (facts) => {
  facts.assistants.find(({ id }) => id === "helper").owner = "gina";
};

const FRAMEWORKS = {
  Vue: async (into) => writeFile(join(into, "start.js"), VUE),
  Svelte: async (into) => {
    await writeFile(join(into, "start.js"), SVELTE_START);
    await writeFile(join(into, "app.js"), compile(SVELTE, { generate: "client", filename: "app.svelte" }).js.code);
  },
  Angular: async (into) => {
    await compileApp(into);
    await writeFile(join(into, "start.js"), 'export { start } from "./main.js";');
  },
};

for (const [name, prepare] of Object.entries(FRAMEWORKS)) {
  describe(name, () => {
    before(async () => {
      const into = await mkdtemp(join(folder, `${name}-`));
      await prepare(into);
      await writeFile(join(into, "page.js"), SCRIPT);
      const { outputFiles } = await build({
        entryPoints: [join(into, "page.js")],
        bundle: true,
        write: false,
        format: "esm",
        platform: "browser",
        target: "es2022",
        minify: true,
        plugins: [linker],
        logLevel: "warning",
        define: {
          "process.env.NODE_ENV": '"production"',
          ngDevMode: "false",
          ngJitMode: "false",
          __VUE_OPTIONS_API__: "false",
          __VUE_PROD_DEVTOOLS__: "false",
          __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
        },
      });
      scripts[name] = outputFiles[0].text;
    });
    beforeEach(async () => {
      authority.intercept = (path) =>
        path === "/app/page.js" && { status: 200, headers: { "content-type": "text/javascript" }, body: scripts[name] };
      authority.page = `<!doctype html><title>${name}</title><link rel="icon" href="data:"><div id="root"></div><script type="module" src="/app/page.js"></script>`;
      await page.goto(authority.url);
      await page.waitForFunction(() => globalThis.ready);
    });

    test("connects by itself: loading, then each answer as it changes; the end closes it", async () => {
      let proceed;
      const asked = new Promise((resolve) => (proceed = resolve));
      const { intercept } = authority;
      authority.intercept = async (path, ...more) => {
        if (path.startsWith("/v1/snapshot")) await asked;
        return intercept(path, ...more);
      };
      await page.evaluate(() => globalThis.connecting());
      await draws(denied("expired", "loading"));
      proceed();
      await draws(VIC);
      // With a timer in its zone, Angular would never become stable.
      assert.equal(await page.evaluate(() => globalThis.shown.stable?.() ?? true), true);
      authority.change(edit);
      await draws(denied("not_granted", "fresh"));
      await page.evaluate(() => globalThis.target("draft"));
      await draws(VIC);
      await page.evaluate(() => globalThis.target(undefined));
      await draws(denied("unknown_target", "fresh"));
      await page.evaluate(() => globalThis.shown.end());
      await until(() => authority.sockets.size === 0, "the connection is closed");
      assert.equal(authority.connections, 1);
    });

    test("follows a live one that is given, until the person is signed out", async () => {
      await page.evaluate(() => globalThis.live());
      await draws(VIC);
      authority.user = { status: 401, code: "removed_user" };
      for (const socket of authority.sockets) socket.close(4401);
      await draws(denied("expired", "expired"));
      authority.user = "vic";
      await page.evaluate(() => globalThis.one.refresh());
      await draws(VIC);
      await page.evaluate(() => globalThis.shown.end());
      assert.equal(await page.evaluate(() => globalThis.one.freshness), "fresh");
    });

    test("says why nobody answers where nobody is signed in", async () => {
      authority.user = { status: 401, code: "not_signed_in" };
      await page.evaluate(() => globalThis.connecting());
      await draws(denied("expired", "expired not_signed_in"));
    });

    test("a principal alone denies when its snapshot expires, at that time", async () => {
      await page.clock.install();
      const token = await signed(acme(), { scope: { member: "vic" }, issuedAt: Math.floor(Date.now() / 1000), expiresIn: 90 });
      await page.evaluate(([token, keys]) => globalThis.principal(token, keys), [token, keys]);
      await page.clock.runFor(1000);
      await draws(VIC);
      await page.clock.runFor(95_000);
      await draws(denied("expired", "expired"));
    });
  });
}
