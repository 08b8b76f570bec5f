// The server of visit.mjs: files compressed beforehand, with the types and cache headers of a production server, and the reports of pages.

import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { extname } from "node:path";
import { compress } from "./build.mjs";
import { documentOf } from "./visit-pages.mjs";

const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm", ".html": "text/html; charset=utf-8" };
const TIMEOUT = 60_000;
// Names with a digest never change; the document and the snapshot are asked for again each time, and answered with 304 while they are equal.
const FOREVER = "public, max-age=31536000, immutable";
const ASK_AGAIN = "private, no-cache";

/** Serves the pages of `buildPages`. @returns `visit`, which opens a page with `go` and resolves to the page's time in milliseconds */
export async function servePages(pages) {
  const files = {};
  const loaded = Object.fromEntries(Object.keys(pages).map((library) => [library, []]));
  for (const [library, page] of Object.entries(pages)) {
    for (const [name, body] of Object.entries(page.files))
      files[`${library}/plain/${name}`] = file(TYPES[extname(name)], FOREVER, body);
    files[`${library}/plain/`] = file(TYPES[".html"], ASK_AGAIN, documentOf(page));
    files[`${library}/plain/snapshot`] = file("application/json", ASK_AGAIN, page.snapshot.body, page.snapshot.headers);
  }
  // The same page with links to what it fetches: which WebAssembly file that is shows in its visits without links.
  const find = (library, links, name) => {
    if (links === "hinted" && name === "") {
      const fetched = loaded[library].filter((one) => one.endsWith(".wasm"));
      return file(TYPES[".html"], ASK_AGAIN, documentOf(pages[library], [...fetched, "snapshot"]));
    }
    return files[`${library}/plain/${name}`];
  };

  let report;
  let paths = 0;
  const server = createServer(async (request, response) => {
    const [, , library, links, name] = /^\/(v\d+)\/([\w-]+)\/(plain|hinted)\/(.*)$/.exec(request.url) ?? [];
    if (name === "report") {
      report?.(JSON.parse(await text(request)));
      return response.writeHead(204).end();
    }
    const found = library && find(library, links, name);
    if (!found) return response.writeHead(404).end();
    if (links === "plain" && !loaded[library].includes(name || "index.html")) loaded[library].push(name || "index.html");
    if (request.headers["if-none-match"] === found.headers.etag) return response.writeHead(304, found.headers).end();
    if (!/\bbr\b/.test(request.headers["accept-encoding"] ?? "")) return response.writeHead(200, found.headers).end(found.body);
    return response.writeHead(200, { ...found.headers, "content-encoding": "br" }).end(found.compressed);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const freshPath = () => `v${++paths}`;
  return {
    loaded,
    freshPath,
    async visit(library, links, go, path = "v0") {
      const reported = new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${library}: the page reported nothing`)), TIMEOUT);
        report = (value) => {
          clearTimeout(timer);
          resolve(value);
        };
      });
      await go(`http://localhost:${server.address().port}/${path}/${library}/${links}/`);
      const { allowed, time } = await reported;
      if (allowed !== true) throw new Error(`${library} denied the first question, which is allowed`);
      return time;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function file(type, cache, content, headers = {}) {
  const body = Buffer.from(content);
  const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 16)}"`;
  return {
    body,
    compressed: compress(body),
    headers: { "content-type": type, "cache-control": cache, vary: "accept-encoding", etag, ...headers },
  };
}
