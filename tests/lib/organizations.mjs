// Many organizations in one deployment: the authority and the gate in workerd, at hosts below `localhost`, with real identity providers.
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Miniflare } from "miniflare";
import { generateKeyPair } from "wicketgate/authority";
import { startIdentityProvider } from "../../demo/identity-provider.mjs";
import { startMailCatcher } from "../../demo/mail-catcher.mjs";
import { AUTHORITY, GATE } from "../../demo/routes.mjs";
import { workerOptions } from "../../edge/miniflare.mjs";
import { freePort } from "./free-port.mjs";
import { checkAnswer } from "./contract.mjs";
import "./localhost-names.mjs";
import { Member, signIn } from "./service.mjs";
import { Visitor } from "./visitor.mjs";

const ROUTER = `
const GATE = ${GATE};
const AUTHORITY = ${AUTHORITY};
export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (GATE.test(pathname)) return env.GATE.fetch(request);
    return AUTHORITY.test(pathname) ? env.AUTHORITY.fetch(request) : new Response(null, { status: 404 });
  },
};`;

/**
 * @param {{ people: object[], hosts: string[], bindings?: object }} options `people` have accounts at the identity provider; `hosts` are the
 *   labels below `localhost` to which it sends people back; `worker` replaces Miniflare's options for the authority's modules
 */
export async function startOrganizations({ people, hosts, bindings = {}, worker = {} }) {
  const dir = await mkdtemp(join(tmpdir(), "wicketgate-organizations-"));
  const port = await freePort();
  const originOf = (label) => `http://${label}.localhost:${port}`;
  const apex = originOf("apex");
  const secrets = { OPERATOR_TOKEN: secret(), GATE_TOKEN: secret(), OIDC_CLIENT_SECRET: secret() };
  const redirectUris = ["apex", "*.apex", ...hosts].map((label) => `${originOf(label)}/v1/sign-in/callback`);
  const client = { redirectUri: redirectUris[0], redirectUris, clientId: "wicketgate", clientSecret: secrets.OIDC_CLIENT_SECRET };
  const mail = await startMailCatcher({ smtpPort: 0, webPort: 0 });
  const provider = await startIdentityProvider({ port: 0, people, ...client });
  const { privateKey } = await generateKeyPair();
  const logged = [];
  const produced = new Set();
  /** Compares an answer at the apex with its OpenAPI document. */
  const record = async (response, { method = "GET", body } = {}) => {
    if (new URL(response.url).origin === apex) {
      const text = await response.clone().text();
      produced.add(checkAnswer({ method, url: response.url, body, response, text }, "apex"));
    }
    return response;
  };
  const options = (more = {}) => ({
    host: "127.0.0.1",
    port,
    kvPersist: join(dir, "kv"),
    durableObjectsPersist: join(dir, "objects"),
    handleRuntimeStdio(stdout, stderr) {
      for (const stream of [stdout, stderr]) stream.on("data", (chunk) => logged.push(chunk.toString()));
    },
    workers: [
      {
        name: "router",
        modules: true,
        script: ROUTER,
        compatibilityDate: "2026-04-01",
        serviceBindings: { AUTHORITY: "authority", GATE: "gate" },
      },
      {
        ...workerOptions("authority"),
        ...worker,
        bindings: {
          APEX: apex,
          OIDC_ISSUER: provider.issuer,
          OIDC_CLIENT_ID: "wicketgate",
          SMTP_HOST: "localhost",
          SMTP_PORT: String(mail.smtpPort),
          SMTP_SECURE: "none",
          MAIL_FROM: "Wicketgate <no-reply@platform.example>",
          PASS_KEYS: JSON.stringify({ keys: [privateKey] }),
          ...secrets,
          ...bindings,
          ...more,
        },
      },
      {
        ...workerOptions("gate", { rateLimits: { address: 1_000_000, assistant: 1_000_000 } }),
        bindings: { GATE_TOKEN: secrets.GATE_TOKEN, PASS_KEYS: JSON.stringify({ keys: [privateKey] }), REVALIDATE_AFTER: "0" },
      },
    ],
  });
  let miniflare = new Miniflare(options());
  await miniflare.ready;

  const operator = (path, { method = "GET", body, token = secrets.OPERATOR_TOKEN, origin = apex } = {}) => {
    const request = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const headers = {
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "Content-Type": "application/json" }),
    };
    return fetch(`${origin}/v1/organizations${path}`, { ...request, headers }).then((response) => record(response, request));
  };
  /** A browser, whose answers of the apex are compared with its document. */
  const browser = () => new Visitor(record);
  const platform = {
    apex,
    port,
    dir,
    client,
    mail,
    provider,
    secrets,
    get miniflare() {
      return miniflare;
    },
    produced,
    record,
    originOf,
    log: () => logged.join(""),
    operator,
    /** Asks the operator's interface, and fails unless it answers well. */
    async operate(path, options) {
      const response = await operator(path, options);
      if (!response.ok) throw new Error(`${options?.method ?? "GET"} ${path}: ${response.status} ${await response.text()}`);
      return response.json();
    },
    /** Creates an organization at a label, founded with facts if there are any. */
    async create(id, { facts, hosts = [`${id}.localhost:${port}`], ...more } = {}) {
      const organization = await platform.operate("", { method: "POST", body: { id, hosts, ...more } });
      if (facts) await platform.operate(`/${id}/facts`, { method: "PUT", body: facts });
      return organization;
    },
    /** A browser at the host of a label. @param {Visitor} [visitor] the same browser at another host */
    at: (label, visitor = browser()) => new Member({ url: originOf(label), provider, upgraded: async () => {} }, visitor),
    async signIn(label, person, { visitor, provider: other = provider } = {}) {
      const member = new Member({ url: originOf(label), provider: other, upgraded: async () => {} }, visitor ?? browser());
      const { response } = await signIn(member.service, member.visitor, person);
      if (response.status !== 303) throw new Error(`${person} could not sign in: ${response.status} ${await response.text()}`);
      return member;
    },
    /** The registry's object. */
    async registry() {
      const objects = await miniflare.getDurableObjectNamespace("REGISTRY", "authority");
      return objects.get(objects.idFromName("registry"));
    },
    gate: () => miniflare.getKVNamespace("GATE", "authority"),
    /** Stops the deployment, and starts it on the same disk with other settings of the authority. */
    async restart(more = {}) {
      await miniflare.dispose();
      miniflare = new Miniflare(options(more));
      await miniflare.ready;
    },
    async stop() {
      await miniflare.dispose();
      await Promise.all([mail.stop(), provider.stop()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
  return platform;
}

function secret() {
  return randomBytes(32).toString("base64url");
}
