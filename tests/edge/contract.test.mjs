// Every answer of the OpenAPI document of organizations is produced by the real Worker. The service of these tests compares each answer with the document, so that
// an undocumented one fails too.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { generateKeyPair } from "wicketgate/authority";
import { limits } from "wicketgate/contract";
import { addressOf, answering as answeringOf, documented, mayBe, operationsOf } from "../lib/contract.mjs";
import { assertProblem } from "../lib/problem.mjs";
import { startReceiver } from "../lib/receiver.mjs";
import {
  acceptInvitation,
  authenticate,
  Member,
  SIGN_IN_COOKIE,
  signIn,
  smallOrganization,
  startService,
} from "../lib/service.mjs";
import { failingObjects, standIn } from "../lib/stand-in.mjs";
import { until } from "../lib/until.mjs";

const operations = operationsOf("authority");
/** Bytes that are no UTF-8. */
const NO_TEXT = Buffer.from([0x22, 0xff, 0x22]);

/** Readers of streams of events: with three streams each, more than there may be. */
const AUDITORS = Array.from({ length: 17 }, (_, n) => `auditor${n}`);

/** The small organization, with what commands need to be refused for each reason. */
function organization() {
  const facts = smallOrganization();
  facts.roles = [{ id: "helper", on: "team", grants: ["team.view"] }];
  facts.teams[0].members.push({ user: "udo", role: "helper" });
  facts.roles.push({ id: "auditor", on: "organization", grants: ["audit.view"] });
  for (const id of AUDITORS) facts.users.push({ id, role: "auditor", email: `${id}@acme.example` });
  facts.users.push({ id: "rae", role: "user", email: "rae@acme.example" }, { id: "sue", role: "user", email: "sue@acme.example" });
  facts.assistants.push({ id: "inner", project: "faq", owner: "uma", name: "Inner", accessibility: "only_team" });
  return facts;
}

/** Every service of this file. They run until the end, when it is asked what all of them have answered. */
const services = [];
async function start(options) {
  const service = await startService(options);
  services.push(service);
  return service;
}
after(() => Promise.all(services.map((service) => service.stop())));

const answering = (status, code) => answeringOf("authority", status, code);

/** A command at each address that decides it, with its body there. */
function inEachWay(command) {
  return [
    ["/v1/preview", command],
    ["/v1/commands", command],
    ["/v1/commands/batch", { atomic: true, commands: [{ command }] }],
  ];
}

/**
 * Sends the example of an operation as the caller that it needs.
 * @param options `body` and `headers` replace those of the example
 */
async function send(service, member, entry, { body, headers = {} } = {}) {
  const { method, operation } = entry;
  const { operationId } = operation;
  if (operationId === "openUpdates")
    return updatesOf(service, member, headers).then(
      (socket) => socket.close(),
      () => {},
    );
  if (operationId === "finishSignIn") {
    const start = (await member.get("/v1/sign-in")).headers.get("Location");
    if (start === null) return member.get("/v1/sign-in/callback");
    return member.get((await authenticate(service, member.visitor, "nils", start)).href.slice(service.url.length), headers);
  }
  const onlyKey = mayBe(operation, "key") && !mayBe(operation, "session") && "visitor" in member;
  if (onlyKey && !Object.hasOwn(headers, "Authorization")) headers = { ...headers, Authorization: "Bearer wgk_none" };
  const token = mayBe(operation, "operator") ? "OPERATOR_TOKEN" : mayBe(operation, "gate") ? "GATE_TOKEN" : undefined;
  const [[type, { example }]] = Object.entries(operation.requestBody?.content ?? { "application/json": {} });
  const request = "visitor" in member ? (...asked) => member.visitor.request(...asked) : fetchAs(service, member);
  return request(service.url + addressOf(entry), {
    method,
    ...(operation.requestBody && { body: body ?? (typeof example === "string" ? example : JSON.stringify(example)) }),
    headers: {
      ...(token && { Authorization: `Bearer ${service.secrets[token]}` }),
      ...(method !== "GET" && { "Content-Type": type, Origin: service.url }),
      ...headers,
    },
  });
}

