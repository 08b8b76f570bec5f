// Runs the whole of Wicketgate on this machine: the page, the authority and the gate in workerd, on one origin, with an
// identity provider and a mail server beside them. What must outlive a stop is in one git-ignored folder.
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import { workerFile, WORKERS } from "../edge/build.mjs";
import { workerOptions } from "../edge/miniflare.mjs";
import { startIdentityProvider } from "./identity-provider.mjs";
import { startMailCatcher } from "./mail-catcher.mjs";
import { demoOrganization } from "./organization.mjs";
import { demoPeople } from "./people.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const PAGE = join(here, "..", "www", "dist");
const ISSUER = "https://authority.acme.example";
/** Well within the hour a gate snapshot lives; deployed, a cron trigger does it. */
const RENEWAL = 15 * 60 * 1000;
/** So many ports are tried where the usual one is in use. */
const TRIES = 20;

/** A fault of the surroundings that the person who starts can put right: shown as one line. */
export class StartError extends Error {}

/**
 * @param {{ port?: number, identityPort?: number, mailPort?: number, dir?: string, signingKey?: object }} [options]
 *   `port` is the page's; of the two others the next free one is taken; 0 takes any. With `signingKey`, a private JWK, the
 *   authority signs with it instead of keys of its own.
 */
export async function start({ port = 8787, identityPort = 8788, mailPort = 8789, dir = join(here, "..", ".wicketgate"), signingKey } = {}) {
  for (const file of [join(PAGE, "index.html"), ...WORKERS.map(workerFile)]) {
    if (!existsSync(file)) throw new StartError("the page and the Workers are not built: run `node demo/build.mjs`");
  }
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const linkSecret = await readOrMakeLinkSecret(dir);
  const page = await reservePort(port);
  const url = `http://localhost:${page}`;
  const { facts, links } = demoOrganization({ keySecret: linkSecret, origin: url });

  const stops = [];
  const stop = async () => {
    for (const end of stops.splice(0).toReversed()) await end();
  };
  try {
    const client = { clientId: "wicketgate", clientSecret: secret(), redirectUri: `${url}/v1/sign-in/callback` };
    const identity = await startIdentity(dir, identityPort, page, { ...client, ...demoPeople(facts) });
    stops.push(identity.stop);
    const mail = await nextFree(mailPort, page, (webPort) => startMailCatcher({ webPort }));
    stops.push(mail.stop);

    const operatorToken = secret();
    const miniflare = new Miniflare({
      host: "127.0.0.1",
      port: page,
      kvPersist: join(dir, "kv"),
      durableObjectsPersist: join(dir, "objects"),
      workers: [
        {
          name: "router",
          modules: true,
          modulesRoot: here,
          scriptPath: join(here, "router.mjs"),
          compatibilityDate: "2026-04-01",
          bindings: { LINKS: links },
          serviceBindings: { AUTHORITY: "authority", GATE: "gate" },
          assets: { directory: PAGE, binding: "PAGE", routerConfig: { has_user_worker: true, invoke_user_worker_ahead_of_assets: true } },
        },
        {
          ...workerOptions("authority"),
          bindings: {
            ISSUER,
            ORGANIZATION: facts.id,
            ORIGIN: url,
            OIDC_ISSUER: identity.issuer,
            OIDC_CLIENT_ID: client.clientId,
            OIDC_CLIENT_SECRET: client.clientSecret,
            SMTP_HOST: "127.0.0.1",
            SMTP_PORT: String(mail.smtpPort),
            SMTP_SECURE: "none",
            MAIL_FROM: "Acme <wicketgate@acme.example>",
            OPERATOR_TOKEN: operatorToken,
            ...(signingKey && { SIGNING_KEY: JSON.stringify(signingKey) }),
          },
        },
        {
          ...workerOptions("gate"),
          bindings: { ISSUER, ORGANIZATION: facts.id },
        },
      ],
    });
    stops.push(() => miniflare.dispose());
    await miniflare.ready;
    await found(url, operatorToken, facts);

    const authority = await miniflare.getWorker("authority");
    const publish = async () => {
      const { outcome } = await authority.scheduled();
      if (outcome !== "ok") throw new StartError("the authority could not publish the gate's snapshots");
    };
    await publish();
    const renewal = setInterval(() => publish().catch((error) => console.error(error.message)), RENEWAL);
    stops.push(() => clearInterval(renewal));
    return { url, facts, links, identity, mail, operatorToken, gateStore: await miniflare.getKVNamespace("GATE", "gate"), publish, dispose: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Once: from then on the organization is what its people made of it. */
async function found(url, operatorToken, facts) {
  const response = await fetch(`${url}/v1/organization`, {
    method: "PUT",
    headers: { Authorization: `Bearer ${operatorToken}`, "Content-Type": "application/json" },
    body: JSON.stringify(facts),
  });
  if (response.ok) return;
  const { code, title } = await response.json().catch(() => ({}));
  if (code !== "already_founded") throw new StartError(`the organization could not be set up: ${title ?? `status ${response.status}`}`);
}

/** At the port it had before: the accounts that people signed in with name its address. */
async function startIdentity(dir, port, page, options) {
  const file = join(dir, "ports.json");
  if (existsSync(file)) {
    const { identity } = JSON.parse(await readFile(file, "utf8"));
    return startIdentityProvider({ port: identity, ...options }).catch((error) => {
      if (error.code !== "EADDRINUSE") throw error;
      throw new StartError(`port ${identity} is in use, and the identity provider's accounts hang on it: free it, or delete ${dir} to begin anew`);
    });
  }
  const identity = await nextFree(port, page, (one) => startIdentityProvider({ port: one, ...options }));
  await writeFile(file, JSON.stringify({ identity: identity.port }));
  return identity;
}

/** Starts something at that port, or at the next that is free. */
async function nextFree(port, page, begin) {
  if (port === 0) return begin(0);
  for (let tried = port; tried < port + TRIES; tried += 1) {
    if (tried === page) continue;
    try {
      return await begin(tried);
    } catch (error) {
      if (error.code !== "EADDRINUSE") throw error;
    }
  }
  throw new StartError(`no port is free from ${port} to ${port + TRIES - 1}`);
}

/** What the link keys are made from, so that they are the same at the next start. */
async function readOrMakeLinkSecret(dir) {
  const file = join(dir, "secrets.json");
  if (existsSync(file)) return JSON.parse(await readFile(file, "utf8")).links;
  const links = secret();
  await writeFile(file, JSON.stringify({ links }), { mode: 0o600, flag: "wx" });
  return links;
}

function secret() {
  return randomBytes(32).toString("base64url");
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
  const { url, links, identity, mail, dispose } = await start({ port: Number(process.env.PORT ?? 8787) });
  const say = (label, text) => console.log(`${label.padEnd(20)}${text}`);
  say("The page", `${url}/`);
  say("Identity provider", `${identity.issuer}/ (no passwords: sign in as anybody)`);
  say("Mail", `${mail.url}/ (what the authority sends)`);
  for (const [label, wanted] of [["A view link", { level: "view" }], ["An edit link", { level: "edit" }], ["An expired link", { expired: true }]]) {
    const link = links.find((one) => one.level === (wanted.level ?? one.level) && one.expired === (wanted.expired ?? false));
    say(label, `${url}/a/${link.assistant}?key=${link.key}`);
  }
  console.log("Ctrl-C stops it.");

  const stop = () => dispose().then(() => process.exit(0));
  process.once("SIGINT", stop).once("SIGTERM", stop);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main().catch((error) => {
    if (!(error instanceof StartError)) throw error;
    console.error(error.message);
    process.exit(1);
  });
}
