// The client for servers: what it sends, what it sends again, and its errors. `fetch` is replaced.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Admin, AdminError } from "wicketgate/admin";

const KEY = `wgk_${"A".repeat(43)}123456`;
const COMMAND = { type: "create_team", name: "Support" };
const DONE = { version: 7, result: { team: "t_1" }, later: true };

const json = (status, body, headers = {}) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": status < 400 ? "application/json" : "application/problem+json", ...headers },
  });
const problem = (status, code, more = {}, headers = {}) =>
  json(status, { type: `urn:wicketgate:problem:${code}`, title: `it is ${code}`, status, code, ...more }, headers);
const lost = () => {
  throw new TypeError("fetch failed");
};

/** A client whose requests get these answers, one after the other, and the requests. */
function client(answers, options = {}) {
  const requests = [];
  const times = [];
  const admin = new Admin({
    url: "https://acme.example",
    key: KEY,
    async fetch(url, init) {
      requests.push({ url: String(url), ...init });
      times.push(performance.now());
      const answer = answers[requests.length - 1] ?? assert.fail("one request too many");
      return typeof answer === "function" ? answer(init) : answer;
    },
    ...options,
  });
  return { admin, requests, times };
}

describe("a request", () => {
  test("has the key, the command, and a key of its own", async () => {
    const { admin, requests } = client([json(200, DONE)]);
    assert.deepEqual(await admin.command(COMMAND, { ifVersion: 6 }), DONE);
    const [{ url, method, headers, body, redirect }] = requests;
    assert.deepEqual([url, method, redirect], ["https://acme.example/v1/commands", "POST", "manual"]);
    assert.deepEqual(JSON.parse(body), COMMAND);
    assert.equal(headers.Authorization, `Bearer ${KEY}`);
    assert.equal(headers["If-Version"], "6");
    assert.match(headers["Idempotency-Key"], /^[0-9a-f-]{36}$/);
    assert.ok(!("Wicketgate-Act-As" in headers));
  });

  test("on behalf of a person says so", async () => {
    const { admin, requests } = client([json(200, DONE), json(200, { version: 1, organization: { id: "acme" } })]);
    await admin.as("ana").command(COMMAND);
    await admin.directory();
    assert.deepEqual(
      requests.map(({ headers }) => headers["Wicketgate-Act-As"]),
      ["ana", undefined],
    );
  });

  test("is made for an authority below a path too", async () => {
    const { admin, requests } = client([json(200, DONE)], { url: new URL("https://proxy.example/acme") });
    await admin.command(COMMAND);
    assert.equal(requests[0].url, "https://proxy.example/acme/v1/commands");
  });
});

describe("is sent again, with the same idempotency key", () => {
  for (const [what, answer] of [
    ["without an answer", lost],
    ["if the authority cannot be reached", problem(503, "unavailable")],
    ["if a proxy says so", () => new Response("<h1>Bad gateway</h1>", { status: 502 })],
    ["if the answer breaks off", () => new Response(new ReadableStream({ start: (body) => body.error(new Error("gone")) }))],
  ]) {
    test(what, async () => {
      const { admin, requests } = client([answer, json(200, DONE)]);
      assert.deepEqual(await admin.command(COMMAND, { idempotencyKey: "row-17" }), DONE);
      assert.deepEqual(
        requests.map(({ headers }) => headers["Idempotency-Key"]),
        ["row-17", "row-17"],
      );
    });
  }

  test("after the time that the authority asks for", async () => {
    const { admin, times } = client([problem(429, "rate_limited", { retry_after: 1 }, { "Retry-After": "1" }), json(200, DONE)]);
    await admin.command(COMMAND);
    assert.ok(times[1] - times[0] >= 1000, `${times[1] - times[0]} ms`);
  });

  test("within bounds", async () => {
    const { admin, requests } = client([lost, lost, lost], { retries: 2 });
    await assert.rejects(admin.command(COMMAND), { name: "AdminError", code: "unreachable", status: undefined });
    assert.equal(requests.length, 3);
    const late = client([problem(429, "rate_limited", { retry_after: 3600 }, { "Retry-After": "3600" })]);
    await assert.rejects(
      late.admin.command(COMMAND),
      ({ code, problem }) => code === "rate_limited" && problem.retry_after === 3600,
    );
  });

  test("after the time limit of an attempt", async () => {
    const never = ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const { admin, requests } = client([never, json(200, DONE)], { timeout: 0.05 });
    await admin.command(COMMAND);
    assert.equal(requests.length, 2);
  });
});

