// The demonstration's identity provider: a real OpenID provider on this machine, with the organization's people.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { request } from "node:http";
import { after, before, describe, test } from "node:test";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { startIdentityProvider } from "../../demo/identity-provider.mjs";
import { authenticate } from "../lib/service.mjs";
import { Visitor } from "../lib/visitor.mjs";

const URL_OF_CLIENT = "http://localhost:9";
const CALLBACK = `${URL_OF_CLIENT}/v1/sign-in/callback`;
const CLIENT = { clientId: "page", clientSecret: randomBytes(32).toString("base64url") };

let provider;
let metadata;
before(async () => {
  provider = await startIdentityProvider({
    ...CLIENT,
    redirectUri: CALLBACK,
    people: [
      { id: "ben", email: "ben@acme.example", role: "user" },
      { id: "zoe", email: "zoe@acme.example", role: "user", status: "invited" },
      { id: "gina", email: "gina@acme.example", role: "global_admin" },
    ],
    newcomers: [
      { id: "nina", email: "nina@acme.example" },
      { id: "uwe", email: "uwe@acme.example", verified: false },
      { id: "<b>", email: "b@acme.example" },
    ],
  });
  metadata = await (await fetch(`${provider.issuer}/.well-known/openid-configuration`)).json();
});
after(() => provider?.stop());

const verifier = randomBytes(32).toString("base64url");

function authorization(changes = {}) {
  const url = new URL(metadata.authorization_endpoint);
  const asked = {
    client_id: CLIENT.clientId,
    redirect_uri: CALLBACK,
    response_type: "code",
    scope: "openid email",
    state: "a state",
    nonce: "a nonce",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...changes,
  };
  for (const [name, value] of Object.entries(asked)) if (value !== undefined) url.searchParams.set(name, value);
  return url;
}

const answer = async (person, changes) => {
  const { search, hash } = await authenticate({ url: URL_OF_CLIENT }, new Visitor(), person, authorization(changes));
  return Object.fromEntries(new URLSearchParams(search.slice(1) || hash.slice(1)));
};

async function exchange(code, changes = {}) {
  const response = await fetch(metadata.token_endpoint, {
    method: "POST",
    headers: { Authorization: `Basic ${btoa(`${CLIENT.clientId}:${changes.secret ?? CLIENT.clientSecret}`)}` },
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code,
      redirect_uri: CALLBACK,
      code_verifier: changes.verifier ?? verifier,
    }),
  });
  return { status: response.status, ...(await response.json()) };
}

async function claimsOf(person) {
  const { id_token: token } = await exchange((await answer(person)).code);
  const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(metadata.jwks_uri)), {
    issuer: provider.issuer,
    audience: CLIENT.clientId,
  });
  return payload;
}

test("the chosen person signs in", async () => {
  for (const [person, email, verified] of [
    ["ben", "ben@acme.example", true],
    ["zoe", "zoe@acme.example", true],
    ["nina", "nina@acme.example", true],
    ["uwe", "uwe@acme.example", false],
  ]) {
    const claims = await claimsOf(person);
    assert.equal(claims.sub, provider.subject(person));
    assert.equal(claims.nonce, "a nonce");
    assert.equal(claims.email, email);
    assert.equal(claims.email_verified, verified);
  }
});

test("the answer contains the state and the issuer", async () => {
  const { state, iss } = await answer("ben");
  assert.deepEqual([state, iss], ["a state", provider.issuer]);
});

describe("it refuses", () => {
  for (const [what, changes, error] of [
    ["a sign-in without PKCE", { code_challenge: undefined, code_challenge_method: undefined }, "invalid_request"],
    ["plain PKCE", { code_challenge_method: "plain" }, "invalid_request"],
    ["tokens in the address", { response_type: "id_token" }, "unsupported_response_type"],
  ]) {
    test(what, async () => assert.equal((await answer("ben", changes)).error, error));
  }

  test("a form without a person", async () => assert.equal((await answer("")).error, "access_denied"));
  test("an unknown person", async () => assert.equal((await answer("nobody")).error, "access_denied"));

  test("another redirect address, with a page of its own", async () => {
    const response = await fetch(authorization({ redirect_uri: "https://evil.example/" }), { redirect: "manual" });
    assert.equal(response.status, 400);
    assert.match(await response.text(), /This sign-in failed/);
  });

  test("a code twice, with another verifier, or with another secret", async () => {
    const { code } = await answer("ben");
    assert.equal((await exchange(code)).status, 200);
    assert.equal((await exchange(code)).error, "invalid_grant");
    assert.equal(
      (await exchange((await answer("ben")).code, { verifier: randomBytes(32).toString("base64url") })).error,
      "invalid_grant",
    );
    assert.equal((await exchange((await answer("ben")).code, { secret: "wrong" })).error, "invalid_client");
  });

  test("requests under another host name", async () => {
    const status = await new Promise((resolve, reject) => {
      request(`${provider.issuer}/`, { headers: { Host: "evil.example" } }, (response) => resolve(response.resume().statusCode))
        .on("error", reject)
        .end();
    });
    assert.equal(status, 421);
  });
});

test("its page lists everybody with role and status, escaped, and explains itself", async () => {
  const { response } = await new Visitor().follow(authorization());
  const text = await response.text();
  assert.equal(response.status, 200);
  assert.match(response.headers.get("Content-Security-Policy"), /form-action 'self' http:\/\/localhost:9; frame-ancestors 'none'$/);
  assert.match(text, /runs on this machine only/);
  assert.match(text, /zoe@acme\.example<\/span><span class="soft">User · invited/);
  assert.match(text, /gina@acme\.example<\/span><span class="soft">Global admin/);
  assert.match(text, /uwe@acme\.example<\/span><span class="soft">Not in the organization yet · e-mail not verified/);
  assert.ok(!text.includes("<b>"));
  assert.match(text, /value="&#60;b&#62;"/);
});
