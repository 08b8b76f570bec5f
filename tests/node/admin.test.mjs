// The clients for servers and for the operator: what they send, what they send again, and their errors. `fetch` is replaced.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Admin, AdminError, Operator } from "wicketgate/admin";

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

/** A `fetch` whose requests get these answers, one after the other, and the requests. */
function scripted(answers) {
  const requests = [];
  const times = [];
  const fetch = async (url, init) => {
    requests.push({ url: String(url), ...init });
    times.push(performance.now());
    const answer = answers[requests.length - 1] ?? assert.fail("one request too many");
    return typeof answer === "function" ? answer(init) : answer;
  };
  return { fetch, requests, times };
}

/** A client whose requests get these answers, one after the other, and the requests. */
function client(answers, options = {}) {
  const { fetch, ...sent } = scripted(answers);
  return { admin: new Admin({ url: "https://acme.example", key: KEY, fetch, ...options }), ...sent };
}

const TOKEN = "operator-token";

/** The same with the operator's token. */
function operatorClient(answers, options = {}) {
  const { fetch, ...sent } = scripted(answers);
  return { operator: new Operator({ url: "https://platform.example", token: TOKEN, fetch, ...options }), ...sent };
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

  test("is not sent again with what is left of its facts", async () => {
    const { admin, requests } = client([problem(429, "rate_limited", { retry_after: 1 }, { "Retry-After": "1" }), json(200, DONE)]);
    await assert.rejects(admin.reconcile(facts), { code: "rate_limited", status: 429 });
    assert.equal(requests.length, 1);
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

describe("the operator", () => {
  const ENTRY = {
    id: "acme",
    state: "active",
    name: "Acme Clínica",
    hosts: ["acme.platform.example"],
    issuer: "https://x",
    created: 1,
  };
  const NEW = { id: "acme", hosts: ["acme.platform.example"], founder: "inés@acme.example" };
  const below = "https://platform.example/v1/organizations";
  const lines = (...texts) => new Response(texts.map((text) => `${text}\n`).join(""));
  const collected = async (items) => {
    const found = [];
    for await (const item of items) found.push(item);
    return found;
  };

  /** Each request with its answer; whether it is sent again without one; what it sends. */
  const REQUESTS = [
    ["create", [NEW], true, "POST", "", NEW],
    ["read", ["acme"], true, "GET", "/acme", undefined],
    ["change", ["acme", { founder: null }], true, "PATCH", "/acme", { founder: null }],
    ["setPlan", ["acme", { withholds: [] }], true, "PUT", "/acme/plan", { withholds: [] }],
    ["suspend", ["acme"], true, "POST", "/acme/suspend", undefined],
    ["resume", ["acme"], true, "POST", "/acme/resume", undefined],
    ["delete", ["acme"], true, "DELETE", "/acme", undefined],
    ["found", ["acme", { id: "acme" }], false, "PUT", "/acme/facts", { id: "acme" }],
    ["rotateKeys", ["acme"], false, "POST", "/acme/keys/rotate", {}],
    ["rotateKeys", ["acme", { atOnce: true }], false, "POST", "/acme/keys/rotate", { at_once: true }],
    ["restored", ["acme"], false, "POST", "/acme/restored", {}],
    ["restored", ["acme", { at: 1_790_000_000 }], false, "POST", "/acme/restored", { at: 1_790_000_000 }],
  ];
  for (const [name, given, isRepeated, method, path, body] of REQUESTS) {
    test(`${name} ${JSON.stringify(body)} ${isRepeated ? "is sent again" : "is not sent again"} without an answer`, async () => {
      const { operator, requests } = operatorClient([lost, json(200, ENTRY)]);
      if (isRepeated) assert.deepEqual(await operator[name](...given), ENTRY);
      else await assert.rejects(operator[name](...given), { name: "AdminError", code: "unreachable" });
      assert.equal(requests.length, isRepeated ? 2 : 1);
      for (const request of requests) {
        assert.deepEqual([request.method, request.url], [method, below + path]);
        assert.equal(request.headers.Authorization, `Bearer ${TOKEN}`);
        assert.deepEqual(request.body === undefined ? undefined : JSON.parse(request.body), body);
      }
    });
  }

  test("lists page by page, from where the caller wants", async () => {
    const entry = (id) => ({ ...ENTRY, id });
    const pages = [
      json(200, { organizations: [entry("b"), entry("c")], next: "c" }),
      lost,
      json(200, { organizations: [entry("d")] }),
    ];
    const { operator, requests } = operatorClient(pages);
    assert.deepEqual(
      (await collected(operator.list({ after: "a" }))).map(({ id }) => id),
      ["b", "c", "d"],
    );
    assert.deepEqual(
      requests.map(({ url }) => url.slice(below.length)),
      ["?after=a&limit=1000", "?after=c&limit=1000", "?after=c&limit=1000"],
    );
  });

  test("exports line by line, and notices an end that comes too early", async () => {
    const heading = JSON.stringify({ format: 1, organization: "acme", epoch: 0, version: 2, head: "h" });
    const events = [1, 2].map((version) => JSON.stringify({ version, text: '{"é":1}', sealed: "{}" }));
    const { operator, requests } = operatorClient([lost, lines(heading, ...events)]);
    assert.deepEqual(await collected(operator.export("acme")), [heading, ...events]);
    assert.deepEqual([requests[1].method, requests[1].url], ["GET", `${below}/acme/export`]);
    const broken = () => new Response(new ReadableStream({ start: (body) => body.error(new Error("gone")) }));
    for (const answer of [lines(heading, events[0]), lines(heading), lines(), broken])
      await assert.rejects(collected(operatorClient([answer]).operator.export("acme")), { code: "unreachable" });
  });

  test("an export ends with its signal", async () => {
    const controller = new AbortController();
    const open = () => new Response(new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode("{}\n")) }));
    const { operator } = operatorClient([open]);
    const reading = collected(operator.export("acme", { signal: controller.signal }));
    setTimeout(() => controller.abort(new Error("enough")), 20);
    await assert.rejects(reading, { message: "enough" });
  });

  test("imports lines as they come, once", async () => {
    async function* source() {
      yield "{}";
      yield '{"version":1}';
    }
    const sent = [];
    const taken = async ({ body }) => {
      sent.push(await new Response(body).text());
      return json(201, { version: 1 });
    };
    const { operator, requests } = operatorClient([taken, lost]);
    assert.deepEqual(await operator.import("acme", source()), { version: 1 });
    assert.deepEqual(sent, ['{}\n{"version":1}\n']);
    assert.equal(requests[0].headers["Content-Type"], "application/x-ndjson");
    await assert.rejects(operator.import("acme", ["{}"]), { code: "unreachable" });
    assert.equal(requests.length, 2);
  });

  test("is told what is refused", async () => {
    const { operator } = operatorClient([problem(409, "already_exists", { path: "hosts[0]" })]);
    await assert.rejects(operator.create(NEW), ({ code, status, problem: { path } }) => {
      assert.deepEqual([code, status, path], ["already_exists", 409, "hosts[0]"]);
      return true;
    });
    for (const id of ["", ".", ".."]) assert.throws(() => operator.delete(id), { code: "invalid_options" });
  });

  test("has options that can be right", () => {
    for (const [options, path] of [
      [{ token: TOKEN }, "url"],
      [{ url: below }, "token"],
      [{ url: below, token: "a\nb" }, "token"],
      [{ url: below, token: TOKEN, retries: -1 }, "retries"],
      [{ url: below, token: TOKEN, key: KEY }, "key"],
    ])
      assert.throws(() => new Operator(options), { code: "invalid_options", path });
  });
});
