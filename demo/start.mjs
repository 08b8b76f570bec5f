// Runs all of Wicketgate on this machine: the console, the authority and the gate in workerd, on one origin, with an identity provider, a
// mail server and a customer's site beside them. One git-ignored folder keeps the data between starts.
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import { generateKeyPair } from "wicketgate/authority";
import { workerFile, WORKERS } from "../edge/build.mjs";
import { RATE_LIMITS, workerOptions } from "../edge/miniflare.mjs";
import { startCustomerSite } from "./customer-site.mjs";
import { startIdentityProvider } from "./identity-provider.mjs";
import { startMailCatcher } from "./mail-catcher.mjs";
import { demoOrganization, EMBEDDED } from "./organization.mjs";
import { demoPeople } from "./people.mjs";
import { apexOrigin, foundPlatform, platformOrigins, platformPeople, platformWorkers } from "./platform.mjs";
import { ISSUER } from "./settings.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const PAGE = join(ROOT, "www", "dist");
/** Data and secrets that outlive a stop. */
const DIR = join(ROOT, ".wicketgate");
const PASS_ISSUER = "https://gate.acme.example";
/** Ports that are tried if the usual one is in use. */
const TRIES = 20;

/** A problem that the person at the keyboard can solve: shown as one line. */
class StartError extends Error {}

/**
 * @param {{
 *   port?: number, origin?: string, identityPort?: number, mailPort?: number, customerPort?: number, dir?: string, signingKey?: object,
 *   rateLimits?: { address: number, assistant: number }, passLifetime?: number, revalidateAfter?: number, log?: (text: string) => void,
 * }} [options]
 *   `port` is the page's. For the other ports the next free one is used; 0 uses any. `origin` is the origin in the browser, if a server
 *   in front passes requests on. With `signingKey`, a private JWK, the authority signs with it instead of its own keys. `passLifetime`
 *   and `revalidateAfter` are the gate's, in seconds. `log` gets everything that the Workers write.
 */
