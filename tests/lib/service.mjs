// The authority alone in workerd, with storage on disk, a real identity provider and a real mail server.
import { randomBytes } from "node:crypto";
import { text } from "node:stream/consumers";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Miniflare } from "miniflare";
import WebSocket from "ws";
import { startIdentityProvider } from "../../demo/identity-provider.mjs";
import { startMailCatcher } from "../../demo/mail-catcher.mjs";
import { workerOptions } from "../../edge/miniflare.mjs";
import { checkAnswer } from "./contract.mjs";
import { freePort } from "./free-port.mjs";
import { editStorage } from "./storage-editor.mjs";
import { Visitor } from "./visitor.mjs";

export const ISSUER = "https://authority.acme.example";
export const AUDIENCE = "wicketgate-console";
/** The cookies' names on loopback. Elsewhere they begin with `__Host-`. */
export const SESSION_COOKIE = "loopback-wicketgate-session";
export const SIGN_IN_COOKIE = "loopback-wicketgate-sign-in";

/** A small organization with a person for each case. */
export function smallOrganization() {
  return {
    id: "acme",
    users: [
      { id: "gina", role: "global_admin", email: "gina@acme.example" },
      { id: "abe", role: "application_admin", email: "abe@acme.example" },
      { id: "uma", role: "user", email: "uma@acme.example" },
      { id: "udo", role: "user", email: "udo@acme.example" },
      { id: "sam", role: "user", status: "suspended", email: "sam@acme.example" },
    ],
    teams: [{ id: "support", name: "Support", creator: "abe", members: [{ user: "uma", role: "owner" }] }],
    projects: [{ id: "faq", team: "support", creator: "uma", name: "FAQ" }],
    assistants: [
      {
        id: "site",
        project: "faq",
        owner: "uma",
        name: "Site",
        accessibility: "public",
        embed: { origins: ["https://docs.acme.example"] },
      },
      { id: "draft", project: "faq", owner: "uma", name: "Draft", accessibility: "only_me" },
    ],
  };
}

const NEWCOMERS = [
  { id: "nora", email: "nora@acme.example" },
  { id: "nils", email: "nils@acme.example" },
  { id: "newt", email: "newt@acme.example" },
  { id: "ulla", email: "ulla@acme.example", verified: false },
];

