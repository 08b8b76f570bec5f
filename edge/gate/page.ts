// The small pages of the gate. `html` escapes everything that is put into it.
import { html, raw } from "hono/html";

const STYLE = `
  :root { color-scheme: light dark; --text: #1c2024; --soft: #5b6470; --ground: #f6f7f9; --card: #fff; --line: #dfe3e8; --yes: #0b6e4f; --no: #a8281f }
  @media (prefers-color-scheme: dark) { :root { --text: #edeef0; --soft: #a7b0bb; --ground: #111417; --card: #1a1e22; --line: #30363d; --yes: #4cc38a; --no: #ff9d94 } }
  * { box-sizing: border-box }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif }
  main { width: 100%; max-width: 30rem; background: var(--card); border: 1px solid var(--line); border-top: .25rem solid var(--no); border-radius: .75rem; padding: 1.5rem }
  .open { border-top-color: var(--yes) }
  h1 { margin: 0 0 .5rem; font-size: 1.375rem; line-height: 1.25; overflow-wrap: anywhere }
  p { margin: .5rem 0 0 }
  .soft { color: var(--soft); font-size: .9375rem }`;

export interface Page {
  status: 200 | 403 | 404 | 503;
  title: string;
  text: string;
  note?: string;
}

/** @param framing who may put the page into a frame: an origin, or nobody */
export async function render({ status, title, text, note }: Page, framing: string | "'none'"): Promise<Response> {
  const nonce = crypto.randomUUID();
  const body = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style nonce="${nonce}">${raw(STYLE)}</style>
</head>
<body>
<main class="${status === 200 ? "open" : "closed"}">
<h1>${title}</h1>
<p>${text}</p>
${note ? html`<p class="soft">${note}</p>` : ""}
</main>
</body>
</html>`;
  return new Response(String(await body), {
    status,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy":
        `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors ${framing}`,
      "Referrer-Policy": "no-referrer", // the address may carry a key
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
      "X-Robots-Tag": "noindex",
    },
  });
}
