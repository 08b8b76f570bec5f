// Every answer of the OpenAPI document of the apex is produced by the real Worker. The deployment of these tests compares each answer at the apex with
// the document, so that an undocumented one fails too.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { limits } from "wicketgate/contract";
import { addressOf, answering as answeringOf, documented, mayBe, operationsOf } from "../lib/contract.mjs";
import { assertProblem } from "../lib/problem.mjs";
import { startOrganizations } from "../lib/organizations.mjs";
import { authenticate, SESSION_COOKIE, SIGN_IN_COOKIE, signIn } from "../lib/service.mjs";
import { failingObjects, standIn } from "../lib/stand-in.mjs";

const operations = operationsOf("apex");
const answering = (status, code) => answeringOf("apex", status, code);
const operationOf = (id) => operations.find(({ operation }) => operation.operationId === id);
/** Bytes that are no UTF-8. */
const NO_TEXT = Buffer.from([0x22, 0xff, 0x22]);

const PEOPLE = [
  { id: "ines", email: "inès.núñez@people.example" },
  { id: "mia", email: "mia@people.example", verified: false },
  { id: "kelvin", email: "\u212aim@people.example" },
];

/**
 * The Worker with a registry that fails as a request says, as the platform's objects do when they move or in another way; and with objects of
 * organizations whose disk can be damaged.
 */
const STAND_IN = `
import worker, { Organization as Theirs } from "./worker.js";
export { Registry } from "./worker.js";

export class Organization extends Theirs {
  async damage() {
    const { sql } = this.ctx.storage;
    sql.exec("DELETE FROM state_parts");
    sql.exec("INSERT OR REPLACE INTO events VALUES (1, 0, '{}', '')");
    await this.ctx.storage.sync();
  }
}
${failingObjects("REGISTRY")}`;

let platform;
before(async () => {
  platform = await startOrganizations({
    people: PEOPLE,
    hosts: [],
    bindings: { SIGN_UP: "open" },
    worker: await standIn(STAND_IN),
  });
});
after(() => platform?.stop());

const facts = (id, more = {}) => ({ id, users: [{ id: "ines", role: "global_admin", email: PEOPLE[0].email }], ...more });

/** A browser with some session. */
function someone() {
  const member = platform.at("apex");
  member.visitor.setCookie(platform.apex, SESSION_COOKIE, "A".repeat(43));
  return member;
}

/**
 * Sends the example of an operation as the caller that it needs.
 * @param {object} options `id` is that of the organization; `body` and `headers` replace those of the example
 */
async function send(entry, { id, member = platform.at("apex"), body, headers = {} } = {}) {
  const { method, operation } = entry;
  if (operation.operationId === "finishSignIn") return comeBack(member, "ines", headers);
  const [[type, { example }]] = Object.entries(operation.requestBody?.content ?? { "application/json": {} });
  return member.visitor.request(platform.apex + addressOf(entry, id === undefined ? {} : { id }), {
    method,
    ...(operation.requestBody && { body: body ?? (typeof example === "string" ? example : JSON.stringify(example)) }),
    headers: {
      ...(mayBe(operation, "operator") && { Authorization: `Bearer ${platform.secrets.OPERATOR_TOKEN}` }),
      ...(operation.requestBody && { "Content-Type": type }),
      ...(method !== "GET" && { Origin: platform.apex }),
      ...headers,
    },
  });
}

const sendAs = (operationId, options) => send(operationOf(operationId), options);

/** Signs in as far as the provider's answer, and sends that. */
async function comeBack(member, person, headers) {
  const start = (await member.get("/v1/sign-in")).headers.get("Location");
  const { href } = await authenticate(member.service, member.visitor, person, start);
  return member.get(href.slice(platform.apex.length), headers);
}

test("nobody is signed in, or the token is wrong", async () => {
  for (const entry of answering(401, "not_signed_in")) {
    const response = await send(entry, { headers: mayBe(entry.operation, "operator") ? { Authorization: "Bearer wrong" } : {} });
    await assertProblem(response, 401, "not_signed_in");
  }
});

test("a body of another type, too large, or no text", async () => {
  await platform.create("bodies");
  const member = await platform.signIn("apex", "ines");
  for (const entry of answering(415, "unsupported_media_type")) {
    const options = { id: "bodies", member };
    const most = entry.operation.operationId === "foundOrganization" ? limits.factsBytes : limits.bodyBytes;
    await send(entry, { ...options, headers: { "Content-Type": "text/plain" } });
    await send(entry, { ...options, body: "x".repeat(most + 1) });
    await send(entry, { ...options, body: NO_TEXT });
  }
});

test("a request of another origin", async () => {
  const member = await platform.signIn("apex", "ines");
  for (const entry of answering(403, "cross_origin"))
    await assertProblem(await send(entry, { member, headers: { Origin: "https://evil.example" } }), 403, "cross_origin");
});

