// The pages of the demonstration's identity and mail servers: small, readable, for this machine alone.
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";

const STYLE = `
  :root { color-scheme: light dark; --text: light-dark(#1c2024, #edeef0); --soft: light-dark(#5b6470, #a7b0bb); --ground: light-dark(#f4f6f8, #101315);
    --card: light-dark(#fff, #191d21); --line: light-dark(#dce1e7, #2e353c); --accent: light-dark(#0b6e4f, #4cc38a) }
  * { box-sizing: border-box }
  body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif }
  main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem }
  h1 { margin: 0 0 .25rem; font-size: 1.375rem; line-height: 1.25; overflow-wrap: anywhere }
  h2 { margin: 1.5rem 0 .5rem; font-size: 1rem }
  p { margin: .25rem 0 .75rem }
  ul { margin: 0; padding: 0; list-style: none; display: grid; gap: .5rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 16rem), 1fr)) }
  ul.mails { grid-template-columns: minmax(0, 1fr) }
  .soft { color: var(--soft); font-size: .875rem; overflow-wrap: anywhere }
  a { color: var(--accent); overflow-wrap: anywhere }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
  button, input, .mails a { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .75rem; width: 100%; min-height: 2.75rem }
  button { text-align: left; cursor: pointer }
  button:hover, .mails a:hover { border-color: var(--accent) }
  button.plain { width: auto }
  input { border-color: light-dark(#8a939e, #6b747e) }
  button span, .mails span { display: block }
  .mails a { display: block; text-decoration: none }
  pre { margin: 1rem 0; padding: 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; font: inherit; white-space: pre-wrap; overflow-wrap: anywhere }
  [hidden] { display: none }`;

/** Markup that is escaped already. */
class Markup {
  constructor(text) {
    this.text = text;
  }
}

/** A template. Its values are escaped, unless they are templates or lists of templates. */
export function html(parts, ...values) {
  return new Markup(parts.reduce((text, part, index) => text + markup(values[index - 1]) + part));
}

function markup(value) {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(markup).join("");
  return String(value ?? "").replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * @param {{ title: string, body: Markup, status?: number, script?: string, formsTo?: string }} page
 *   `formsTo` is another origin that a form of the page may lead to, also by a redirect
 */
export function sendPage(response, { title, body, status = 200, script, formsTo = "" }) {
  const nonce = randomBytes(16).toString("base64url");
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style nonce="${nonce}">${new Markup(STYLE)}</style>
</head>
<body>
<main>
${body}
</main>
${script ? html`<script nonce="${nonce}">${new Markup(script)}</script>` : ""}
</body>
</html>`;
  response
    .writeHead(status, {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; base-uri 'none'; form-action 'self' ${formsTo}; frame-ancestors 'none'`,
      "Referrer-Policy": "no-referrer",
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    })
    .end(document.text);
}

/**
 * Serves on the loopback interface. Requests with another host name are refused, because a foreign name can be made to point at this machine.
 * @returns {Promise<{ url: string, port: number, stop: () => Promise<void> }>}
 */
export async function serveLocally(port, handle) {
  let own;
  const server = createServer((request, response) => {
    if (!own.includes(request.headers.host)) return response.writeHead(421).end();
    Promise.resolve(handle(request, response)).catch((error) => {
      console.error(error.message);
      if (response.headersSent) return response.destroy();
      sendPage(response, {
        status: 500,
        title: "Something failed",
        body: html`<h1>Something failed</h1><p>${error.message}</p>`,
      });
    });
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  const taken = server.address().port;
  own = [`127.0.0.1:${taken}`, `localhost:${taken}`];
  return {
    url: `http://127.0.0.1:${taken}`,
    port: taken,
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