export async function start({
  port = 8787,
  origin,
  identityPort = 8788,
  mailPort = 8789,
  customerPort = 8790,
  dir = DIR,
  signingKey,
  rateLimits = RATE_LIMITS,
  passLifetime,
  revalidateAfter,
  log,
} = {}) {
  for (const file of [join(PAGE, "index.html"), ...WORKERS.map(workerFile)]) {
    if (!existsSync(file)) throw new StartError("the page and the Workers are not built: run `node demo/build.mjs`");
  }
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const secrets = await readOrMakeSecrets(dir);
  const page = await reservePort(port);
  const workers = `http://localhost:${page}`;
  const url = origin ?? workers;
  const taken = [page, Number(new URL(url).port)];

  const stops = [];
  const stop = async () => {
    for (const end of stops.splice(0).toReversed()) await end();
  };
  try {
    const customer = await startCustomer(dir, customerPort, taken, url);
    stops.push(customer.stop);
    const { facts, links } = demoOrganization({ keySecret: secrets.links, origin: url, customer: customer.url });
    const client = { clientId: "wicketgate", clientSecret: secret(), redirectUri: `${url}/v1/sign-in/callback` };
    const redirectUris = [url, apexOrigin(page), apexOrigin(page).replace("//", "//*."), ...platformOrigins(page)].map(
      (at) => `${at}/v1/sign-in/callback`,
    );
    const { people, newcomers } = demoPeople(facts);
    const everybody = { people, newcomers: [...newcomers, ...platformPeople()] };
    const identity = await startIdentity(dir, identityPort, taken, { ...client, redirectUris, ...everybody });
    stops.push(identity.stop);
    const mail = await nextFree(mailPort, taken, (webPort) => startMailCatcher({ webPort }));
    stops.push(mail.stop);

    const operatorToken = secret();
    const passes = {
      PASS_KEYS: JSON.stringify(secrets.passKeys),
      ...(passLifetime !== undefined && { PASS_LIFETIME: String(passLifetime) }),
    };
    const authority = {
      ...passes,
      OIDC_ISSUER: identity.issuer,
      OIDC_CLIENT_ID: client.clientId,
      OIDC_CLIENT_SECRET: client.clientSecret,
      SMTP_HOST: "127.0.0.1",
      SMTP_PORT: String(mail.smtpPort),
      SMTP_SECURE: "none",
      MAIL_FROM: "Acme <wicketgate@acme.example>",
      OPERATOR_TOKEN: operatorToken,
      GATE_TOKEN: secrets.gateToken,
    };
    const gate = {
      GATE_TOKEN: secrets.gateToken,
      ...passes,
      ...(revalidateAfter !== undefined && { REVALIDATE_AFTER: String(revalidateAfter) }),
    };
    const miniflare = new Miniflare({
      host: "127.0.0.1",
      port: page,
      ...(log && {
        handleRuntimeStdio: (...streams) => {
          for (const stream of streams) stream.on("data", (chunk) => log(chunk.toString()));
        },
      }),
      kvPersist: join(dir, "kv"),
      durableObjectsPersist: join(dir, "objects"),
      workers: [
        {
          name: "router",
          modules: true,
          modulesRoot: ROOT,
          scriptPath: join(ROOT, "demo", "router.mjs"),
          modulesRules: [{ type: "ESModule", include: ["**/*.mjs"] }],
          compatibilityDate: "2026-04-01",
          serviceBindings: { AUTHORITY: "authority", GATE: "gate", PLATFORM: "platform", PLATFORM_GATE: "platform-gate" },
          assets: {
            directory: PAGE,
            binding: "PAGE",
            routerConfig: { has_user_worker: true, invoke_user_worker_ahead_of_assets: true },
          },
        },
        {
          ...workerOptions("authority"),
          bindings: {
            ...authority,
            ISSUER,
            ORGANIZATION: facts.id,
            ORIGIN: url,
            PASS_ISSUER,
            ...(signingKey && { SIGNING_KEY: JSON.stringify(signingKey) }),
          },
        },
        { ...workerOptions("gate", { rateLimits }), bindings: { ...gate, ISSUER, ORGANIZATION: facts.id, PASS_ISSUER } },
        ...platformWorkers({ port: page, authority, gate, rateLimits }),
      ],
    });
    stops.push(() => miniflare.dispose());
    await miniflare.ready;
    await found(workers, operatorToken, facts);
    await foundPlatform(miniflare, { port: page, operatorToken });

    const objects = await miniflare.getDurableObjectNamespace("DIRECTORY", "authority");
    const publish = async () => {
      const { problem } = await objects.get(objects.idFromName(facts.id)).maintain();
      if (problem) throw new StartError("the authority could not publish the gate's snapshots");
    };
    await publish();
    return {
      url,
      workers,
      facts,
      links,
      identity,
      mail,
      operatorToken,
      platform: platformOrigins(page),
      apex: apexOrigin(page),
      publish,
      dispose: stop,
      customer: { ...customer, embeds: await embeds(workers, customer.url) },
      gateStore: await miniflare.getKVNamespace("GATE", "gate"),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Founds the organization at the first start. Later starts keep what its people changed. */
async function found(url, operatorToken, facts) {
  const response = await fetch(`${url}/v1/organization`, {
    method: "PUT",
    headers: { Authorization: `Bearer ${operatorToken}`, "Content-Type": "application/json" },
    body: JSON.stringify(facts),
  });
  if (response.ok) return;
  const { code, title } = await response.json().catch(() => ({}));
  if (code !== "already_founded")
    throw new StartError(`the organization could not be set up: ${title ?? `status ${response.status}`}`);
}

/** Whether the customer's site may embed its assistant. It may not if the organization was founded with another address of the site. */
async function embeds(url, customer) {
  const response = await fetch(`${url}/embed/${EMBEDDED}`);
  await response.body?.cancel();
  return (response.headers.get("Content-Security-Policy") ?? "").split(" ").includes(customer);
}

/** At its earlier port if that is free, because the organization's facts contain its address. */
async function startCustomer(dir, port, taken, gate) {
  const { customer, identity } = await readJson(dir, "ports.json");
  const site = await nextFree(customer ?? port, [...taken, identity], (one) =>
    startCustomerSite({ port: one, gate, assistant: EMBEDDED }),
  );
  if (customer === undefined) await addToJson(dir, "ports.json", { customer: site.port });
  return site;
}

/** At its earlier port, because the linked accounts contain its address. */
async function startIdentity(dir, port, taken, options) {
  const { identity } = await readJson(dir, "ports.json");
  if (identity !== undefined) {
    return startIdentityProvider({ port: identity, ...options }).catch((error) => {
      if (error.code !== "EADDRINUSE") throw error;
      throw new StartError(
        `port ${identity} is in use, and the identity provider's accounts depend on it: free it, or delete ${dir} to start again`,
      );
    });
  }
  const provider = await nextFree(port, taken, (one) => startIdentityProvider({ port: one, ...options }));
  await addToJson(dir, "ports.json", { identity: provider.port });
  return provider;
}

/** Starts a server at `port`, or at the next free port that is not reserved for another server. */
async function nextFree(port, reserved, begin) {
  if (port === 0) return begin(0);
  for (let tried = port; tried < port + TRIES; tried += 1) {
    if (reserved.includes(tried)) continue;
    try {
      return await begin(tried);
    } catch (error) {
      if (error.code !== "EADDRINUSE") throw error;
    }
  }
  throw new StartError(`no port is free from ${port} to ${port + TRIES - 1}`);
}

/** The secret of link keys, the gate's token and the keys of passes. They are equal at the next start. */
async function readOrMakeSecrets(dir) {
  const kept = await readJson(dir, "secrets.json");
  const missing = {
    ...(!kept.links && { links: secret() }),
    ...(!kept.gateToken && { gateToken: secret() }),
    ...(!kept.passKeys && { passKeys: { keys: [(await generateKeyPair()).privateKey] } }),
  };
  return Object.keys(missing).length > 0 ? addToJson(dir, "secrets.json", missing) : kept;
}

async function readJson(dir, name) {
  const file = join(dir, name);
  return existsSync(file) ? JSON.parse(await readFile(file, "utf8")) : {};
}

async function addToJson(dir, name, members) {
  const all = { ...(await readJson(dir, name)), ...members };
  await writeFile(join(dir, name), JSON.stringify(all), { mode: 0o600 });
  return all;
}

function secret() {
  return randomBytes(32).toString("base64url");
}

/** Finds a port that is free now; 0 is any. */
export function reservePort(port) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error) =>
      reject(
        new StartError(
          error.code === "EADDRINUSE"
            ? `port ${port} is in use: choose another with PORT=<number>`
            : `port ${port}: ${error.message}`,
        ),
      ),
    );
    probe.listen(port, "127.0.0.1", () => {
      const taken = probe.address().port;
      probe.close(() => resolve(taken));
    });
  });
}

