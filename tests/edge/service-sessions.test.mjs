// Sessions: the origin of requests, the end of a session, and that open pages are told.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assertProblem } from "../lib/problem.mjs";
import { SESSION_COOKIE, startService } from "../lib/service.mjs";

let service;
let gina;
before(async () => {
  service = await startService();
  gina = await service.signIn("gina");
});
after(() => service?.stop());

const team = (id) => ({ type: "create_team", id, name: id });

describe("a request that changes something", () => {
  for (const [what, headers, body, status, code] of [
    ["from another origin", { Origin: "https://evil.example" }, undefined, 403, "cross_origin"],
    ["from a sibling of ours", { Origin: "http://sibling.localhost" }, undefined, 403, "cross_origin"],
    ["from an opaque origin", { Origin: "null" }, undefined, 403, "cross_origin"],
    [
      "from another origin that says it is the same",
      { Origin: "https://evil.example", "Sec-Fetch-Site": "same-origin" },
      undefined,
      403,
      "cross_origin",
    ],
    ["that does not say where from", { Origin: undefined }, undefined, 403, "cross_origin"],
    ["from a site like ours", { Origin: undefined, "Sec-Fetch-Site": "same-site" }, undefined, 403, "cross_origin"],
    ["as a form's plain text", { "Content-Type": "text/plain" }, undefined, 415, "unsupported_media_type"],
    ["as a form", { "Content-Type": "application/x-www-form-urlencoded" }, "a=b", 415, "unsupported_media_type"],
    ["as something that only begins like JSON", { "Content-Type": "application/jsonp" }, undefined, 415, "unsupported_media_type"],
  ]) {
    test(`is refused ${what}`, async () => {
      const { version } = await gina.json("/v1/directory");
      const send = async (path, sent) => {
        const all = { "Content-Type": "application/json", Origin: service.url, ...headers };
        const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
        return gina.visitor.request(service.url + path, { method: "POST", headers: given, body: body ?? JSON.stringify(sent) });
      };
      for (const [path, sent] of [
        ["/v1/commands", team("forged")],
        ["/v1/session/end", {}],
        ["/v1/invitation", { token: `wi_${"x".repeat(43)}` }],
      ]) {
        await assertProblem(await send(path, sent), status, code);
      }
      assert.equal((await gina.json("/v1/directory")).version, version);
      assert.equal((await gina.get("/v1/session")).status, 200);
    });
  }

  test("is accepted from a browser that leaves out `Origin` for its own origin", async () => {
    const response = await gina.visitor.request(`${service.url}/v1/commands`, {
      method: "POST",
      headers: { "Content-Type": "application/json; charset=utf-8", "Sec-Fetch-Site": "same-origin" },
      body: JSON.stringify(team("own")),
    });
    assert.equal(response.status, 200);
  });

  test("is refused if it is too large, by its declared length and by its real one", async () => {
    const large = JSON.stringify(team("x".repeat(70_000)));
    await assertProblem(await gina.post("/v1/commands", large), 413, "too_large");
    const { version } = await gina.json("/v1/directory");
    // Without a length the request is cut off during writing, and the answer may get lost.
    const response = await gina.visitor
      .request(`${service.url}/v1/commands`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Origin: service.url },
        body: new Blob([large]).stream(),
        duplex: "half",
      })
      .catch(() => undefined);
    if (response) await assertProblem(response, 413, "too_large");
    assert.equal((await gina.json("/v1/directory")).version, version);
  });

  test("needs a session", async () => {
    await assertProblem(await service.member().command(team("nobody")), 401, "not_signed_in");
    const stranger = service.member();
    stranger.visitor.setCookie(service.url, SESSION_COOKIE, "x".repeat(43));
    await assertProblem(await stranger.command(team("stranger")), 401, "not_signed_in");
  });
});

test("reading needs a session", async () => {
  for (const path of ["/v1/snapshot", "/v1/delta?from=1", "/v1/head", "/v1/directory", "/v1/audit", "/v1/session"]) {
    await assertProblem(await service.member().get(path), 401, "not_signed_in");
  }
});

