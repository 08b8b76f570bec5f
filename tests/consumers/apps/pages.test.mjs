// Apps of static pages: the folder of their production build, on a static web server.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { app, assertPage } from "../../lib/app.mjs";
import { launch } from "../../lib/browser.mjs";
import { serve } from "../../lib/consumer.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

/** Builds an app with its own script, once for these tests. Returns the path of `folder`. */
function built(name, folder) {
  let made;
  before(async () => {
    made = await app(name);
    await made.write("public/snapshot.json", made.snapshotJson);
    await made.run("npm", "run", "build");
  });
  after(() => made?.remove());
  return () => join(made.folder, folder);
}

/** Serves the folder and checks the page. Returns the requested files that were missing. */
async function asked(folder, fallback) {
  const server = await serve(folder, {}, fallback);
  try {
    await assertPage(browser, server.url, "component");
    return server.missing;
  } finally {
    await server.close();
  }
}

for (const [title, name] of [
  ["Vue with Vite", "vue-vite"],
  ["React with Vite", "react-vite"],
]) {
  describe(title, () => {
    const folder = built(name, "dist");
    test("fetches the module from its own file", async () => assert.deepEqual(await asked(folder()), []));
  });
}

describe("Angular", () => {
  const folder = built("angular", "dist/angular/browser");

  test("loads the chunk if the server answers with HTML for missing files", async () =>
    assert.deepEqual(await asked(folder(), "index.html"), ["/member.wasm"]));
});