test("ids are one segment of the address", async () => {
  const { admin, requests } = client([json(200, { deliveries: [] }), json(200, { delivery: {} })]);
  await admin.deliveries("a/b?c");
  await admin.resend("w_1", 7);
  assert.deepEqual(
    requests.map(({ method, url }) => [method, url.slice("https://acme.example/".length)]),
    [
      ["GET", "v1/webhooks/a%2Fb%3Fc/deliveries"],
      ["POST", "v1/webhooks/w_1/deliveries/7/resend"],
    ],
  );
  for (const id of ["", ".", ".."]) assert.throws(() => admin.deliveries(id), { code: "invalid_options" });
});

test("what is sent at once is not sent again without an answer", async () => {
  const { admin, requests } = client([lost]);
  await assert.rejects(admin.testWebhook("w_1"), { code: "unreachable" });
  assert.equal(requests.length, 1);
});

describe("a reconciliation", () => {
  const facts = [
    { kind: "user", id: "ana", role: "user" },
    { kind: "team", id: "support", name: "Podpora" },
  ];
  const lines = (...values) => new Response(values.map((value) => `${JSON.stringify(value)}\n`).join(""));

  test("sends the facts as lines, and answers with the last line", async () => {
    const result = { version: 9, lines: 2, total: 1, commands: { create_team: 1 } };
    const { admin, requests } = client([
      lines({ progress: { lines: 2 } }, { progress: { lines: 2, executing: true } }, { result }),
    ]);
    const seen = [];
    async function* source() {
      yield* facts;
    }
    const options = { kinds: ["users", "teams"], dryRun: true, onProgress: (count) => seen.push(count) };
    assert.deepEqual(await admin.reconcile(source(), options), result);
    const [{ url, headers, body }] = requests;
    assert.equal(url, "https://acme.example/v1/reconcile?kinds=users%2Cteams&dry_run=true");
    assert.equal(headers["Content-Type"], "application/x-ndjson");
    assert.equal(await new Response(body).text(), facts.map((fact) => `${JSON.stringify(fact)}\n`).join(""));
    assert.deepEqual(seen, [2, 2]);
  });

  test("is an error with the first fault, and if the answer breaks off", async () => {
    const fault = {
      type: "urn:wicketgate:problem:invalid_facts",
      title: "no",
      status: 400,
      code: "invalid_facts",
      path: "line 2: name",
    };
    const { admin, requests } = client([lines({ problem: fault }), lines({ progress: { lines: 1 } }), lost]);
    await assert.rejects(admin.reconcile(facts), ({ code, status, problem: { path } }) => {
      assert.deepEqual([code, status, path], ["invalid_facts", 400, "line 2: name"]);
      return true;
    });
    await assert.rejects(admin.reconcile(facts), { code: "unreachable" });
    await assert.rejects(admin.reconcile(facts), { code: "unreachable" });
    assert.equal(requests.length, 3);
  });
});

test("a batch has a key for each command, and the same ones when it is sent again", async () => {
  const answer = { version: 9, answers: [DONE, { problem: { code: "not_allowed" } }] };
  const { admin, requests } = client([lost, json(200, answer)]);
  const commands = [{ command: COMMAND }, { command: COMMAND, idempotencyKey: "row-2", actAs: "ana" }];
  assert.deepEqual(await admin.batch(commands, { atomic: false, ifVersion: 7 }), answer);
  const [first, second] = requests.map(({ body }) => JSON.parse(body));
  assert.deepEqual(second, first);
  assert.equal(requests[1].headers["If-Version"], "7");
  assert.match(first.commands[0].idempotency_key, /^[0-9a-f-]{36}$/);
  assert.deepEqual(first.commands[1], { command: COMMAND, idempotency_key: "row-2", actor: { user: "ana" } });
  assert.equal(first.atomic, false);
});