test("answers have the headers that keep browsers from misusing them", async () => {
  for (const response of [
    await gina.get("/v1/session"),
    await gina.get("/v1/nothing"),
    await service.member().get("/v1/snapshot"),
  ]) {
    assert.equal(response.headers.get("X-Content-Type-Options"), "nosniff");
    assert.equal(response.headers.get("Referrer-Policy"), "no-referrer");
    assert.equal(response.headers.get("Cross-Origin-Resource-Policy"), "same-origin");
    assert.match(response.headers.get("Content-Security-Policy"), /default-src 'none'; frame-ancestors 'none'/);
    assert.equal(response.headers.get("Cache-Control"), "private, no-store");
    assert.equal(response.headers.get("Access-Control-Allow-Origin"), null);
  }
});

describe("the updates", () => {
  test("send the version at once and after each command, to everybody", async () => {
    const abe = await service.signIn("abe");
    const [first, second] = [await gina.updates(), await abe.updates()];
    const { version } = await gina.json("/v1/directory");
    assert.equal(await first.next(), version);
    assert.equal(await second.next(), version);
    const accepted = await gina.does(team("news"));
    assert.equal(accepted.version, version + 1);
    assert.equal(await first.next(), version + 1);
    assert.equal(await second.next(), version + 1);
    first.send("ping");
    assert.equal(await first.next(), "pong");
    first.close();
    await first.closed;
    await gina.does(team("more-news"));
    assert.equal(await second.next(), version + 2);
    second.close();
  });

  test("send nothing after a refused command", async () => {
    const updates = await gina.updates();
    await updates.next();
    assert.equal((await gina.command({ type: "create_team", id: "support", name: "x" })).status, 409);
    const { version } = await gina.does(team("after-refusal"));
    assert.equal(await updates.next(), version);
    updates.close();
  });

  test("are refused from another origin, without one and without a session", async () => {
    for (const [headers, status] of [
      [{ Origin: "https://evil.example" }, 403],
      [{ Origin: "" }, 403],
      [{ Cookie: "" }, 401],
    ]) {
      await assert.rejects(gina.updates(headers), { status });
    }
    await assertProblem(await gina.get("/v1/updates"), 426, "upgrade_required");
  });
});

