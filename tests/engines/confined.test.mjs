// The package in restricted pages: in a sandboxed frame, in an extension, under Trusted Types, isolated from other origins.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { chrome } from "../../scripts/tools.mjs";
import { page as runs } from "../lib/browser.mjs";
import { ANSWER, PROGRAM } from "../lib/consumer.mjs";
import { startAuthority } from "../lib/live.mjs";
import { LIVE_PAGE } from "../lib/live-page.mjs";
import { until } from "../lib/until.mjs";
import { launchBrowser, openWindow } from "../page/browser.mjs";

const DIST = fileURLToPath(new URL(".", import.meta.resolve("wicketgate/wicketgate.wasm")));
/** Headers that allow a frame with an opaque origin to read the files. */
const CROSS_ORIGIN = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "If-None-Match",
  "access-control-expose-headers": "Wicketgate-Signature, ETag, Date",
};

describe("in a page", () => {
  let browser, authority, window;
  before(async () => (browser = await launchBrowser()));
  after(() => browser?.close());
  beforeEach(async () => (authority = await startAuthority({ folder: DIST })));
  afterEach(async () => {
    await window?.close();
    await authority.stop();
  });

  const headed = (headers) =>
    (authority.intercept = (_path, answered) => ({ ...answered, headers: { ...answered.headers, ...headers } }));
  const edit = (facts) => (
    (facts.assistants.find(({ id }) => id === "helper").owner = "gina"),
    (facts.teams[0].members = facts.teams[0].members.filter(({ user }) => user !== "vic"))
  );

  async function follows(frame) {
    await frame.waitForFunction(() => globalThis.ready);
    await frame.evaluate(() => globalThis.begin());
    assert.deepEqual(await frame.evaluate(() => globalThis.state()), {
      version: 1,
      freshness: "fresh",
      edits: true,
      subject: "vic",
    });
    await until(() => authority.sockets.size > 0, "the connection");
    authority.change(edit);
    await frame.waitForFunction(() => globalThis.live.version === 2);
    assert.equal((await frame.evaluate(() => globalThis.state())).edits, false);
  }

  test("a sandboxed frame with an opaque origin: nothing is stored, and it has a connection of its own", async () => {
    authority.page =
      '<!doctype html><title>around</title><link rel="icon" href="data:"><iframe sandbox="allow-scripts" src="/framed"></iframe>';
    authority.intercept = (path, answered) =>
      path === "/framed"
        ? { status: 200, headers: { "content-type": "text/html" }, body: LIVE_PAGE }
        : { ...answered, headers: { ...answered.headers, ...CROSS_ORIGIN } };
    window = await openWindow(browser);
    await window.page.goto(authority.url);
    await until(() => window.page.frames().some((frame) => frame.url().endsWith("/framed")), "the frame");
    const frame = window.page.frames().find((one) => one.url().endsWith("/framed"));
    assert.equal(await frame.evaluate(() => self.origin), "null");
    await follows(frame);
  });

  test("Trusted Types without an allowed policy", async () => {
    headed({ "content-security-policy": "require-trusted-types-for 'script'; trusted-types 'none'" });
    authority.page = LIVE_PAGE;
    window = await openWindow(browser, { expects: /TrustedHTML/ });
    await window.page.goto(authority.url);
    await follows(window.page);
    // They are enforced.
    assert.equal(
      await window.page.evaluate(() => {
        try {
          document.body.innerHTML = "x";
        } catch {
          return "refused";
        }
      }),
      "refused",
    );
  });

  test("isolated from other origins", async () => {
    headed({ "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" });
    authority.page = LIVE_PAGE;
    window = await openWindow(browser);
    await window.page.goto(authority.url);
    assert.equal(await window.page.evaluate(() => globalThis.crossOriginIsolated), true);
    await follows(window.page);
  });
});

describe("in an extension, manifest v3", () => {
  const MAP = { "wicketgate/authority": "./lib/entry/authority-browser.js", wicketgate: "./lib/entry/browser.js" };
  let folder, context;
  afterEach(async () => {
    await context?.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** The results of its page. Plain modules without an import map, because extensions forbid inline scripts. */
  async function found(policy) {
    folder = await mkdtemp(join(tmpdir(), "wicketgate-extension-"));
    await cp(DIST, join(folder, "lib"), { recursive: true });
    const program = Object.entries(MAP).reduce(
      (text, [name, file]) => text.replaceAll(JSON.stringify(name), JSON.stringify(file)),
      PROGRAM,
    );
    const manifest = {
      manifest_version: 3,
      name: "Checks",
      version: "1",
      ...(policy && { content_security_policy: { extension_pages: policy } }),
    };
    const files = {
      "manifest.json": JSON.stringify(manifest),
      "program.js": program,
      "main.js": runs("./program.js"),
      "page.html": '<!doctype html><title>page</title><script type="module" src="main.js"></script>',
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const profile = join(folder, "..", `${folder.split("/").at(-1)}-profile`);
    context = await chromium.launchPersistentContext(profile, {
      executablePath: chrome(),
      headless: false,
      args: [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        `--disable-extensions-except=${folder}`,
        `--load-extension=${folder}`,
      ],
    });
    context.once("close", () => rm(profile, { recursive: true, force: true, maxRetries: 5 }));
    // The id of an unpacked extension is a digest of its path.
    const id = [...createHash("sha256").update(folder).digest("hex").slice(0, 32)]
      .map((digit) => String.fromCharCode(97 + parseInt(digit, 16)))
      .join("");
    const page = await context.newPage();
    await page.goto(`chrome-extension://${id}/page.html`);
    return JSON.parse(await page.locator("html[data-answer]").getAttribute("data-answer", { timeout: 20_000 }));
  }

  test("its pages check if their policy allows WebAssembly", async () => {
    assert.deepEqual((await found("script-src 'self' 'wasm-unsafe-eval'; object-src 'self'")).value, ANSWER);
  });

  test("otherwise the error names the missing policy", async () => {
    assert.match((await found()).error, /the WebAssembly module could not be loaded: .*(unsafe-eval|Content Security Policy)/);
  });
});