/** Sends requests of a program with an API key. */
function fetchAs(service, machine) {
  return async (url, { headers: { Origin: _, ...headers }, ...init }) => {
    const response = await fetch(url, { ...init, headers: { ...machine.headers, ...headers } });
    // Nobody reads a stream to its end here.
    const recorded = await service.record(response, init);
    if (response.headers.get("Content-Type") === "text/event-stream") await response.body.cancel();
    return recorded;
  };
}

/** Opens the updates of a person, or of a program with an API key. */
function updatesOf(service, member, headers) {
  return "updates" in member ? member.updates(headers) : new Member(service).updates({ ...member.headers, ...headers });
}

describe("a founded organization", () => {
  let service;
  let gina;
  let uma;
  before(async () => {
    const { privateKey } = await generateKeyPair({ kid: "gate" });
    service = await start({
      facts: organization(),
      newcomers: [{ id: "kelvin", email: "\u212aim@acme.example" }],
      bindings: { PASS_KEYS: JSON.stringify({ keys: [privateKey] }) },
    });
    [gina, uma] = [await service.signIn("gina"), await service.signIn("uma")];
  });

  test("nobody is signed in, or the token is missing", async () => {
    for (const entry of answering(401, "not_signed_in"))
      await send(service, service.member(), entry, {
        headers: { Authorization: mayBe(entry.operation, "key") ? "" : "Bearer wrong" },
      });
  });

  test("a body of another type, too large, or no text", async () => {
    for (const entry of answering(415, "unsupported_media_type")) {
      const most = { foundOrganization: limits.factsBytes, executeBatch: limits.batchBytes };
      const large = "x".repeat((most[entry.operation.operationId] ?? limits.bodyBytes) + 1);
      await send(service, gina, entry, { headers: { "Content-Type": "text/plain" } });
      await send(service, gina, entry, { body: large });
      await send(service, gina, entry, { body: NO_TEXT });
    }
  });

  test("a request of another origin", async () => {
    for (const entry of answering(403, "cross_origin"))
      await send(service, gina, entry, { headers: { Origin: "https://evil.example" } });
  });

  test("parameters that are no numbers", async () => {
    for (const path of [
      "/v1/delta?from=x",
      "/v1/audit?limit=0",
      "/v1/reviews/x",
      "/v1/events?after=x",
      "/v1/events/stream?after=x",
      "/v1/signals?limit=0",
    ])
      await gina.get(path);
    await gina.post("/v1/webhooks/none/deliveries/x/resend");
  });

  test("reconciling", async () => {
    const lines = { "Content-Type": "application/x-ndjson" };
    await gina.post("/v1/reconcile?kinds=none", "", lines);
    await gina.post("/v1/reconcile", "", { ...lines, "If-Version": "1" });
    await uma.post("/v1/reconcile", "", lines);
    assert.equal((await gina.post("/v1/reconcile", "", lines)).status, 200);
  });

  test("signed answers, and those that the reader has already", async () => {
    for (const path of ["/v1/snapshot", "/v1/workspace", "/v1/openapi.json"]) {
      const response = await gina.get(path);
      const { status } = await gina.get(path, { "If-None-Match": response.headers.get("ETag") });
      assert.equal(status, 304);
    }
    const { version } = await gina.does({ type: "create_team", id: "sales", name: "Sales" });
    for (const from of [version - 1, version + 1]) await gina.get(`/v1/delta?from=${from}`);
    for (const path of ["head", "directory", "audit?limit=2", "session"]) await gina.json(`/v1/${path}`);
    for (const path of ["/.well-known/jwks.json", "/healthz"]) await gina.json(path);
    const updates = await gina.updates();
    updates.close();
    await gina.get("/v1/updates");
    await gina.post("/v1/addresses", { addresses: ["Ana@Acme.example", "none"] });
  });

  test("the organization at a host, and those of a person", async () => {
    assert.deepEqual(await gina.json("/v1/organization"), { id: "acme", name: "acme", issuer: "https://authority.acme.example" });
    assert.deepEqual(await gina.json("/v1/session/organizations"), { organizations: [] });
  });

  test("reviews", async () => {
    const { version } = await gina.does({ type: "complete_review", note: "all in order" });
    await gina.json("/v1/reviews");
    assert.equal((await gina.get(`/v1/reviews/${version}`)).status, 200);
    await gina.get("/v1/reviews/999");
    for (const path of ["audit", "workspace", "reviews", `reviews/${version}`])
      await assertProblem(await uma.get(`/v1/${path}`), 403, "not_allowed");
  });

  test("events and signals", async () => {
    for (const path of ["events", "events/stream", "signals"]) {
      await assertProblem(await uma.get(`/v1/${path}`), 403, "not_allowed");
      const response = await gina.get(`/v1/${path}`);
      assert.equal(response.status, 200);
      await response.body.cancel();
    }
    for (const path of ["events", "events/stream"])
      await assertProblem(await gina.get(`/v1/${path}?after=99999`), 404, "unknown_version");
  });

  test("more streams of events than there may be", async () => {
    const streams = [];
    for (const id of AUDITORS) {
      const auditor = await service.signIn(id);
      for (let n = 0; n < 3; n += 1) streams.push(await auditor.get("/v1/events/stream"));
    }
    assert.equal(streams.at(-1).status, 429);
    for (const stream of streams) await stream.body.cancel();
  });

  test("webhooks", async () => {
    const receiver = await startReceiver();
    const { result } = await gina.does({ type: "create_webhook", url: receiver.url });
    const path = `/v1/webhooks/${result.webhook}`;
    for (const ask of [
      (member) => member.get("/v1/webhooks"),
      (member) => member.get(`${path}/deliveries`),
      (member) => member.post(`${path}/test`),
      (member) => member.post(`${path}/deliveries/1/resend`),
    ])
      await assertProblem(await ask(uma), 403, "not_allowed");
    await gina.json("/v1/webhooks");
    await gina.does({ type: "edit_team", team: "sales", name: "Selling" });
    await until(async () => (await gina.json(`${path}/deliveries`)).deliveries.length > 0, "an event is sent");
    const { deliveries } = await gina.json(`${path}/deliveries`);
    assert.equal((await gina.post(`${path}/deliveries/${deliveries[0].id}/resend`)).status, 200);
    await assertProblem(await gina.post(`${path}/deliveries/999/resend`), 404, "unknown_delivery");
    for (const route of ["deliveries", "test", "deliveries/1/resend"]) {
      const unknown = `/v1/webhooks/none/${route}`;
      await assertProblem(await (route === "deliveries" ? gina.get(unknown) : gina.post(unknown)), 404, "unknown_webhook");
    }
    for (let status = 200; status === 200; ) ({ status } = await gina.post(`${path}/test`));
    await assertProblem(await gina.post(`${path}/deliveries/${deliveries[0].id}/resend`), 429, "rate_limited");
    for (const id of Array.from({ length: 15 }, (_, n) => `w${n}`))
      await gina.does({ type: "create_webhook", id, url: receiver.url, events: ["set_plan"] });
    for (const [status, code, command] of [
      [409, "too_many", { type: "create_webhook", url: receiver.url }],
      [404, "unknown_webhook", { type: "delete_webhook", webhook: "none" }],
    ])
      for (const [path, body] of inEachWay(command)) await assertProblem(await gina.post(path, body), status, code);
    await receiver.stop();
  });

  test("API keys that may not do it", async () => {
    const create = async (fields) => {
      const command = { type: "create_api_key", name: "Übergabe", role: "global_admin", scopes: ["provision"], ...fields };
      return service.machine((await gina.does(command)).result.secret);
    };
    const all = ["commands", "act_as", "read", "digests", "events", "passes"];
    const [nothing, elsewhere, able] = [
      await create({}),
      await create({ addresses: ["192.0.2.1"] }),
      await create({ scopes: all }),
    ];
    const { result } = await gina.does({ type: "invite_user", email: "later@acme.example" });
    const actors = [
      [401, "invalid_api_key", service.machine("wgk_none")],
      [403, "address_not_allowed", elsewhere],
      [403, "missing_scope", nothing],
      [404, "unknown_user", able.as("nobody")],
      [409, "inactive_user", able.as(result.user)],
      [403, "suspended_user", able.as("sam")],
    ];
    for (const [status, code, machine] of actors)
      for (const entry of answering(status, code)) if (mayBe(entry.operation, "key")) await send(service, machine, entry);
    for (const entry of operations.filter(({ operation }) => mayBe(operation, "key") && mayBe(operation, "session")))
      await send(service, gina, entry, { headers: { "Wicketgate-Act-As": "uma" } });
    const stranger = await create({ role: "user", scopes: all });
    await stranger.post("/v1/passes", { user: "udo", assistant: "draft" });

    for (const path of ["/v1/api-keys", "/v1/workspace?digests"]) assert.equal((await able.get(path)).status, 200);
    await assertProblem(await able.get("/v1/workspace?digests=x"), 400, "bad_request");
    const { version } = await able.json("/v1/directory");
    assert.equal((await able.get(`/v1/workspace/delta?from=${version}`)).status, 200);
    await assertProblem(await able.get(`/v1/workspace/delta?from=${version + 1}`), 409, "delta_unavailable");
    await assertProblem(await able.get("/v1/workspace/delta?from=x"), 400, "bad_request");
  });

  test("an API key that has sent too many requests", async () => {
    const command = { type: "create_api_key", name: "Too eager", role: "user", scopes: ["commands", "read", "events", "passes"] };
    const machine = service.machine((await gina.does(command)).result.secret);
    const refusing = answering(429, "rate_limited").filter(({ operation }) => mayBe(operation, "key"));
    const name = ({ method, path }) => `${method} ${path} 429 rate_limited`;
    await until(
      async () => {
        const requests = Array.from({ length: 50 }, () => fetch(`${service.url}/v1/api-keys`, { headers: machine.headers }));
        const statuses = await Promise.all(requests.map(async (request) => (await request).status));
        // The window may end meanwhile, and then they are sent again.
        if (statuses.includes(429)) for (const entry of refusing) await send(service, machine, entry);
        return refusing.every((entry) => service.produced.has(name(entry)));
      },
      "every address refuses it",
      60,
    );
  });

  test("passes", async () => {
    const command = { type: "create_api_key", name: "Passes", role: "user", scopes: ["passes"] };
    const machine = service.machine((await gina.does(command)).result.secret);
    assert.equal((await machine.post("/v1/passes", { user: "uma", assistant: "site" })).status, 200);
  });

  test("refused commands and previews", async () => {
    const abe = await service.signIn("abe");
    for (const [code, command, member = gina] of [
      ["invalid_command", { type: "create_everything" }],
      ["not_allowed", { type: "create_team", name: "Mine" }, uma],
      ["beyond_own_role", { type: "assign_role", user: "udo", role: "global_admin" }, abe],
      ["unknown_user", { type: "assign_role", user: "nobody", role: "user" }],
      ["unknown_assistant", { type: "remove_user", user: "udo", successors: { none: "gina" } }],
      ["unknown_role", { type: "assign_role", user: "udo", role: "none" }],
      ["unknown_link", { type: "revoke_link", assistant: "site", link: "none" }],
      ["unknown_api_key", { type: "revoke_api_key", key: "none" }],
      ["unknown_invitation", { type: "resend_invitation", user: "udo" }],
      ["own_role", { type: "assign_role", user: "gina", role: "user" }],
      ["last_global_admin", { type: "suspend_user", user: "gina" }],
      ["already_exists", { type: "create_team", id: "support", name: "Again" }],
      ["in_use", { type: "delete_role", role: "helper" }],
      ["not_empty", { type: "delete_team", team: "support" }],
      ["owns_assistants", { type: "remove_user", user: "uma" }],
      ["only_me", { type: "grant", assistant: "draft", user: "udo", role: "editor" }],
      ["only_team", { type: "create_link", assistant: "inner", level: "view" }],
      ["inactive_user", { type: "transfer_assistant", assistant: "site", user: "sam" }],
    ]) {
      for (const [path, body] of inEachWay(command)) {
        const response = await member.post(path, body);
        assert.equal((await response.json()).code, code, `${path} ${code}`);
      }
    }
    assert.equal((await gina.post("/v1/preview", { type: "create_team", name: "Other" })).status, 200);
  });

  test("conditions of a command", async () => {
    const command = { type: "edit_team", team: "sales", name: "Sales" };
    await assertProblem(await gina.command(command, { "If-Version": "1" }), 412, "version_conflict");
    await gina.command(command, { "Idempotency-Key": "one" });
    const other = { ...command, name: "Selling" };
    await assertProblem(await gina.command(other, { "Idempotency-Key": "one" }), 422, "idempotency_conflict");
    const batch = (commands, headers) => gina.post("/v1/commands/batch", { atomic: true, commands }, headers);
    assert.equal((await batch([{ command }])).status, 200);
    await assertProblem(await batch([{ command }], { "If-Version": "1" }), 412, "version_conflict");
    await assertProblem(await batch([{ command: other, idempotency_key: "one" }]), 422, "idempotency_conflict");
    const { result } = await gina.does({ type: "invite_user", email: "many@acme.example" });
    await until(async () => {
      const { status } = await gina.command({ type: "resend_invitation", user: result.user });
      return status === 429;
    }, "there were too many mails to one address");
    await assertProblem(await batch([{ command: { type: "resend_invitation", user: result.user } }]), 429, "rate_limited");
  });

  test("updates that are never closed are too many", async () => {
    const silent = [];
    for (let refused = false; !refused; ) {
      const socket = await uma.updates().catch(() => undefined);
      refused = socket === undefined;
      socket?.deafen();
      silent.push(socket);
    }
    for (const socket of silent) socket?.close();
  });

  test("sign-ins", async () => {
    const begin = (query = "", headers = {}) => service.member().get(`/v1/sign-in${query}`, headers);
    await begin("?return=//evil.example");
    assert.equal((await begin("?return=//evil.example", { Accept: "text/html" })).status, 303);
    await assertProblem(await service.member().get("/v1/sign-in/callback?code=c&state=s"), 400, "sign_in_failed");
    const comeBack = (person) => signIn(service, service.member().visitor, person);
    await assertProblem((await comeBack("ulla")).response, 403, "email_not_verified");
    await assertProblem((await comeBack("sam")).response, 403, "suspended_user");

    const astray = service.member();
    const start = (await astray.get("/v1/sign-in")).headers.get("Location");
    const callback = await authenticate(service, astray.visitor, "abe", start);
    const pending = JSON.parse(atob(decodeURIComponent(astray.visitor.cookie(service.url, SIGN_IN_COOKIE).value)));
    const cookie = encodeURIComponent(btoa(JSON.stringify({ ...pending, back: "//evil.example" })));
    astray.visitor.setCookie(service.url, SIGN_IN_COOKIE, cookie);
    await assertProblem(await astray.visitor.request(callback), 400, "invalid_return");
  });

  test("invitations", async () => {
    const invited = async (fields) => {
      const { result } = await gina.does({ type: "invite_user", email: "nora@acme.example", ...fields });
      const mails = service.mail.mails().filter(({ to }) => to.includes("nora@acme.example"));
      return { user: result.user, mail: mails.at(-1) };
    };
    const accept = async (mail, person) => (await acceptInvitation(service, mail, person)).response;
    const { user, mail } = await invited();
    await assertProblem((await signIn(service, service.member().visitor, "kelvin")).response, 400, "invalid_command");
    await assertProblem((await signIn(service, service.member().visitor, "nora")).response, 409, "already_exists");
    await assertProblem(await accept(mail, "nils"), 403, "wrong_address");
    await gina.does({ type: "revoke_invitation", user });
    await assertProblem(await accept(mail, "nora"), 410, "invitation_invalid");
    const late = await invited({ expires_in: 1 });
    const expires = Math.floor(Date.now() / 1000) + 1;
    await until(() => Date.now() / 1000 > expires + 1, "the invitation expires");
    await assertProblem(await accept(late.mail, "nora"), 410, "invitation_expired");
    await assertProblem(await service.member().post("/v1/invitation", { token: "none" }), 410, "invitation_invalid");
  });

  test("people whose access ended, with their sessions", async () => {
    for (const [person, code, command] of [
      ["rae", "removed_user", { type: "remove_user", user: "rae" }],
      ["sue", "suspended_user", { type: "suspend_user", user: "sue" }],
    ]) {
      const member = await service.signIn(person);
      await gina.does(command);
      for (const entry of answering(403, code)) {
        if (entry.operation.operationId === "finishSignIn") await signIn(service, service.member().visitor, person);
        else await send(service, member, entry);
      }
    }
  });

  test("signing out", async () => {
    const abe = await service.signIn("abe");
    assert.equal((await abe.post("/v1/session/end")).status, 204);
  });

  test("the gate", async () => {
    const ask = (path) => fetch(service.url + path, { headers: { Authorization: `Bearer ${service.secrets.GATE_TOKEN}` } });
    for (const path of ["site", "none", "site/head", "none/head"]) {
      const response = await ask(`/v1/gate/${path}`);
      await service.record(response);
    }
  });

  test("the operator", async () => {
    const ask = (path, body, method = "POST") => service.operator(path, { method, body });
    await ask("/v1/plan", { name: "pro", withholds: [] }, "PUT");
    await ask("/v1/plan", { type: "set_plan", withholds: [] }, "PUT");
    await assertProblem(await ask("/v1/organization", organization(), "PUT"), 409, "already_founded");
    await ask("/v1/keys/rotate");
    await assertProblem(await ask("/v1/keys/rotate"), 409, "rotation_in_progress");
    await ask("/v1/restored");
  });
});

