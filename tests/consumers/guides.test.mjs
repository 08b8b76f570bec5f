// Follows the guides exactly in a folder with the packed tarball: writes their files, builds with their commands, and checks the answers.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, afterEach, before, test } from "node:test";
import { generateKeyPair, issue } from "wicketgate/authority";
import { launch } from "../lib/browser.mjs";
import { bin, consumer, run } from "../lib/consumer.mjs";
import { freePort } from "../lib/free-port.mjs";
import { blocks } from "../lib/guide.mjs";
import { until } from "../lib/until.mjs";

const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;

let project, browser;
before(async () => ([project, browser] = await Promise.all([consumer(), launch()])));
after(() => Promise.all([project?.remove(), browser?.close()]));

const started = new Set();
afterEach(async () => {
  for (const server of started) {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    if (server.exitCode === null) process.kill(-server.pid, "SIGKILL");
    else continue;
    await ended;
  }
  started.clear();
});

/** Starts a server of a guide, and waits until it answers. */
async function start(url, command, ...args) {
  const server = spawn(command, args, {
    cwd: project.folder,
    env: { ...env, DENO_NO_UPDATE_CHECK: "1" },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.add(server);
  let said = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (text) => (said += text));
  await until(
    async () => {
      assert.equal(server.exitCode, null, `${command} ${args.join(" ")} ended:\n${said}`);
      return await fetch(url).then(
        (response) => response.body?.cancel().then(() => true),
        () => false,
      );
    },
    `an answer of ${command} ${args.join(" ")}`,
    60,
  );
}

/** Replaces a text of the guide that occurs once. */
function instead(text, printed, other) {
  assert.equal(text.split(printed).length, 2, `the guide prints \`${printed}\` once`);
  return text.replace(printed, other);
}

for (const [name, document, file, printed, command] of [
  ["Deno", "docs/guides/deno.md", "main.ts", "port: 8000", [bin("deno"), "run", "--allow-net", "--no-remote", "main.ts"]],
  ["Bun", "docs/guides/bun.md", "server.ts", "port: 3000", [bin("bun"), "run", "server.ts"]],
]) {
  test(`${name}: the server answers by the rules`, { timeout: 90_000 }, async () => {
    const port = await freePort();
    const text = instead(blocks(document)[file], printed, `port: ${port}`).replaceAll('"npm:', '"');
    await project.write({ [file]: text });
    await start(`http://localhost:${port}/`, ...command);
    const ask = async (id) => {
      const response = await fetch(`http://localhost:${port}/assistants/${id}`);
      return [response.status, await response.json()];
    };
    assert.deepEqual(await ask("helper"), [200, { allowed: true, because: [{ relation: "assistant_owner" }] }]);
    assert.deepEqual(await ask("other"), [403, { allowed: false, denied: "unknown_target" }]);
  });
}

test("AWS Lambda: one bundled file; the snapshot is loaded again after its expiry", { timeout: 60_000 }, async () => {
  const files = blocks("docs/guides/lambda.md");
  await project.write(files);
  await run(
    bin("esbuild"),
    [
      "handler.ts",
      "--bundle",
      "--platform=node",
      "--target=node20",
      "--format=cjs",
      "--outfile=dist/handler.cjs",
      "--log-level=error",
    ],
    { cwd: project.folder },
  );
  const { publicKey, privateKey } = await generateKeyPair();
  const facts = {
    id: "acme",
    users: [{ id: "u_Zoe7kQ1", role: "user" }],
    teams: [{ id: "t_zak0zn" }],
    projects: [{ id: "p_caste9", team: "t_zak0zn" }],
    assistants: [{ id: "a_1Wn0xP", project: "p_caste9", owner: "u_Zoe7kQ1", name: "Pomocník", accessibility: "only_me" }],
  };
  const claims = { key: privateKey, issuer: "https://authority.acme.example", audience: "acme-server", version: 1, expiresIn: 60 };
  let asked = 0;
  const { fetch } = globalThis;
  globalThis.fetch = async (url) => {
    if (String(url).endsWith("jwks.json")) return Response.json({ keys: [publicKey] });
    return asked++ === 0 ? new Response("not yet", { status: 503 }) : new Response(await issue(facts, claims));
  };
  try {
    const { handler } = (await import(pathToFileURL(join(project.folder, "dist/handler.cjs")).href)).default;
    const event = (id, sub) => ({
      pathParameters: { id },
      requestContext: sub ? { authorizer: { jwt: { claims: { sub } } } } : {},
    });
    await assert.rejects(handler(event("a_1Wn0xP", "u_Zoe7kQ1")), /503/);
    assert.equal((await handler(event("a_1Wn0xP", "u_Zoe7kQ1"))).statusCode, 200, "a failure is not kept");
    assert.equal((await handler(event("a_1Wn0xP", "u_else"))).statusCode, 403);
    assert.equal((await handler(event("a_1Wn0xP"))).statusCode, 401);
    assert.equal(asked, 2, "what is valid is kept");
  } finally {
    globalThis.fetch = fetch;
  }
});

/** The text of a page; errors on its console are failures. */
async function page(url, look) {
  const tab = await browser.newPage();
  const errors = [];
  tab.on(
    "console",
    (message) => message.type() === "error" && !message.location().url.endsWith("/favicon.ico") && errors.push(message.text()),
  );
  tab.on("pageerror", (error) => errors.push(String(error)));
  try {
    await tab.goto(url);
    const seen = await look(tab);
    assert.deepEqual(errors, []);
    return seen;
  } finally {
    await tab.close();
  }
}
const button = async (tab) => {
  await tab.locator("#why").filter({ hasText: "allowed" }).waitFor();
  return [await tab.locator("#edit").isVisible(), JSON.parse(await tab.locator("#why").innerText())];
};

test("start in five minutes: a button for the permitted person, with a snapshot signed in the page, then by a server", {
  timeout: 120_000,
}, async () => {
  const [port, authority] = [await freePort(), await freePort()];
  const [first, last] = [blocks("docs/start.md", { first: true }), blocks("docs/start.md")];
  const url = `http://localhost:${port}/`;
  await project.write({
    ...first,
    "server.mjs": instead(last["server.mjs"], "8788", String(authority)),
    "vite.config.js": last["vite.config.js"].replaceAll("8788", String(authority)),
  });
  await start(`http://localhost:${authority}/`, process.execPath, "server.mjs");
  await start(url, bin("vite"), "--port", String(port), "--strictPort");
  assert.deepEqual(await page(url, button), [true, { allowed: true, because: [{ relation: "assistant_owner" }] }]);
  await project.write({ "main.js": instead(first["main.js"], 'user: "vic" });', 'user: "una" });') });
  assert.deepEqual(await page(url, button), [false, { allowed: false, denied: "not_granted" }]);
  await project.write({ "main.js": last["main.js"] });
  assert.notEqual(first["main.js"], last["main.js"]);
  assert.deepEqual(await page(url, button), [true, { allowed: true, because: [{ relation: "assistant_owner" }] }]);
  // A changed answer is refused.
  const tab = await browser.newPage();
  await tab.route("**/v1/snapshot", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace("only_team", "public") });
  });
  const [refused] = await Promise.all([tab.waitForEvent("pageerror"), tab.goto(url)]);
  assert.match(refused.message, /signature/);
  assert.equal(await tab.locator("#edit").isVisible(), false);
  await tab.close();
});
