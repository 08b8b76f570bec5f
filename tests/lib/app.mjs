// Apps from the frameworks' own templates (tests/consumers/apps) with the packed package installed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateKeyPair, issue } from "wicketgate/authority";
import { pack, root, run, writeInto } from "./consumer.mjs";
import { freePort } from "./free-port.mjs";
import { until } from "./until.mjs";

const FACTS = {
  id: "org_8fQ2rV",
  users: [
    { id: "u_Zoe7kQ1", role: "user" },
    { id: "u_Ndr4x", role: "user" },
  ],
  teams: [{ id: "t_zak0zn", members: [{ user: "u_Zoe7kQ1", role: "viewer" }] }],
  projects: [{ id: "p_caste9", team: "t_zak0zn" }],
  assistants: [
    { id: "a_1Wn0xP", project: "p_caste9", owner: "u_Zoe7kQ1", name: "Pomocník zákaznické podpory", accessibility: "only_me" },
    { id: "a_9sKq2T", project: "p_caste9", owner: "u_Ndr4x", name: "Conseillère déléguée", accessibility: "only_team" },
  ],
};
/** The text that each part of each app shows about {@link snapshot}. */
export const DESCRIBED = "Pomocník zákaznické podpory: true; Conseillère déléguée: not_granted";

/** A person's snapshot and the keys to verify it. */
export async function snapshot() {
  const { publicKey, privateKey } = await generateKeyPair();
  const token = await issue(FACTS, { key: privateKey, version: 1, expiresIn: 86_400, scope: { member: "u_Zoe7kQ1" } });
  return { token, keys: { keys: [publicKey] } };
}

/** The environment of the apps: no telemetry, no colours, no variables of the test runner. */
const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...inherited } = process.env;
const QUIET = {
  ...inherited,
  CI: "1",
  NO_COLOR: "1",
  NEXT_TELEMETRY_DISABLED: "1",
  NG_CLI_ANALYTICS: "false",
  NUXT_TELEMETRY_DISABLED: "1",
};

let packed;

/**
 * Copies an app into a folder of its own and installs it with the versions of its lock file. {@link snapshot} is in its environment. `run` runs a command there and
 * `write` writes a file; `start` starts a server and returns its address once it answers (the argument `PORT` is replaced by a free port); `remove` stops the
 * servers and removes the folder. `flags` are options of npm for installing the package.
 */
export async function app(name, ...flags) {
  const folder = await mkdtemp(join(tmpdir(), `wicketgate-${name}-`));
  const snapshotJson = JSON.stringify(await snapshot());
  const env = { ...QUIET, SNAPSHOT: snapshotJson };
  const started = new Set();
  const remove = async () => {
    await Promise.all([...started].map(stop));
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const here = {
    folder,
    snapshotJson,
    remove,
    run: (command, ...args) => run(command, args, { cwd: folder, env, timeout: 600_000 }),
    write: (path, text) => writeInto(folder, { [path]: text }),
    async start(command, ...args) {
      const port = await freePort();
      const process = spawn(
        command,
        args.map((arg) => (arg === "PORT" ? String(port) : arg)),
        {
          cwd: folder,
          env: { ...env, PORT: String(port), HOST: "127.0.0.1" },
          detached: true,
          stdio: ["ignore", "pipe", "pipe"],
        },
      );
      let output = "";
      for (const stream of [process.stdout, process.stderr]) stream.on("data", (text) => (output += text));
      started.add(process);
      const url = `http://localhost:${port}/`;
      const answers = async () => {
        assert.equal(process.exitCode, null, `${command} ${args.join(" ")} ended:\n${output}`);
        return await fetch(url).then(
          (response) => response.body?.cancel().then(() => true),
          () => false,
        );
      };
      await until(answers, `an answer of ${command} ${args.join(" ")}`, 180).catch(({ message }) =>
        assert.fail(`${message}\n${output}`),
      );
      return { url, output: () => output, stop: () => (started.delete(process), stop(process)) };
    },
  };
  try {
    await cp(join(root, "tests/consumers/apps", name), folder, { recursive: true });
    packed ??= mkdtemp(join(tmpdir(), "wicketgate-packed-")).then(
      (folder) => (process.once("exit", () => rmSync(folder, { recursive: true, force: true })), pack(folder)),
    );
    const { tarball } = await packed;
    await here.run("npm", "ci", "--no-audit", "--no-fund", "--prefer-offline");
    await here.run("npm", "install", "--no-audit", "--no-fund", "--prefer-offline", ...flags, tarball);
    return here;
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Kills a server and its child processes. */
async function stop(server) {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  process.kill(-server.pid, "SIGKILL");
  await ended;
}

/**
 * Opens a page, waits until each part shows {@link DESCRIBED}, and clicks the page's button. Errors on the console are failures.
 * @param parts the names of the page's parts (`data-answer`)
 */
export async function assertPage(browser, url, ...parts) {
  const page = await browser.newPage();
  const errors = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  try {
    await page.goto(url);
    for (const part of parts) {
      const shown = page.locator(`[data-answer="${part}"]`);
      await shown
        .getByText(DESCRIBED, { exact: true })
        .waitFor({ timeout: 30_000 })
        .catch(async (error) => {
          throw new Error(`${url} does not show ${part}: ${error.message}\n${await page.content()}\n${errors.join("\n")}`);
        });
    }
    const button = page.getByText(/^clicked/);
    // A button that the server rendered does nothing until it is hydrated.
    await until(async () => (await button.click(), (await button.textContent()) !== "clicked 0"), "a click with an effect", 30);
    assert.deepEqual(errors, []);
  } finally {
    await page.close();
  }
}

/** Asserts that the server's HTML has {@link DESCRIBED} in each part, without a browser. */
export async function assertServed(url, ...parts) {
  const html = await (await fetch(url)).text();
  for (const part of parts) assert.match(html, new RegExp(`data-answer="${part}"[^>]*>(<!--.*?-->)*${DESCRIBED}`), part);
}
