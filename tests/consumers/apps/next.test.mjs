// Next 16 in the App Router: checks on the server, in server-rendered client components, and in the browser.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { app, assertPage, assertServed, DESCRIBED } from "../../lib/app.mjs";
import { launch } from "../../lib/browser.mjs";

let next, browser;
before(async () => {
  [next, browser] = await Promise.all([app("next"), launch()]);
});
after(async () => {
  await browser?.close();
  await next?.remove();
});

/** Starts it, and checks the answers of a server component, a client component (rendered by the server, then hydrated), a route handler and `proxy.ts`, and those of `also`. */
async function asked(command, ...also) {
  const server = await next.start("node_modules/.bin/next", ...command, "-p", "PORT");
  try {
    await assertServed(server.url, "server component", "client component");
    await assertPage(browser, server.url, "server component", "client component");
    const response = await fetch(`${server.url}api`);
    assert.equal(await response.text(), DESCRIBED);
    assert.equal(decodeURIComponent(response.headers.get("X-Proxy")), DESCRIBED);
    for (const ask of also) await ask(server.url);
  } finally {
    await server.stop();
  }
}
async function adapter(url) {
  await assertServed(`${url}react`, "adapter");
  await assertPage(browser, `${url}react`, "adapter");
}
const edge = async (url) => assert.equal(await (await fetch(`${url}edge`)).text(), DESCRIBED);
const build = (bundler) => next.run("node_modules/.bin/next", "build", `--${bundler}`);

/** The template caches components, which the edge runtime does not support. */
async function configured(options) {
  await next.write("next.config.ts", `export default ${JSON.stringify(options)};`);
  await mkdir(join(next.folder, "app/edge"), { recursive: true });
  await next.write(
    "app/edge/route.ts",
    `import { described, given, snapshotOf } from "../permissions";
    export const runtime = "edge";
    export const GET = async () => new Response(described(await snapshotOf(given())));`,
  );
}

for (const bundler of ["turbopack", "webpack"]) {
  test(`${bundler}: dev`, () => asked(["dev", `--${bundler}`], adapter));

  test(`${bundler}: build and start`, async () => {
    await build(bundler);
    await asked(["start"], adapter);
  });
}

for (const bundler of ["turbopack", "webpack"]) {
  test(`${bundler}: the edge runtime`, async () => {
    await configured({});
    await build(bundler);
    await asked(["start"], edge);
  });

  // Without the adapter: packages that are not bundled load another React than the one of Next.
  test(`${bundler}: with \`serverExternalPackages\``, async () => {
    await configured({ serverExternalPackages: ["wicketgate"] });
    await build(bundler);
    await asked(["start"], edge);
  });
}