/** @param options `worker` replaces Miniflare's options for the authority's modules */
export async function startService({ facts = smallOrganization(), founder, newcomers = [], bindings = {}, worker = {} } = {}) {
  const dir = await mkdtemp(join(tmpdir(), "wicketgate-service-"));
  const objects = join(dir, "objects");
  const url = `http://localhost:${await freePort()}`;
  const secrets = { OPERATOR_TOKEN: secret(), GATE_TOKEN: secret(), OIDC_CLIENT_SECRET: secret() };
  const mail = await startMailCatcher({ smtpPort: 0, webPort: 0 });
  const provider = await startIdentityProvider({
    port: 0,
    people: facts?.users ?? [],
    newcomers: [...NEWCOMERS, ...newcomers],
    redirectUri: `${url}/v1/sign-in/callback`,
    clientId: "wicketgate",
    clientSecret: secrets.OIDC_CLIENT_SECRET,
  });
  const logged = [];
  const answers = [];
  const produced = new Set();
  /** Keeps an answer, and compares it with the OpenAPI document. */
  const record = async (response, { method = "GET", body } = {}) => {
    const headers = [...response.headers].filter(([name]) => name !== "set-cookie");
    // A stream has no end: its reader reads it.
    const isStream = response.headers.get("Content-Type") === "text/event-stream";
    const text = isStream ? "" : await response.clone().text();
    answers.push(JSON.stringify(headers), text);
    produced.add(checkAnswer({ method, url: response.url, body, response, text }));
    return response;
  };
  const options = (more = {}) => ({
    host: "127.0.0.1",
    port: Number(new URL(url).port),
    kvPersist: join(dir, "kv"),
    durableObjectsPersist: objects,
    handleRuntimeStdio(stdout, stderr) {
      for (const stream of [stdout, stderr]) stream.on("data", (chunk) => logged.push(chunk.toString()));
    },
    workers: [
      {
        ...workerOptions("authority"),
        ...worker,
        bindings: {
          ORGANIZATION: "acme",
          ORIGIN: url,
          ISSUER,
          OIDC_ISSUER: provider.issuer,
          OIDC_CLIENT_ID: "wicketgate",
          SMTP_HOST: "localhost",
          SMTP_PORT: String(mail.smtpPort),
          SMTP_SECURE: "none",
          MAIL_FROM: "Acme <no-reply@acme.example>",
          ...(founder && { FOUNDER: founder }),
          ...secrets,
          ...bindings,
          ...more,
        },
      },
    ],
  });
  let miniflare = new Miniflare(options());
  await miniflare.ready;

  const service = {
    url,
    objects,
    mail,
    provider,
    secrets,
    /** The output of workerd. */
    log: () => logged.join(""),
    /** All answers: headers and bodies, without the cookies. */
    answered: () => answers.join("\n"),
    record,
    /** Compares the answer to a request for a WebSocket with the document. */
    async upgraded({ statusCode: status, headers }, text) {
      const response = { status, headers: new Headers(headers), ok: false };
      produced.add(checkAnswer({ method: "GET", url: `${url}/v1/updates`, response, text }));
    },
    /** What was answered, as the OpenAPI document has it: `GET /v1/delta 409 delta_unavailable`. */
    produced,
    get miniflare() {
      return miniflare;
    },
    gate: () => miniflare.getKVNamespace("GATE", "authority"),
    /** Lets the organization's object do its upkeep now. */
    async maintain() {
      const objects = await miniflare.getDurableObjectNamespace("DIRECTORY", "authority");
      const { value, problem } = await objects.get(objects.idFromName("acme")).maintain();
      if (problem) throw new Error(problem.title);
      return value;
    },
    /** Stops the service, runs the given change of the database or the disk, and starts it on the same disk. */
    async restart({ edit = [], disk = async () => {}, ...more } = {}) {
      await miniflare.dispose();
      await disk();
      const rows = edit.length > 0 ? await editStorage(service, edit) : [];
      miniflare = new Miniflare(options(more));
      await miniflare.ready;
      return rows;
    },
    operator(path, { method = "POST", body = {}, token = secrets.OPERATOR_TOKEN } = {}) {
      const request = { method, ...(body && { body: JSON.stringify(body) }) };
      const headers = { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) };
      return fetch(url + path, { ...request, headers }).then((response) => record(response, request));
    },
    member: () =>
      new Member(
        service,
        new Visitor((response, request) => (new URL(response.url).origin === url ? record(response, request) : response)),
      ),
    /** A program with an API key. @param headers of each request: on whose behalf, from where */
    machine: (secret, headers = {}) => new Machine(service, secret, headers),
    async signIn(person) {
      const member = service.member();
      const { response } = await signIn(service, member.visitor, person);
      if (response.status !== 303) throw new Error(`${person} could not sign in: ${response.status} ${await response.text()}`);
      return member;
    },
    async stop() {
      await miniflare.dispose();
      await Promise.all([mail.stop(), provider.stop()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
  if (facts) {
    const response = await service.operator("/v1/organization", { method: "PUT", body: facts });
    if (response.status !== 201) {
      const why = await response.text();
      await service.stop();
      throw new Error(`the organization was refused: ${why}`);
    }
  }
  return service;
}

/** A person with their browser. */
export class Member {
  constructor(service, visitor = new Visitor()) {
    this.service = service;
    this.visitor = visitor;
  }

  get(path, headers = {}) {
    return this.visitor.request(this.service.url + path, { headers });
  }

  async json(path) {
    const response = await this.get(path);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  post(path, body = {}, headers = {}) {
    return this.visitor.request(this.service.url + path, {
      method: "POST",
      headers: { "Content-Type": "application/json", Origin: this.service.url, ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  }

  command(command, headers = {}) {
    return this.post("/v1/commands", command, headers);
  }

  /** Sends a command, and fails if it is refused. */
  async does(command, headers) {
    const response = await this.command(command, headers);
    const answer = await response.json();
    if (response.status !== 200) throw new Error(`${command.type}: ${JSON.stringify(answer)}`);
    return answer;
  }

  get session() {
    return this.visitor.cookie(this.service.url, SESSION_COOKIE)?.value;
  }

  /** A WebSocket to the updates. `next()` waits for the next version, `closed` is a promise of the close code. */
  async updates(headers = {}) {
    const socket = new WebSocket(`${this.service.url.replace("http", "ws")}/v1/updates`, {
      headers: { Origin: this.service.url, Cookie: `${SESSION_COOKIE}=${this.session}`, ...headers },
    });
    const versions = [];
    const waiting = [];
    socket.on("message", (data) => {
      const text = data.toString();
      const message = text === "pong" ? text : JSON.parse(text).version;
      if (waiting.length > 0) waiting.shift()(message);
      else versions.push(message);
    });
    const closed = new Promise((resolve) => socket.on("close", resolve));
    await new Promise((resolve, reject) => {
      socket.once("upgrade", (response) => this.service.upgraded(response, "").catch(reject));
      socket.once("open", resolve);
      socket.once("unexpected-response", async (_, response) => {
        await this.service.upgraded(response, await text(response)).catch(reject);
        reject(Object.assign(new Error("refused"), { status: response.statusCode, headers: response.headers }));
      });
      socket.once("error", reject);
    });
    // The server has sent its close frame, so the code is known. The local runtime keeps the connection for some seconds more.
    const closing = setInterval(() => {
      if (socket.readyState === WebSocket.CLOSING) socket.terminate();
    }, 5);
    void closed.then(() => clearInterval(closing));
    return {
      next: () => (versions.length > 0 ? Promise.resolve(versions.shift()) : new Promise((resolve) => waiting.push(resolve))),
      send: (text) => socket.send(text),
      /** Stops reading, so that even the close frame is not seen. */
      deafen: () => socket.pause(),
      closed,
      close: () => socket.terminate(),
    };
  }
}

/** A program with an API key, without cookies and without an origin. */
export class Machine {
  constructor(service, secret, headers) {
    this.service = service;
    this.headers = { Authorization: `Bearer ${secret}`, ...headers };
  }

  async request(path, { headers = {}, ...init } = {}) {
    const response = await fetch(this.service.url + path, { ...init, headers: { ...this.headers, ...headers } });
    return this.service.record(response, init);
  }

  get(path, headers = {}) {
    return this.request(path, { headers });
  }

  async json(path) {
    const response = await this.get(path);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  post(path, body = {}, headers = {}) {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return this.request(path, { method: "POST", body: text, headers: { "Content-Type": "application/json", ...headers } });
  }

  command(command, headers = {}) {
    return this.post("/v1/commands", command, headers);
  }

  /** The same key on behalf of a user. */
  as(user) {
    return new Machine(this.service, this.headers.Authorization.slice("Bearer ".length), {
      ...this.headers,
      "Wicketgate-Act-As": user,
    });
  }
}

/**
 * Signs a person in on the identity provider's page. `path` is the authority's route that begins it, or `location` the provider's address;
 * `returning` may change the address to which the provider sends the browser back.
 */
export async function signIn(service, visitor, person, { path = "/v1/sign-in", location, returning = (url) => url } = {}) {
  const start = location ?? (await visitor.request(service.url + path)).headers.get("Location");
  const callback = await authenticate(service, visitor, person, start);
  const response = await visitor.request(returning(callback), { headers: { Accept: "application/json" } });
  return { response, callback };
}

/** Opens the link in an invitation's mail and signs in as a person. */
export async function acceptInvitation(service, { links }, person) {
  const member = service.member();
  const response = await member.post("/v1/invitation", { token: new URL(links[0]).hash.slice(1) });
  if (response.status !== 200) throw new Error(`the link was refused: ${response.status} ${await response.text()}`);
  const { location } = await response.json();
  return { member, response: (await signIn(service, member.visitor, person, { location })).response };
}

/** The identity provider's part of signing in: from its address to the address to which it sends the browser. */
export async function authenticate(service, visitor, person, location) {
  const ours = ({ origin }) => origin === service.url;
  const { url: page } = await visitor.follow(location, {}, ours);
  if (ours(page)) return page;
  const { url } = await visitor.follow(
    page,
    {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ person }).toString(),
    },
    ours,
  );
  return url;
}

function secret() {
  return randomBytes(32).toString("base64url");
}