test("an organization that there is not", async () => {
  for (const entry of answering(404, "unknown_organization"))
    for (const id of ["nobody", "Ärzte & Söhne"]) await assertProblem(await send(entry, { id }), 404, "unknown_organization");
});

test("the document, and one that the reader has already", async () => {
  const response = await sendAs("readContract");
  assert.equal((await response.clone().json()).info.title, "Wicketgate: the apex");
  assert.equal((await sendAs("readContract", { headers: { "If-None-Match": response.headers.get("ETag") } })).status, 304);
  assert.equal((await sendAs("readHealth")).status, 200);
  assert.equal((await sendAs("readApex")).status, 200);
});

describe("the examples of the document do what they say", () => {
  const { id } = operationOf("createOrganization").operation.requestBody.content["application/json"].example;

  test("for an organization with every field", async () => {
    assert.equal((await sendAs("createOrganization")).status, 201);
    assert.equal((await sendAs("createOrganization")).status, 200);
    assert.deepEqual(
      (await (await sendAs("listOrganizations")).clone().json()).organizations.find((entry) => entry.id === id),
      await (await sendAs("readOrganization")).clone().json(),
    );
    for (const [operationId, state] of [
      ["suspendOrganization", "suspended"],
      ["resumeOrganization", "active"],
      ["deleteOrganization", "deleted"],
      ["resumeOrganization", "active"],
    ])
      assert.equal((await (await sendAs(operationId)).clone().json()).state, state);
    await assertProblem(await sendAs("listOrganizations").then(() => platform.operator("?limit=0")), 400, "bad_request");
  });

  test("every field can be changed, and the optional ones taken away", async () => {
    const { id: _, ...fields } = operationOf("createOrganization").operation.requestBody.content["application/json"].example;
    for (const [field, value] of Object.entries(fields)) {
      const { status } = await platform.operator(`/${id}`, { method: "PATCH", body: { [field]: value } });
      assert.equal(status, 200, field);
    }
    for (const field of ["founder", "limits", "openid", "plan"])
      assert.ok(!Object.hasOwn(await platform.operate(`/${id}`, { method: "PATCH", body: { [field]: null } }), field));
    assert.equal((await sendAs("changeOrganization")).status, 200);
    assert.equal((await sendAs("setPlan")).status, 200);
  });

  test("for founding, keys and epochs", async () => {
    assert.equal((await sendAs("foundOrganization")).status, 201);
    await assertProblem(await sendAs("foundOrganization"), 409, "already_founded");
    assert.equal((await sendAs("rotateKeys")).status, 200);
    await assertProblem(await sendAs("rotateKeys"), 409, "rotation_in_progress");
    assert.equal((await sendAs("restoreOrganization")).status, 200);
  });
});

test("hosts and ids that others have", async () => {
  const { hosts } = await platform.create("first");
  await assertProblem(await platform.operator("", { method: "POST", body: { id: "second", hosts } }), 409, "already_exists");
  await platform.create("third");
  await assertProblem(await platform.operator("/third", { method: "PATCH", body: { hosts } }), 409, "already_exists");
});

test("not founded, and suspended", async () => {
  await platform.create("asleep");
  for (const entry of answering(503, "not_founded")) await assertProblem(await send(entry, { id: "asleep" }), 503, "not_founded");
  await platform.operate("/asleep/suspend", { method: "POST" });
  for (const entry of answering(503, "organization_suspended"))
    await assertProblem(await send(entry, { id: "asleep" }), 503, "organization_suspended");
});

test("facts that are wrong", async () => {
  await platform.create("facts");
  const found = (body) => platform.operator("/facts/facts", { method: "PUT", body });
  const team = (name) => [{ id: "t", name, creator: "ines" }];
  await assertProblem(await found(facts("other")), 400, "invalid_facts");
  await assertProblem(await found(facts("facts", { teams: team("a\u200bb") })), 400, "invalid_command");
  const { users } = facts("facts");
  await assertProblem(
    await found(facts("facts", { users: [...users, { ...users[0], id: "twice", role: "user" }] })),
    409,
    "already_exists",
  );
  assert.equal((await found(facts("facts", { teams: team("Équipe") }))).status, 201);
});

test("an export that is imported elsewhere", async () => {
  await platform.create("moving", { facts: facts("moving") });
  const lines = await (await sendAs("exportOrganization", { id: "moving" })).clone().text();
  const into = (body) => sendAs("importOrganization", { id: "moving", body });
  await assertProblem(await into(lines), 409, "already_founded");
  await platform.create("empty");
  const renamed = (text) => sendAs("importOrganization", { id: "empty", body: text });
  await assertProblem(await renamed(NO_TEXT), 400, "bad_request");
  await assertProblem(await renamed(lines.replace('"format":1', '"format":2')), 400, "unsupported_format");
  await assertProblem(await renamed(lines), 422, "invalid_import");
  // The same id in another deployment.
  const other = await startOrganizations({ people: PEOPLE, hosts: [] });
  try {
    await other.create("moving");
    const response = await fetch(`${other.apex}/v1/organizations/moving/import`, {
      method: "POST",
      headers: { "Content-Type": "application/x-ndjson", Authorization: `Bearer ${other.secrets.OPERATOR_TOKEN}` },
      body: lines,
    });
    assert.equal(response.status, 201);
    await other.record(response, { method: "POST" });
    for (const answer of other.produced) platform.produced.add(answer);
  } finally {
    await other.stop();
  }
});

