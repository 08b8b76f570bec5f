// What the gate serves to browsers for an embedded chat: the widget script, the frame and its `frame-ancestors`, the files.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { assertPrivate, factsOf, startGate, whole } from "../lib/gate.mjs";
import { SharedCache } from "../lib/shared-cache.mjs";
import { until } from "../lib/until.mjs";

let gate;
before(async () => {
  gate = await startGate();
  await gate.publish("site");
  await gate.publish("other", { facts: factsOf("other", { embed: { origins: ["https://shop.example"] } }) });
});
after(() => gate?.stop());

const publish = (assistant, origins, more = {}) =>
  gate.publish(assistant, { facts: factsOf(assistant, { embed: { origins }, ...more }) });
const visit = (path, headers = {}, method = "GET") => fetch(gate.url + path, { method, headers });
const ancestors = ({ headers }) => headers.get("Content-Security-Policy").split("; ").at(-1);

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; ";

function assertPage(response, policy) {
  assertPrivate(response);
  assert.equal(response.headers.get("Content-Type"), "text/html; charset=utf-8");
  assert.equal(response.headers.get("Content-Security-Policy"), POLICY + policy);
  assert.equal(response.headers.get("X-Robots-Tag"), "noindex");
  assert.match(response.headers.get("Permissions-Policy"), /camera=\(\).*geolocation=\(\).*microphone=\(\)/);
}

async function assertClosed(response) {
  assert.equal(response.status, 404);
  assertPage(response, "frame-ancestors 'none'");
  assert.match(await response.text(), /This chat isn’t available/);
}