describe("another configuration", () => {
  let service;
  before(async () => {
    service = await start({ facts: organization() });
  });

  test("no identity provider, or one out of reach", async () => {
    const token = `wi_${"A".repeat(43)}`;
    for (const [issuer, code] of [
      ["http://login.acme.example", "not_configured"],
      ["http://127.0.0.1:1", "unavailable"],
    ]) {
      await service.restart();
      const gone = service.member();
      const start = (await gone.get("/v1/sign-in")).headers.get("Location");
      const callback = await authenticate(service, gone.visitor, "abe", start);
      await service.restart({ OIDC_ISSUER: issuer });
      await assertProblem(await gone.visitor.request(callback), 503, code);
      await assertProblem(await service.member().get("/v1/sign-in"), 503, code);
      await assertProblem(await service.member().post("/v1/invitation", { token }), 503, code);
    }
  });

  test("a webhook of an installation that is on this machine no more", async () => {
    await service.restart();
    const gina = await service.signIn("gina");
    const { result } = await gina.does({ type: "create_webhook", url: "http://localhost:1/in", events: ["create_team"] });
    await gina.does({ type: "create_team", name: "Sent" });
    const path = `/v1/webhooks/${result.webhook}`;
    await until(async () => (await gina.json(`${path}/deliveries`)).deliveries.length > 0, "an event is sent");
    const [{ id }] = (await gina.json(`${path}/deliveries`)).deliveries;
    const ORIGIN = "https://acme.example";
    await service.restart({ ORIGIN });
    gina.visitor.setCookie(service.url, "__Host-wicketgate-session", gina.session);
    for (const route of ["test", `deliveries/${id}/resend`])
      await assertProblem(await gina.post(`${path}/${route}`, {}, { Origin: ORIGIN }), 409, "webhook_paused");
  });

  test("a configured signing key", async () => {
    const { privateKey } = await generateKeyPair({ kid: "configured" });
    await service.restart({ SIGNING_KEY: JSON.stringify(privateKey) });
    await assertProblem(await service.operator("/v1/keys/rotate"), 409, "key_is_configured");
  });

  test("no keys for passes", async () => {
    await service.restart();
    const gina = await service.signIn("gina");
    const command = { type: "create_api_key", name: "Passes", role: "user", scopes: ["passes"] };
    const machine = service.machine((await gina.does(command)).result.secret);
    await assertProblem(await machine.post("/v1/passes", { user: "uma", assistant: "site" }), 503, "not_configured");
  });

  test("no tokens", async () => {
    await service.restart({ OPERATOR_TOKEN: "", GATE_TOKEN: "" });
    for (const entry of operations.filter(({ operation }) => mayBe(operation, "operator") || mayBe(operation, "gate")))
      await assertProblem(await send(service, service.member(), entry), 404, "not_found");
  });

  test("damaged storage", async () => {
    await service.restart({ edit: [["UPDATE events SET text = '{}' WHERE version = 1"], ["DELETE FROM state_parts"]] });
    for (const entry of answering(500, "tampered")) await send(service, someone(service), entry);
  });
});