async function main() {
  const { url, links, identity, mail, customer, platform, apex, dispose } = await start({ port: Number(process.env.PORT ?? 8787) });
  const say = (label, text) => console.log(`${label.padEnd(22)}${text}`);
  say("Console", `${url}/`);
  for (const other of platform) say("Another organization", `${other}/ (in one deployment with others; Signe is in both)`);
  say("All organizations", `${apex}/ (the list of your own, and a new one)`);
  say("Identity provider", `${identity.issuer}/ (no passwords: sign in as any person)`);
  say("Mail", `${mail.url}/ (mails from the authority)`);
  for (const [label, wanted] of [
    ["A view link", { level: "view" }],
    ["An edit link", { level: "edit" }],
    ["An expired link", { expired: true }],
  ]) {
    const link = links.find((one) => one.level === (wanted.level ?? one.level) && one.expired === (wanted.expired ?? false));
    say(label, `${url}/a/${link.assistant}#${link.key}`);
  }
  say("Customer's site", `${customer.url}/`);
  if (!customer.embeds)
    say("", `Its chat is not available, because no assistant allows this address. Delete ${DIR} to start again.`);
  console.log("Ctrl-C stops it.");
  return dispose;
}

/**
 * Runs a program until Ctrl-C, if it is the one that Node was started with.
 * @param {string} url the program's `import.meta.url`
 * @param {() => Promise<() => Promise<void>>} main returns what stops it
 */
export async function runProgram(url, main) {
  if (process.argv[1] !== fileURLToPath(url)) return;
  try {
    const dispose = await main();
    const stop = () => void dispose().then(() => process.exit(0));
    process.once("SIGINT", stop).once("SIGTERM", stop);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

await runProgram(import.meta.url, main);
