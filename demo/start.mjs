// Runs the whole of Wicketgate on this machine: the page, the authority and the gate in workerd, on one origin, over the
// demonstration organization. What must outlive a stop (the keys, the stores) is in one git-ignored folder.
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import { generateKeyPair } from "wicketgate/authority";
import { workerFile, WORKERS } from "../edge/build.mjs";
import { demoOrganization } from "./organization.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const PAGE = join(here, "..", "www", "dist");
const ISSUER = "https://authority.acme.example";
const COMPATIBILITY_DATE = "2026-04-01";
/** Well within the hour a gate snapshot lives; deployed, a cron trigger does it. */
const RENEWAL = 15 * 60 * 1000;

/** A fault of the surroundings that the person who starts can put right: shown as one line. */
export class StartError extends Error {}

/**
 * @param {{ port?: number, dir?: string, developmentSignIn?: boolean }} [options]
 *   port 0 takes a free one; without the development sign-in the authority serves no member, as when deployed
 */
export async function start({ port = 8787, dir = join(here, "..", ".wicketgate"), developmentSignIn = true } = {}) {
  for (const file of [join(PAGE, "index.html"), ...WORKERS.map(workerFile)]) {
    if (!existsSync(file)) throw new StartError("the page and the Workers are not built: run `node demo/build.mjs`");
  }
  const secrets = await readOrMakeSecrets(dir);
  const taken = await reservePort(port);
  const url = `http://localhost:${taken}`;
  const { facts, links } = demoOrganization({ keySecret: secrets.links, origin: url });

  const miniflare = new Miniflare({
    host: "127.0.0.1",
    port: taken,
    kvPersist: join(dir, "kv"),
    workers: [
      {
        name: "router",
        modules: true,
        modulesRoot: here,
        scriptPath: join(here, "router.mjs"),
        compatibilityDate: COMPATIBILITY_DATE,
        bindings: { LINKS: links },
        serviceBindings: { AUTHORITY: "authority", GATE: "gate" },
        assets: { directory: PAGE, binding: "PAGE", routerConfig: { has_user_worker: true, invoke_user_worker_ahead_of_assets: true } },
      },
      {
        ...worker("authority"),
        bindings: {
          ISSUER,
          SIGNING_KEY: JSON.stringify(secrets.signing),
          ...(developmentSignIn && { DEVELOPMENT_SIGN_IN: "on" }),
        },
        kvNamespaces: { DIRECTORY: "directory", GATE: "gate" },
      },
      {
        ...worker("gate"),
        bindings: { ISSUER, ORGANIZATION: facts.id },
        kvNamespaces: { GATE: "gate" },
        serviceBindings: { AUTHORITY: "authority" },
      },
    ],
  });
  try {
    await miniflare.ready;
    const directoryStore = await miniflare.getKVNamespace("DIRECTORY", "authority");
    await storeFacts(directoryStore, facts);
    const authority = await miniflare.getWorker("authority");
    const publish = async () => {
      const { outcome } = await authority.scheduled();
      if (outcome !== "ok") throw new StartError("the authority could not publish the gate's snapshots");
    };
    await publish();
    const renewal = setInterval(() => publish().catch((error) => console.error(error.message)), RENEWAL);
    return {
      url,
      facts,
      links,
      directoryStore,
      gateStore: await miniflare.getKVNamespace("GATE", "gate"),
      publish,
      async dispose() {
        clearInterval(renewal);
        await miniflare.dispose();
      },
    };
  } catch (error) {
    await miniflare.dispose();
    throw error;
  }
}

function worker(name) {
  return {
    name,
    modules: true,
    modulesRoot: dirname(workerFile(name)),
    scriptPath: workerFile(name),
    modulesRules: [{ type: "ESModule", include: ["**/*.js"] }, { type: "CompiledWasm", include: ["**/*.wasm"] }],
    compatibilityDate: COMPATIBILITY_DATE,
  };
}

/** The version grows when the facts change, and only then: a page that has seen one refuses an older. */
async function storeFacts(store, facts) {
  const text = JSON.stringify(facts);
  const { value, metadata } = await store.getWithMetadata("facts");
  if (value === text) return;
  await store.put("facts", text, { metadata: { version: (metadata?.version ?? 0) + 1 } });
}

async function readOrMakeSecrets(dir) {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const file = join(dir, "secrets.json");
  if (existsSync(file)) return JSON.parse(await readFile(file, "utf8"));
  const { privateKey } = await generateKeyPair();
  const secrets = { signing: privateKey, links: randomBytes(32).toString("base64url") };
  await writeFile(file, JSON.stringify(secrets), { mode: 0o600, flag: "wx" });
  return secrets;
}

function reservePort(port) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error) => reject(new StartError(
      error.code === "EADDRINUSE" ? `port ${port} is in use: choose another with PORT=<number>` : `port ${port}: ${error.message}`)));
    probe.listen(port, "127.0.0.1", () => {
      const taken = probe.address().port;
      probe.close(() => resolve(taken));
    });
  });
}

async function main() {
  const running = await start({ port: Number(process.env.PORT ?? 8787) });
  const { url, facts, links } = running;
  console.log(`Signed: ${facts.users.length} people, ${facts.teams.length} teams, ${facts.assistants.length} assistants`);
  console.log(`\nThe page            ${url}/?as=ben`);
  for (const [label, wanted] of [["A view link", { level: "view" }], ["An edit link", { level: "edit" }], ["An expired link", { expired: true }]]) {
    const link = links.find((one) => one.level === (wanted.level ?? one.level) && one.expired === (wanted.expired ?? false));
    console.log(`${label.padEnd(20)}${url}/a/${link.assistant}?key=${link.key}`);
  }
  console.log("\nCtrl-C stops it.");

  const stop = () => running.dispose().then(() => process.exit(0));
  process.once("SIGINT", stop).once("SIGTERM", stop);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main().catch((error) => {
    if (!(error instanceof StartError)) throw error;
    console.error(error.message);
    process.exit(1);
  });
}