test("no organization", async () => {
  const service = await start({ facts: null });
  for (const entry of answering(503, "not_founded")) await send(service, someone(service), entry);
  const found = (facts) => service.operator("/v1/organization", { method: "PUT", body: facts });
  const { teams, users, ...rest } = organization();
  await assertProblem(await found({ ...rest, teams, users, id: "other" }), 400, "invalid_facts");
  await assertProblem(await found({ ...rest, users, teams: [{ ...teams[0], name: "a\u200bb" }] }), 400, "invalid_command");
  const twice = { id: "twice", role: "user", email: users[0].email };
  await assertProblem(await found({ ...rest, teams, users: [...users, twice] }), 409, "already_exists");
});

test("an export that is imported elsewhere", async () => {
  const [one, other] = [await start({ facts: organization() }), await start({ facts: null })];
  const ask = async (service, path, body) => {
    const headers = { Authorization: `Bearer ${service.secrets.OPERATOR_TOKEN}`, "Content-Type": "application/x-ndjson" };
    const method = body === undefined ? "GET" : "POST";
    return service.record(await fetch(service.url + path, { method, headers, body }), { method });
  };
  const lines = await (await ask(one, "/v1/organization/export")).clone().text();
  const into = (body) => ask(other, "/v1/organization/import", body);
  await assertProblem(await into(NO_TEXT), 400, "bad_request");
  await assertProblem(await into(lines.replace('"format":1', '"format":2')), 400, "unsupported_format");
  await assertProblem(await into("{}"), 422, "invalid_import");
  assert.equal((await into(lines)).status, 201);
});