describe("a session ends", () => {
  test("by signing out, with its sockets and no others", async () => {
    const [one, other] = [await service.signIn("uma"), await service.signIn("uma")];
    const updates = await one.updates();
    const { session } = one;
    assert.equal((await one.post("/v1/session/end")).status, 204);
    assert.equal(await updates.closed, 4401);
    assert.equal(one.session, undefined);
    one.visitor.setCookie(service.url, SESSION_COOKIE, session);
    await assertProblem(await one.get("/v1/session"), 401, "not_signed_in");
    assert.equal((await other.get("/v1/session")).status, 200);
    assert.equal((await service.member().post("/v1/session/end")).status, 204);
  });

  test("by suspension, and stays ended after reactivation", async () => {
    const uma = await service.signIn("uma");
    const updates = await uma.updates();
    await gina.does({ type: "suspend_user", user: "uma" });
    assert.equal(await updates.closed, 4401);
    for (const path of ["/v1/session", "/v1/snapshot", "/v1/head", "/v1/directory"])
      await assertProblem(await uma.get(path), 403, "suspended_user");
    await assertProblem(await uma.command(team("suspended")), 403, "suspended_user");
    await assert.rejects(uma.updates(), { status: 403 });
    await gina.does({ type: "reactivate_user", user: "uma" });
    await assertProblem(await uma.get("/v1/session"), 401, "not_signed_in");
    assert.equal((await (await service.signIn("uma")).get("/v1/session")).status, 200);
  });

  test("everywhere, by signing out everywhere: in every browser, with its sockets, and for nobody else", async () => {
    const [here, there, udo] = [await service.signIn("uma"), await service.signIn("uma"), await service.signIn("udo")];
    const [mine, other] = [await here.updates(), await there.updates()];
    await assertProblem(await here.post("/v1/session/end", { everywhere: "yes" }), 400, "bad_request");
    assert.equal((await here.post("/v1/session/end", { everywhere: true })).status, 204);
    assert.deepEqual([await mine.closed, await other.closed], [4401, 4401]);
    assert.equal(here.session, undefined);
    await assertProblem(await there.get("/v1/session"), 401, "not_signed_in");
    // An ended session cannot end later ones.
    const since = await service.signIn("uma");
    assert.equal((await there.post("/v1/session/end", { everywhere: true })).status, 204);
    assert.equal((await since.get("/v1/session")).status, 200);
    assert.equal((await udo.get("/v1/session")).status, 200);
    assert.equal((await service.member().post("/v1/session/end", { everywhere: true })).status, 204);
  });

  test("by the command `sign_out_user`, from a person who may suspend the user; it is in the audit log", async () => {
    const [uma, abe] = [await service.signIn("uma"), await service.signIn("abe")];
    const updates = await uma.updates();
    await assertProblem(await uma.command({ type: "sign_out_user", user: "udo" }), 403, "not_allowed");
    await assertProblem(await abe.command({ type: "sign_out_user", user: "gina" }), 403, "beyond_own_role");
    await assertProblem(await gina.command({ type: "sign_out_user", user: "nobody" }), 404, "unknown_user");
    assert.equal((await gina.get("/v1/session")).status, 200);
    const { version } = await abe.does({ type: "sign_out_user", user: "uma" });
    assert.equal(await updates.closed, 4401);
    await assertProblem(await uma.get("/v1/snapshot"), 401, "not_signed_in");
    const {
      events: [{ text }],
    } = await gina.json(`/v1/audit?after=${version - 1}&limit=1`);
    const { actor, command } = JSON.parse(text);
    assert.deepEqual([actor, command], [{ user: "abe" }, { type: "sign_out_user", user: "uma" }]);
    assert.equal((await (await service.signIn("uma")).get("/v1/snapshot")).status, 200);
  });

  test("by removal", async () => {
    const udo = await service.signIn("udo");
    const updates = await udo.updates();
    await gina.does({ type: "remove_user", user: "udo" });
    assert.equal(await updates.closed, 4401);
    for (const path of ["/v1/session", "/v1/snapshot", "/v1/head", "/v1/directory"])
      await assertProblem(await udo.get(path), 403, "removed_user");
    await assertProblem(await udo.command(team("removed")), 403, "removed_user");
    await assert.rejects(udo.updates(), { status: 403 });
  });

  test("after twelve hours, with its sockets", async () => {
    const abe = await service.signIn("abe");
    const [[row]] = await service.restart({
      edit: [["SELECT expires - created AS lifetime FROM sessions WHERE user = 'abe' ORDER BY created DESC LIMIT 1"]],
    });
    assert.equal(row.lifetime, 12 * 60 * 60);
    assert.equal((await abe.get("/v1/session")).status, 200);
    // Soon, but not before the socket is open, also on a slow machine.
    const socketExpiringIn = async (seconds) => {
      await service.restart({
        edit: [["UPDATE sessions SET expires = ? WHERE user = 'abe'", Math.floor(Date.now() / 1000) + seconds]],
      });
      return abe.updates().catch(() => socketExpiringIn(2 * seconds));
    };
    const updates = await socketExpiringIn(3);
    assert.equal(await updates.closed, 4401);
    await assertProblem(await abe.get("/v1/session"), 401, "not_signed_in");
  });
});

test("the database has digests of session tokens, no tokens", async () => {
  const rows = (await service.restart({ edit: [["SELECT digest FROM sessions"]] }))[0];
  assert.ok(rows.length > 0);
  assert.ok(!JSON.stringify(rows).includes(gina.session));
});
