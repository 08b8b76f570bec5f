// Signing in: OpenID Connect with a real provider, each possible fault, and the cookies.
import assert from "node:assert/strict";
import { createServer, request } from "node:http";
import { after, before, describe, test } from "node:test";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { assertProblem } from "../lib/problem.mjs";
import { authenticate, SESSION_COOKIE, SIGN_IN_COOKIE, signIn, smallOrganization, startService } from "../lib/service.mjs";

let service;
before(async () => {
  service = await startService();
});
after(() => service?.stop());

const begin = (visitor, path = "/v1/sign-in") => visitor.request(service.url + path);
const pending = (visitor) =>
  JSON.parse(Buffer.from(decodeURIComponent(visitor.cookie(service.url, SIGN_IN_COOKIE).value), "base64").toString());

describe("going to the identity provider", () => {
  test("asks for a code, with fresh state, nonce and PKCE challenge", async () => {
    const one = await begin(service.member().visitor);
    const other = await begin(service.member().visitor);
    assert.equal(one.status, 302);
    const [first, second] = [one, other].map((response) => new URL(response.headers.get("Location")));
    assert.equal(first.origin, service.provider.issuer);
    const expected = {
      response_type: "code",
      client_id: "wicketgate",
      redirect_uri: `${service.url}/v1/sign-in/callback`,
      code_challenge_method: "S256",
    };
    for (const [name, value] of Object.entries(expected)) assert.equal(first.searchParams.get(name), value);
    assert.match(first.searchParams.get("scope"), /\bopenid\b.*\bemail\b/);
    for (const name of ["state", "nonce", "code_challenge"]) {
      assert.match(first.searchParams.get(name), /^[A-Za-z0-9_-]{43}$/);
      assert.notEqual(first.searchParams.get(name), second.searchParams.get(name));
    }
  });

  test("the verifier stays in a cookie that scripts and other hosts cannot read", async () => {
    const { visitor } = service.member();
    const response = await begin(visitor);
    const { line } = visitor.cookie(service.url, SIGN_IN_COOKIE);
    for (const attribute of ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"])
      assert.ok(line.split("; ").includes(attribute), line);
    assert.doesNotMatch(line, /Domain/i);
    assert.ok(!response.headers.get("Location").includes(pending(visitor).verifier));
  });

  for (const path of [
    "//evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "evil.example",
    "",
    "/%09/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "///evil.example",
    "/a\\b",
    "http:evil.example",
    "@evil.example",
  ]) {
    test(`does not come back to ${JSON.stringify(path)}`, async () => {
      const response = await begin(service.member().visitor, `/v1/sign-in?return=${encodeURIComponent(path)}`);
      if (path === "/%09/evil.example") {
        // Percent-encoded, it is an ordinary path.
        assert.equal(response.status, 302);
        return;
      }
      await assertProblem(response, 400, "invalid_return");
    });
  }
});

describe("unencrypted cookies", () => {
  const HOST = { session: "__Host-wicketgate-session", signIn: "__Host-wicketgate-sign-in" };
  /** The cookies of an answer to a sign-in request with another host. */
  const setFor = (url, host) =>
    new Promise((resolve, reject) => {
      request(`${url}/v1/sign-in`, { headers: { Host: host } }, (response) =>
        resolve(response.resume().headers["set-cookie"] ?? []),
      )
        .on("error", reject)
        .end();
    });
  const assertBound = (line) => {
    assert.ok(line.startsWith(`${HOST.signIn}=`), line);
    for (const attribute of ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"]) assert.ok(line.split("; ").includes(attribute), line);
  };

  test("exist on this machine alone: for any other host they are secure and bound to it", async () => {
    const { port } = new URL(service.url);
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
      const [line] = await setFor(service.url, host);
      assert.ok(line.startsWith(`${SIGN_IN_COOKIE}=`), line);
    }
    for (const host of ["192.168.1.20", "acme.example", "localhost.acme.example", "127.0.0.1.acme.example", "localhostage"]) {
      const lines = await setFor(service.url, host);
      assert.equal(lines.length, 1, host);
      assertBound(lines[0]);
    }
  });

  test("are neither set nor read by an authority with another origin", async () => {
    const elsewhere = await startService({ bindings: { ORIGIN: "https://acme.example" } });
    try {
      // With any host name that a proxy in front may use.
      for (const host of [`localhost:${new URL(elsewhere.url).port}`, "127.0.0.1", "acme.example"]) {
        const lines = await setFor(elsewhere.url, host);
        assert.equal(lines.length, 1, host);
        assertBound(lines[0]);
      }
      const visitor = elsewhere.member().visitor;
      const answered = await visitor.request(`${elsewhere.url}/v1/sign-in`);
      const state = new URL(answered.headers.get("Location")).searchParams.get("state");
      const { value } = visitor.cookie(elsewhere.url, HOST.signIn);
      const callback = `${elsewhere.url}/v1/sign-in/callback?error=access_denied&state=${state}&iss=${encodeURIComponent(elsewhere.provider.issuer)}`;
      const told = async (name) => (await fetch(callback, { headers: { Cookie: `${name}=${value}` } })).text();
      assert.match(await told(SIGN_IN_COOKIE), /no sign-in was begun in this browser/);
      assert.match(await told(HOST.signIn), /the sign-in was cancelled/);
    } finally {
      await elsewhere.stop();
    }
  });

  test("on this machine, cookies of other authorities are not read", async () => {
    const member = await service.signIn("uma");
    const session = (name) => fetch(`${service.url}/v1/session`, { headers: { Cookie: `${name}=${member.session}` } });
    assert.equal((await session(SESSION_COOKIE)).status, 200);
    await assertProblem(await session(HOST.session), 401, "not_signed_in");
  });
});

describe("coming back", () => {
  test("begins a session, clears the sign-in cookie and goes to the wanted page", async () => {
    const member = service.member();
    const { response } = await signIn(service, member.visitor, "gina", {
      path: `/v1/sign-in?return=${encodeURIComponent("/teams?x=1#y")}`,
    });
    assert.equal(response.status, 303);
    assert.equal(response.headers.get("Location"), "/teams?x=1#y");
    assert.equal(member.visitor.cookie(service.url, SIGN_IN_COOKIE), undefined);
    const { line } = member.visitor.cookie(service.url, SESSION_COOKIE);
    for (const attribute of ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=43200"])
      assert.ok(line.split("; ").includes(attribute), line);
    assert.doesNotMatch(line, /Domain/i);
    assert.match(member.session, /^[A-Za-z0-9_-]{43}$/);
    assert.deepEqual(await member.json("/v1/session"), { user: "gina", role: "global_admin", status: "active" });
  });

  test("a second sign-in begins another session and ends the earlier one", async () => {
    const member = await service.signIn("abe");
    const first = member.session;
    assert.equal((await signIn(service, member.visitor, "abe")).response.status, 303);
    assert.notEqual(member.session, first);
    const old = service.member();
    old.visitor.setCookie(service.url, SESSION_COOKIE, first);
    await assertProblem(await old.get("/v1/session"), 401, "not_signed_in");
  });

  async function refusedWith(change, code = "sign_in_failed", status = 400, person = "uma") {
    const member = service.member();
    const start = (await begin(member.visitor)).headers.get("Location");
    const {
      location = start,
      returning = (url) => url,
      callback,
    } = await change({ visitor: member.visitor, start: new URL(start) });
    const address = callback ?? returning(await authenticate(service, member.visitor, person, location));
    const response = await member.visitor.request(address, { headers: { Accept: "application/json" } });
    await assertProblem(response, status, code);
    assert.equal(member.session, undefined);
    assert.equal(member.visitor.cookie(service.url, SIGN_IN_COOKIE), undefined);
  }

  const edit = (visitor, fields) => {
    const changed = Buffer.from(JSON.stringify({ ...pending(visitor), ...fields })).toString("base64");
    visitor.setCookie(service.url, SIGN_IN_COOKIE, encodeURIComponent(changed));
  };

  test("with another state is refused", () =>
    refusedWith(() => ({
      returning(url) {
        url.searchParams.set("state", "x".repeat(43));
        return url;
      },
    })));

  test("without a state is refused", () =>
    refusedWith(() => ({
      returning(url) {
        url.searchParams.delete("state");
        return url;
      },
    })));

  test("with another nonce is refused", () =>
    refusedWith(({ start }) => {
      start.searchParams.set("nonce", "another-nonce-than-the-one-remembered");
      return { location: start.href };
    }));

  test("with another PKCE verifier is refused", () =>
    refusedWith(({ visitor }) => ({
      returning(url) {
        edit(visitor, { verifier: "v".repeat(43) });
        return url;
      },
    })));

  test("without a PKCE verifier is refused", () =>
    refusedWith(({ visitor }) => ({
      returning(url) {
        edit(visitor, { verifier: "" });
        return url;
      },
    })));

  test("from another issuer is refused", () =>
    refusedWith(() => ({
      returning(url) {
        url.searchParams.set("iss", "https://evil.example");
        return url;
      },
    })));

  test("in a browser that did not begin it is refused", () =>
    refusedWith(({ visitor }) => ({
      returning(url) {
        visitor.setCookie(service.url, SIGN_IN_COOKIE, "nothing");
        return url;
      },
    })));

  test("when nobody was chosen is refused", () => refusedWith(() => ({}), "sign_in_failed", 400, "nobody at all"));

  test("with an unverified address is refused", () => refusedWith(() => ({}), "email_not_verified", 403, "ulla"));

  test("to another origin, by a changed cookie, is refused", async () => {
    const member = service.member();
    const { response } = await signIn(service, member.visitor, "uma", {
      returning(url) {
        edit(member.visitor, { back: "//evil.example" });
        return url;
      },
    });
    await assertProblem(response, 400, "invalid_return");
  });

  test("twice with one code is refused the second time", async () => {
    const member = service.member();
    const start = (await begin(member.visitor)).headers.get("Location");
    const kept = member.visitor.cookie(service.url, SIGN_IN_COOKIE).value;
    const callback = await authenticate(service, member.visitor, "uma", start);
    assert.equal((await member.visitor.request(callback)).status, 303);
    const thief = service.member();
    thief.visitor.setCookie(service.url, SIGN_IN_COOKIE, kept);
    await assertProblem(await thief.visitor.request(callback), 400, "sign_in_failed");
    assert.equal(thief.session, undefined);
  });

  test("a browser is sent to the console, which shows the reason", async () => {
    const { visitor } = service.member();
    const response = await visitor.request(`${service.url}/v1/sign-in/callback?code=x&state=y`, {
      headers: { Accept: "text/html,*/*" },
    });
    assert.equal(response.status, 303);
    assert.equal(response.headers.get("Location"), "/?refused=sign_in_failed");
  });
});

describe("the user", () => {
  test("a new person joins, once", async () => {
    const nora = await service.signIn("nora");
    const { user, role, status } = await nora.json("/v1/session");
    assert.equal(role, "user");
    assert.equal(status, "active");
    const again = await service.signIn("nora");
    assert.equal((await again.json("/v1/session")).user, user);
  });

  test("a suspended user is refused", async () => {
    const member = service.member();
    await assertProblem((await signIn(service, member.visitor, "sam")).response, 403, "suspended_user");
    assert.equal(member.session, undefined);
  });

  test("a removed user does not come back, neither as themselves nor as a new user", async () => {
    const gina = await service.signIn("gina");
    for (const person of ["udo", "nils"]) {
      if (person === "nils") await service.signIn(person);
      const { organization } = await gina.json("/v1/directory");
      const { id } = organization.users.find(({ email }) => email === `${person}@acme.example`);
      await gina.does({ type: "remove_user", user: id });
      const member = service.member();
      await assertProblem((await signIn(service, member.visitor, person)).response, 403, "removed_user");
      assert.equal(member.session, undefined);
    }
  });
});

describe("an identity provider that lies", () => {
  // It answers with a wrong signature, audience or nonce, or an expired token, as each test says.
  let liar;
  let lie;
  let nonce;
  before(async () => {
    const [{ publicKey, privateKey }, other] = await Promise.all([generateKeyPair("RS256"), generateKeyPair("RS256")]);
    const server = createServer(async (request, response) => {
      const { pathname } = new URL(request.url, "http://localhost");
      const issuer = `http://127.0.0.1:${server.address().port}`;
      const answer = (body) => response.setHeader("Content-Type", "application/json").end(JSON.stringify(body));
      if (pathname === "/.well-known/openid-configuration") {
        answer({
          issuer,
          authorization_endpoint: `${issuer}/auth`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/keys`,
          response_types_supported: ["code"],
          subject_types_supported: ["public"],
          id_token_signing_alg_values_supported: ["RS256"],
        });
      } else if (pathname === "/keys") {
        answer({ keys: [{ ...(await exportJWK(publicKey)), kid: "k", alg: "RS256", use: "sig" }] });
      } else {
        const claims = { nonce, email: "gina@acme.example", email_verified: true, ...lie.claims };
        const token = await new SignJWT(claims)
          .setProtectedHeader({ alg: "RS256", kid: "k" })
          .setSubject("liar")
          .setIssuer(lie.issuer ?? issuer)
          .setAudience(lie.audience ?? "wicketgate")
          .setIssuedAt()
          .setExpirationTime(lie.expires ?? "5 min")
          .sign(lie.otherKey ? other.privateKey : privateKey);
        answer({ access_token: "x", token_type: "Bearer", id_token: token });
      }
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    liar = {
      issuer: `http://127.0.0.1:${server.address().port}`,
      stop: () =>
        new Promise((resolve) => {
          server.close(resolve);
          server.closeAllConnections();
        }),
    };
    await service.restart({ OIDC_ISSUER: liar.issuer });
  });
  after(async () => {
    await liar?.stop();
    await service.restart();
  });

  async function comeBack() {
    const member = service.member();
    const location = new URL((await begin(member.visitor)).headers.get("Location"));
    nonce = location.searchParams.get("nonce");
    const callback = new URL("/v1/sign-in/callback", service.url);
    callback.search = new URLSearchParams({ code: "c", state: location.searchParams.get("state") });
    return { member, response: await member.visitor.request(callback) };
  }

  for (const [what, told] of [
    ["signs with another key", { otherKey: true }],
    ["names another issuer", { issuer: "https://evil.example" }],
    ["names another audience", { audience: "somebody-else" }],
    ["answers with another nonce", { claims: { nonce: "another" } }],
    ["answers with no nonce", { claims: { nonce: undefined } }],
    ["answers with an expired token", { expires: "-5 min" }],
  ]) {
    test(`is refused when it ${what}`, async () => {
      lie = told;
      const { member, response } = await comeBack();
      await assertProblem(response, 400, "sign_in_failed");
      assert.equal(member.session, undefined);
    });
  }

  for (const verified of [false, undefined, "true", 1]) {
    test(`is refused when it says email_verified ${JSON.stringify(verified)}`, async () => {
      lie = { claims: { email_verified: verified } };
      const { response } = await comeBack();
      await assertProblem(response, 403, "email_not_verified");
    });
  }

  test("another account with a user's address does not become that user", async () => {
    lie = {};
    const { member, response } = await comeBack();
    await assertProblem(response, 409, "already_exists");
    assert.equal(member.session, undefined);
  });
});

describe("the configuration", () => {
  for (const [what, issuer] of [
    ["plain http", "http://login.acme.example"],
    ["a host that looks like this machine", "http://localhost.evil.example"],
    ["another that does", "http://127.0.0.1.evil.example"],
    ["no address", "login.acme.example"],
  ]) {
    test(`refuses ${what} for an identity provider`, async () => {
      await service.restart({ OIDC_ISSUER: issuer });
      await assertProblem(await begin(service.member().visitor), 503, "not_configured");
    });
  }

  test("an unreachable identity provider is reported as such", async () => {
    await service.restart({ OIDC_ISSUER: "http://127.0.0.1:1" });
    await assertProblem(await begin(service.member().visitor), 503, "unavailable");
  });
});

describe("founding", () => {
  test("the founder's first sign-in founds an empty organization; nobody else's does", async () => {
    const empty = await startService({ facts: null, founder: "Nora@acme.example" });
    try {
      const nils = empty.member();
      await assertProblem((await signIn(empty, nils.visitor, "nils")).response, 503, "not_founded");
      const nora = await empty.signIn("nora");
      assert.equal((await nora.json("/v1/session")).role, "global_admin");
      assert.equal((await (await empty.signIn("nils")).json("/v1/session")).role, "user");
      assert.equal((await (await empty.signIn("nora")).json("/v1/session")).role, "global_admin");
    } finally {
      await empty.stop();
    }
  });

  test("the operator's founding needs the token, the id and an empty organization", async () => {
    const empty = await startService({ facts: null });
    try {
      const put = (options) => empty.operator("/v1/organization", { method: "PUT", body: smallOrganization(), ...options });
      await assertProblem(await put({ token: "wrong" }), 401, "not_signed_in");
      await assertProblem(await put({ token: null }), 401, "not_signed_in");
      assert.equal(
        (await assertProblem(await put({ body: { ...smallOrganization(), id: "other" } }), 400, "invalid_facts")).path,
        "id",
      );
      assert.equal((await assertProblem(await put({ body: { id: "acme", users: 1 } }), 400, "invalid_facts")).path, "users");
      assert.equal((await put()).status, 201);
      await assertProblem(await put(), 409, "already_founded");
      await empty.restart({ OPERATOR_TOKEN: "" });
      await assertProblem(await put(), 404, "not_found");
    } finally {
      await empty.stop();
    }
  });
});
