// Kills the process while webhooks are being sent, again and again, on the same disk: every event reaches each receiver, in order.
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startIdentityProvider } from "../../demo/identity-provider.mjs";
import { freePort } from "./free-port.mjs";
import { behaviours, startReceiver } from "./receiver.mjs";
import { ISSUER, Member, signIn, smallOrganization } from "./service.mjs";
import { until } from "./until.mjs";
import { configure, startWorkerd } from "./workerd.mjs";

const OPERATOR = "an-operator's-token";
/** The most commands before a kill, and the most milliseconds after the last one. */
const [MOST, LONGEST] = [8, 40];

/**
 * @param kills how often
 * @returns the versions of the acknowledged events, and those that each receiver got, in the order of their arrival
 */
export async function killsDuringDeliveries(kills) {
  const dir = await mkdtemp(join(tmpdir(), "wicketgate-webhook-kills-"));
  const receivers = await Promise.all([startReceiver(), startReceiver(sometimesFails)]);
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const clientSecret = randomBytes(32).toString("base64url");
  const provider = await startIdentityProvider({
    port: 0,
    people: smallOrganization().users,
    redirectUri: `${url}/v1/sign-in/callback`,
    clientId: "wicketgate",
    clientSecret,
  });
  const args = configure({
    dir,
    port,
    bindings: {
      ORGANIZATION: "acme",
      ORIGIN: url,
      ISSUER,
      OPERATOR_TOKEN: OPERATOR,
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: "wicketgate",
      OIDC_CLIENT_SECRET: clientSecret,
    },
  });
  const log = [];
  let worker = await startWorkerd(args, log);
  try {
    await fetch(`${url}/v1/organization`, {
      method: "PUT",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${OPERATOR}` },
      body: JSON.stringify(smallOrganization()),
    });
    const gina = new Member({ url });
    await signIn({ url }, gina.visitor, "gina");
    for (const receiver of receivers) await gina.does({ type: "create_webhook", url: receiver.url, events: ["create_team"] });
    const acknowledged = [];
    for (let kill = 0; kill < kills; kill += 1) {
      const wanted = Math.floor(Math.random() * (MOST + 1));
      for (let n = 0; n < wanted; n += 1) {
        const { version } = await gina.does({ type: "create_team", name: `Team ${kill}-${n}` });
        acknowledged.push(version);
      }
      await new Promise((resolve) => setTimeout(resolve, Math.random() * LONGEST));
      await worker.kill();
      worker = await startWorkerd(args, log);
      // A request wakes the object, which goes on by itself then.
      await gina.json("/v1/session");
    }
    receivers[1].behaviour = behaviours.accepts;
    const last = acknowledged.at(-1);
    for (const receiver of receivers) {
      await until(() => receiver.versions().includes(last), "everything is delivered", 60);
    }
    return { acknowledged, received: receivers.map((receiver) => receiver.versions()), log };
  } finally {
    await worker.kill();
    await Promise.all([...receivers.map((receiver) => receiver.stop()), provider.stop()]);
    await rm(dir, { recursive: true, force: true });
  }
}

/** Accepts nineteen in twenty, and cuts the connection of the others after it has read them. */
function sometimesFails(request, response) {
  if (Math.random() < 0.05) behaviours.cutsTheConnection(request, response);
  else behaviours.accepts(request, response);
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const kills = Number(process.argv[2] ?? 200);
  const { acknowledged, received } = await killsDuringDeliveries(kills);
  for (const versions of received) {
    const missing = acknowledged.filter((version) => !versions.includes(version));
    console.log(`${kills} kills, ${acknowledged.length} events, ${versions.length} requests, ${missing.length} events missing`);
    if (missing.length > 0) process.exitCode = 1;
  }
}