describe("the frame", () => {
  test("tells the browser which pages may embed it, and is otherwise equal for all assistants", async () => {
    const [site, other] = [await visit("/embed/site"), await visit("/embed/other")];
    for (const response of [site, other]) assert.equal(response.status, 200);
    assertPage(site, "frame-ancestors https://docs.acme.example");
    assertPage(other, "frame-ancestors https://shop.example");
    const body = await site.text();
    assert.equal(await other.text(), body);
    assert.ok(!body.includes("site"));
  });

  for (const [name, origins, policy] of [
    [
      "several",
      ["https://a.example", "https://*.shop.example", "http://localhost:3000"],
      "https://a.example https://*.shop.example http://localhost:3000",
    ],
    ["capitals", ["HTTPS://Docs.ACME.example"], "https://docs.acme.example"],
    ["port", ["https://docs.acme.example:8443"], "https://docs.acme.example:8443"],
    ["punycode", ["https://xn--bcher-kva.example"], "https://xn--bcher-kva.example"],
    ["everywhere", ["*"], "*"],
    [
      "partly",
      ["https://[::1]:8443", "https://under_score.example", "https://dot.example.", "https://docs.acme.example"],
      "https://docs.acme.example",
    ],
  ]) {
    test(`may be framed by the listed sites: ${name}`, async () => {
      await publish(name, origins);
      const response = await visit(`/embed/${name}`);
      assert.equal(response.status, 200);
      assertPage(response, `frame-ancestors ${policy}`);
    });
  }

  test("is not found if nobody may embed it, and all refusals are equal", async () => {
    await publish("nobody", []);
    await publish("inexpressible", ["https://[::1]:8443", "https://dot.example."]);
    await gate.publish("unembedded", { facts: factsOf("unembedded", { embed: undefined }) });
    const paths = [
      "nobody",
      "inexpressible",
      "unembedded",
      "nothing",
      "a%20b",
      "%3Cscript%3E",
      "%00",
      "%FF",
      "__proto__",
      "x".repeat(500),
    ];
    const answers = await Promise.all(paths.map(async (id) => whole(await visit(`/embed/${id}`))));
    for (const [index, answer] of answers.entries()) assert.deepEqual(answer, answers[0], paths[index]);
    await assertClosed(await visit("/embed/nobody"));
  });

  test("takes equally long to be refused for every reason", async () => {
    for (const id of ["nothing", "nobody", "a%20b"]) {
      const begun = performance.now();
      await assertClosed(await visit(`/embed/${id}`));
      assert.ok(performance.now() - begun >= 24, id);
    }
  });

  for (const destination of ["document", "empty", "script", "embed", "object", "fencedframe", "image", "nested-document"]) {
    test(`is not found for a request whose answer is used as ${destination}`, async () => {
      await assertClosed(await visit("/embed/site", { "Sec-Fetch-Dest": destination, Referer: "https://docs.acme.example/" }));
    });
  }

  for (const destination of ["iframe", "frame"]) {
    test(`is found for ${destination}`, async () => {
      assert.equal((await visit("/embed/site", { "Sec-Fetch-Dest": destination })).status, 200);
    });
  }

  test("ignores who asks: forged headers change nothing", async () => {
    const plain = await whole(await visit("/embed/site"));
    for (const headers of [
      { Referer: "https://evil.example/" },
      { Origin: "https://evil.example" },
      { Origin: "null" },
      { "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", Forwarded: "host=evil.example" },
      { "CF-Connecting-IP": "10.0.0.1", "CF-Worker": "evil.example" },
      { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe" },
      { Cookie: "embedder=https://evil.example" },
    ])
      assert.deepEqual(await whole(await visit("/embed/site", headers)), plain);
    for (const query of ["?embedder=https://evil.example", "?origin=*", "?key=wk_x"])
      assert.deepEqual(await whole(await visit(`/embed/site${query}`)), plain);
  });
});

describe("the widget script", () => {
  test("is equal for everybody, and may be cached for an hour", async () => {
    const response = await visit("/widget.js", { Origin: "https://shop.example", Referer: "https://shop.example/" });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("Content-Type"), "text/javascript; charset=utf-8");
    assert.equal(response.headers.get("Cache-Control"), "public, max-age=3600, stale-while-revalidate=86400");
    assert.equal(response.headers.get("Cross-Origin-Resource-Policy"), "cross-origin");
    assert.equal(response.headers.get("X-Content-Type-Options"), "nosniff");
    assert.equal(response.headers.get("Access-Control-Allow-Origin"), null);
    assert.equal(response.headers.get("Set-Cookie"), null);
    assert.ok((await response.text()).length > 100);
  });

  test("is not sent again to a browser that has it", async () => {
    const tag = (await visit("/widget.js")).headers.get("ETag");
    for (const held of [tag, `W/${tag}`, `"other", ${tag}`]) {
      const response = await visit("/widget.js", { "If-None-Match": held });
      assert.equal(response.status, 304);
      assert.equal(response.headers.get("ETag"), tag);
      assert.equal(await response.text(), "");
    }
    assert.equal((await visit("/widget.js", { "If-None-Match": '"other"' })).status, 200);
  });
});