test("sign-ins", async () => {
  const begin = (headers = {}) => platform.at("apex").get("/v1/sign-in?return=//evil.example", headers);
  await assertProblem(await begin(), 400, "invalid_return");
  assert.equal((await begin({ Accept: "text/html" })).status, 303);
  await assertProblem(await platform.at("apex").get("/v1/sign-in/callback?code=c&state=s"), 400, "sign_in_failed");
  const unverified = platform.at("apex");
  await assertProblem((await signIn(unverified.service, unverified.visitor, "mia")).response, 403, "email_not_verified");

  const astray = platform.at("apex");
  const start = (await astray.get("/v1/sign-in")).headers.get("Location");
  const callback = await authenticate(astray.service, astray.visitor, "ines", start);
  const pending = JSON.parse(atob(decodeURIComponent(astray.visitor.cookie(platform.apex, SIGN_IN_COOKIE).value)));
  const cookie = encodeURIComponent(btoa(JSON.stringify({ ...pending, back: "//evil.example" })));
  astray.visitor.setCookie(platform.apex, SIGN_IN_COOKIE, cookie);
  await assertProblem(await astray.visitor.request(callback), 400, "invalid_return");
});

describe("signing up", () => {
  let person;
  before(async () => {
    person = await platform.signIn("apex", "ines");
  });
  const signUp = (name, label, member = person) => member.post("/v1/sign-up", { name, label });

  test("is refused for names and people that cannot be", async () => {
    await assertProblem(await signUp("Fine", "admin"), 409, "name_taken");
    const kelvin = await platform.signIn("apex", "kelvin");
    await assertProblem(await signUp("Fine", "fine", kelvin), 403, "email_not_verified");
    const issuer = platform.originOf("issued.apex");
    await platform.create("issues", { issuer });
    await assertProblem(await signUp("Issued", "issued"), 409, "already_exists");
  });

  test("and for an organization whose object is damaged", async () => {
    await damage("unsound");
    await assertProblem(await signUp("Les Éditions", "unsound"), 500, "tampered");
  });

  test("makes organizations, until there are too many", async () => {
    assert.equal((await sendAs("signUp", { member: person })).status, 201);
    await assertProblem(await signUp("Another", "another"), 429, "rate_limited");
    for (const id of ["readSession", "listOwnOrganizations"]) assert.equal((await sendAs(id, { member: person })).status, 200);
    assert.equal((await sendAs("endSession", { member: person })).status, 204);
  });
});

/** Damages the disks of organizations' objects, which read them when they start again. */
async function damage(...ids) {
  const objects = await platform.miniflare.getDurableObjectNamespace("DIRECTORY", "authority");
  for (const id of ids) await objects.get(objects.idFromName(id)).damage();
  await platform.restart();
}

test("a damaged object", async () => {
  await platform.create("damaged", { facts: facts("damaged") });
  // One is not created yet: it is damaged when it gets its first settings.
  await damage("damaged", "acme-clinic");
  for (const entry of answering(500, "tampered").filter(({ operation }) => operation.operationId !== "signUp")) {
    const body =
      entry.operation.operationId === "createOrganization" ? { id: "acme-clinic", hosts: ["clinic.example"] } : undefined;
    const response = await send(entry, { id: "damaged", ...(body && { body: JSON.stringify(body) }) });
    await assertProblem(response, 500, "tampered");
  }
});

test("a registry that fails", async () => {
  for (const [status, code, how] of [
    [500, "internal", "other"],
    [503, "unavailable", "retryable"],
  ]) {
    for (const entry of answering(status, code)) await send(entry, { member: someone(), headers: { Prefer: how } });
  }
});

test("another configuration", async () => {
  for (const [issuer, code] of [
    ["http://login.platform.example", "not_configured"],
    ["http://127.0.0.1:1", "unavailable"],
  ]) {
    await platform.restart();
    const gone = platform.at("apex");
    const start = (await gone.get("/v1/sign-in")).headers.get("Location");
    const callback = await authenticate(gone.service, gone.visitor, "ines", start);
    await platform.restart({ OIDC_ISSUER: issuer });
    await assertProblem(await gone.visitor.request(callback), 503, code);
    await assertProblem(await gone.get("/v1/sign-in"), 503, code);
  }
  await platform.restart({ OPERATOR_TOKEN: "", SIGN_UP: "" });
  for (const entry of answering(404, "not_found")) await assertProblem(await send(entry, { member: someone() }), 404, "not_found");
});

test("every documented answer was produced", () => {
  assert.deepEqual(
    documented("apex").filter((answer) => !platform.produced.has(answer)),
    [],
  );
});