describe("the history", () => {
  const event = (version) => ({ version, text: `{"version":${version}}` });
  const collect = async (events, most = Infinity) => {
    const found = [];
    for await (const { version } of events) {
      found.push(version);
      if (found.length >= most) break;
    }
    return found;
  };
  /** A stream of these pieces of text, which then ends, breaks or stays open. */
  const stream = (pieces, end) => () => {
    const left = [...pieces];
    const body = new ReadableStream({
      pull(controller) {
        const piece = left.shift();
        if (piece !== undefined) controller.enqueue(new TextEncoder().encode(piece));
        else if (end === "breaks") controller.error(new Error("gone"));
        else if (end !== "stays") controller.close();
      },
    });
    return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
  };
  const asked = (requests) => requests.map(({ url }) => url.slice("https://acme.example/".length));

  test("is read page by page", async () => {
    const pages = [json(200, { epoch: 0, events: [event(3), event(4)], next: 4 }), json(200, { epoch: 0, events: [event(5)] })];
    const { admin, requests } = client(pages);
    assert.deepEqual(await collect(admin.events({ after: 2 })), [3, 4, 5]);
    assert.deepEqual(asked(requests), ["v1/events?after=2&limit=1000", "v1/events?after=4&limit=1000"]);
  });

  test("is followed over ends and breaks, whatever the pieces are", async () => {
    const { admin, requests } = client([
      stream(["retry: 3000\n\nid: 3\nda", 'ta: {"ä":1}\n\nid: 4\r\ndata: {}\r\n\r\n', ":\n\nid: 5\ndata: cut"]),
      lost,
      stream(["id: 5\ndata: {}\n\n"], "breaks"),
      stream(["id: 6\ndata: {}\n\n"], "stays"),
    ]);
    assert.deepEqual(await collect(admin.follow({ after: 2 }), 4), [3, 4, 5, 6]);
    assert.deepEqual(
      asked(requests),
      [2, 4, 4, 5].map((after) => `v1/events/stream?after=${after}`),
    );
  });

  test("is not followed any more when that is refused", async () => {
    const { admin } = client([stream(["id: 3\ndata: {}\n\n"]), problem(404, "unknown_version")]);
    await assert.rejects(collect(admin.follow({ after: 2 })), { code: "unknown_version" });
  });

  test("ends with the signal, and with the loop", async () => {
    const controller = new AbortController();
    let cancelled = 0;
    const open = () => new Response(new ReadableStream({ cancel: () => void (cancelled += 1) }));
    const { admin } = client([open, stream(["id: 1\ndata: {}\n\n"], "stays")]);
    const following = collect(admin.follow({ signal: controller.signal }));
    setTimeout(() => controller.abort(new Error("enough")), 20);
    await assert.rejects(following, { message: "enough" });
    assert.equal(cancelled, 1);
    assert.deepEqual(await collect(admin.follow(), 1), [1]);
  });
});

describe("is an error", () => {
  for (const [status, code, more] of [
    [403, "not_allowed", { capability: "team.create", denied: "not_granted" }],
    [409, "already_exists", { path: "id" }],
    [422, "idempotency_conflict", {}],
    [500, "internal", {}],
    [503, "not_configured", {}],
    [418, "a_code_of_tomorrow", { field: 1 }],
  ]) {
    test(`at once: ${code}`, async () => {
      const { admin, requests } = client([problem(status, code, more)]);
      await assert.rejects(admin.command(COMMAND), (error) => {
        assert.ok(error instanceof AdminError);
        assert.deepEqual([error.code, error.status, error.message], [code, status, `it is ${code}`]);
        for (const [name, value] of Object.entries(more)) assert.equal(error.problem[name], value);
        return true;
      });
      assert.equal(requests.length, 1);
    });
  }

  test("if something else answers", async () => {
    for (const answer of [
      () => new Response("<!doctype html>", { headers: { "Content-Type": "text/html" } }),
      () => new Response(null, { status: 302, headers: { Location: "https://login.example/" } }),
      () => new Response("not here", { status: 404 }),
    ]) {
      const { admin } = client([answer]);
      await assert.rejects(admin.directory(), { name: "AdminError", code: "malformed" });
    }
  });

  test("which never has the key", async () => {
    const { admin } = client([lost], { retries: 0 });
    const error = await admin.command(COMMAND).catch((thrown) => thrown);
    assert.ok(!JSON.stringify([error.message, error.stack, error.cause?.message, { ...error }]).includes(KEY));
  });
});

describe("ends with its signal", () => {
  test("while it waits for the next attempt", async () => {
    const controller = new AbortController();
    const { admin, requests } = client([problem(503, "unavailable", {}, { "Retry-After": "30" })]);
    const asked = admin.command(COMMAND, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error("enough")), 50);
    await assert.rejects(asked, { message: "enough" });
    assert.equal(requests.length, 1);
  });

  test("before it begins", async () => {
    const { admin, requests } = client([]);
    await assert.rejects(admin.command(COMMAND, { signal: AbortSignal.abort(new Error("no")) }), { message: "no" });
    assert.equal(requests.length, 0);
  });
});

test("options that cannot be right are refused", () => {
  for (const [options, path] of [
    [{ url: "acme", key: KEY }, "url"],
    [{ key: KEY }, "url"],
    [{ url: "https://acme.example" }, "key"],
    [{ url: "https://acme.example", key: "" }, "key"],
    [{ url: "https://acme.example", key: "wgk_ä" }, "key"],
    [{ url: "https://acme.example", key: KEY, actAs: "a\nb" }, "actAs"],
    [{ url: "https://acme.example", key: KEY, retries: -1 }, "retries"],
    [{ url: "https://acme.example", key: KEY, timeout: 0 }, "timeout"],
    [{ url: "https://acme.example", key: KEY, actsAs: "ana" }, "actsAs"],
  ])
    assert.throws(() => new Admin(options), { code: "invalid_options", path });
});