describe("the files of the pages", () => {
  const files = async () => {
    const pages = await Promise.all(["/embed/site", "/a/site"].map(async (path) => (await visit(path)).text()));
    return [...new Set(pages.flatMap((text) => [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path)))];
  };

  test("all exist, have the right type, and may be cached for ever", async () => {
    const paths = await files();
    assert.equal(paths.length, 3);
    for (const path of paths) {
      assert.match(path, /^\/embed\/assets\/(frame|share|chat)\.[0-9a-f]{16}\.(js|css)$/);
      const response = await visit(path);
      assert.equal(response.status, 200);
      assert.equal(
        response.headers.get("Content-Type"),
        path.endsWith(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8",
      );
      assert.equal(response.headers.get("Cache-Control"), "public, max-age=31536000, immutable");
      assert.equal(response.headers.get("Cross-Origin-Resource-Policy"), "same-origin");
      assert.ok((await response.text()).length > 100);
    }
  });

  test("are only those", async () => {
    const [path] = await files();
    const stale = path.replace(/[0-9a-f]{16}/, "0".repeat(16));
    for (const wrong of [stale, "/embed/assets/", "/embed/assets/worker.js", "/embed/assets/..%2f..%2fworker.js", `${path}.map`]) {
      await assertClosed(await visit(wrong));
    }
  });
});

test("other methods are refused, HEAD is GET without a body, and a preflight gets no permission", async () => {
  for (const path of ["/embed/site", "/a/site", "/widget.js", "/.well-known/pass-jwks.json"]) {
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      const response = await visit(path, { Origin: "https://evil.example", "Access-Control-Request-Method": "GET" }, method);
      assert.equal(response.status, 405, `${method} ${path}`);
      assert.equal(response.headers.get("Allow"), "GET, HEAD");
      assertPrivate(response);
    }
    const [get, head] = [await visit(path), await visit(path, {}, "HEAD")];
    assert.equal(head.status, get.status);
    assert.equal(head.headers.get("Content-Security-Policy"), get.headers.get("Content-Security-Policy"));
    assert.equal(head.headers.get("Cache-Control"), get.headers.get("Cache-Control"));
    assert.equal(await head.text(), "");
  }
});

test("other addresses are not found", async () => {
  for (const path of [
    "/",
    "/embed",
    "/embed/",
    "/embed/site/x",
    "/a",
    "/a/",
    "/a/site/x",
    "/widget.js/x",
    "/v1/",
    "/v1/pass/site",
    "/v1/chat",
    "/v1/chat/",
    "/v1/snapshot",
    "/.well-known/jwks.json",
  ]) {
    const response = await visit(path);
    assert.equal(response.status, 404, path);
    assertPrivate(response);
    assert.match(response.headers.get("Content-Security-Policy"), /frame-ancestors 'none'$/);
  }
});

describe("a shared cache in front of the gate", () => {
  test("(the control: it keeps what it may, and distinguishes variants)", async () => {
    let served = 0;
    const server = createServer((request, response) => {
      served += 1;
      response.writeHead(200, { "Cache-Control": "public, max-age=60", Vary: "Referer" }).end(`for ${request.headers.referer}`);
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const cache = new SharedCache();
      const url = `http://127.0.0.1:${server.address().port}/`;
      for (const site of ["one", "one", "other", "other", "one"])
        assert.equal(await (await cache.get(url, { Referer: site })).text(), `for ${site}`);
      assert.equal(served, 2);
      assert.equal(cache.hits, 3);
    } finally {
      server.close();
    }
  });

  test("gives the frame of one site to no other, and keeps no revoked frame", async () => {
    const cache = new SharedCache();
    await publish("shared", ["https://one.example"]);
    const frame = (site) => cache.get(`${gate.url}/embed/shared`, { Referer: `${site}/`, "Sec-Fetch-Dest": "iframe" });
    assert.equal(ancestors(await frame("https://one.example")), "frame-ancestors https://one.example");
    assert.equal(ancestors(await frame("https://other.example")), "frame-ancestors https://one.example");
    await gate.publish("shared", { facts: factsOf("shared", { embed: { origins: ["https://other.example"] } }), version: 2 });
    await until(
      async () => ancestors(await frame("https://one.example")) === "frame-ancestors https://other.example",
      "the cache answers with the new list",
    );
    assert.equal(cache.hits, 0);
  });

  test("keeps no page, no refusal and no pass; it keeps the script", async () => {
    const cache = new SharedCache();
    for (const path of ["/embed/site", "/embed/nothing", "/a/site", "/v1/pass", "/v1/chat/site", "/v1/chat/site/greeting"]) {
      await cache.get(gate.url + path);
      await cache.get(gate.url + path);
    }
    assert.equal(cache.hits, 0);
    await cache.get(`${gate.url}/widget.js`);
    await cache.get(`${gate.url}/widget.js`);
    assert.equal(cache.hits, 1);
  });
});
