// Pages of other websites on loopback. The test chooses the host name, scheme, port and policy of each.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";

/** A flag of Chromium that resolves every `*.example` to loopback. The certificate is self-signed: let the browser ignore certificate errors. */
export const HOSTS = "--host-resolver-rules=MAP *.example 127.0.0.1, MAP *.example. 127.0.0.1";

/**
 * Answers `http://<any host>:<port>` and `https://<any host>:<securePort>`.
 * @returns {Promise<{
 *   port: number, securePort: number, requests: { url: string, headers: object }[], stop: () => Promise<void>,
 *   page: (body: string, options?: { host?: string, secure?: boolean, path?: string, headers?: object, head?: string }) => string,
 * }>} `page` puts a page on the site and returns its address
 */
export async function startSites() {
  const pages = new Map();
  const requests = [];
  const certificate = await readFile(new URL("../fixtures/mail-server.pem", import.meta.url));
  let last = 0;

  const answer = (scheme) => (request, response) => {
    // A host with a trailing dot or in upper case is the same site here. The browser decides whether it is another origin.
    const url = `${scheme}://${request.headers.host}${request.url}`;
    requests.push({ url, headers: request.headers });
    const page = pages.get(request.url.split("?")[0]);
    if (!page) return response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", ...page.headers }).end(page.body);
  };
  const servers = [createServer(answer("http")), createSecureServer({ key: certificate, cert: certificate }, answer("https"))];
  await Promise.all(
    servers.map((server) => new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve))),
  );
  const [port, securePort] = servers.map((server) => server.address().port);

  return {
    port,
    securePort,
    requests,
    page(body, { host = "localhost", secure = host !== "localhost", path = `/${++last}`, headers = {}, head = "" } = {}) {
      const document = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A site</title><link rel="icon" href="data:,">${head}</head>
<body>${body}</body></html>`;
      pages.set(path, { body: document, headers });
      return `${secure ? "https" : "http"}://${host}:${secure ? securePort : port}${path}`;
    },
    async stop() {
      await Promise.all(
        servers.map(
          (server) =>
            new Promise((resolve) => {
              server.close(resolve);
              server.closeAllConnections();
            }),
        ),
      );
    },
  };
}