test("many organizations: an unknown host, and a suspended organization", async () => {
  const service = await start({ facts: null, bindings: { ORGANIZATION: "", APEX: "http://apex.localhost" } });
  for (const entry of answering(404, "unknown_organization")) await send(service, someone(service), entry);
  const registry = async (work) => {
    const objects = await service.miniflare.getDurableObjectNamespace("REGISTRY", "authority");
    const { problem } = await work(objects.get(objects.idFromName("registry")));
    assert.equal(problem, undefined);
  };
  const description = { name: "Acme", hosts: [new URL(service.url).host], issuer: service.url };
  await registry((object) => object.create("acme", description));
  await registry((object) => object.setState("acme", "suspended"));
  await until(async () => (await fetch(`${service.url}/v1/organization`)).status === 503, "the host is known");
  for (const entry of answering(503, "organization_suspended")) await send(service, someone(service), entry);
});

/** The Worker, with objects that fail as a request says: as the platform's do when they move, or in another way. */
const FAILING = `
import worker from "./worker.js";
export { Organization, Registry } from "./worker.js";
${failingObjects("DIRECTORY")}`;

test("an object that fails", async () => {
  const service = await start({ worker: await standIn(FAILING) });
  for (const [status, code, how] of [
    [500, "internal", "other"],
    [503, "unavailable", "retryable"],
  ]) {
    for (const entry of answering(status, code)) await send(service, someone(service), entry, { headers: { Prefer: how } });
  }
  await until(() => service.log().includes("authority: [acme] Error"), "the log says whose object it is");
});

/** A person with some session. */
function someone(service) {
  const member = service.member();
  member.visitor.setCookie(service.url, "loopback-wicketgate-session", "A".repeat(43));
  return member;
}

test("every documented answer was produced", () => {
  const produced = new Set(services.flatMap((service) => [...service.produced]));
  assert.deepEqual(
    documented("authority").filter((answer) => !produced.has(answer)),
    [],
  );
});
