// A customer's site: a small shop on its own origin, with the widget's script element and a content security policy that is as strict as
// possible.
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";

const STYLE = `
:root { color-scheme: light dark; --ink: #2a2320; --soft: #6d5f57; --ground: #fbf7f1; --card: #fff; --line: #e7ddd1;
  --brand: #8a3b1e; --on-brand: #fff; --sky: #f3e3cf }
@media (prefers-color-scheme: dark) {
  :root { --ink: #f3ebe2; --soft: #bfb0a3; --ground: #171310; --card: #211b17; --line: #3a3029;
    --brand: #f0a57c; --on-brand: #2b1206; --sky: #3a2a1f }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 17px/1.6 Georgia, "Times New Roman", serif }
h1, h2, p, ul { margin: 0; padding: 0 }
ul { list-style: none }
a { color: inherit }
:focus-visible { outline: 3px solid var(--brand); outline-offset: 3px }
.wide { max-width: 68rem; margin: 0 auto; padding-inline: 1.25rem }
.top { border-bottom: 1px solid var(--line) }
.top .wide { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .25rem 2rem; padding-block: 1rem }
.brand { font-size: 1.375rem; font-weight: 700; letter-spacing: .01em; text-decoration: none }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem }
nav a { display: inline-block; padding: .25rem 0; text-underline-offset: .3em }
.hero { display: grid; gap: 2rem; align-items: center; padding-block: 3rem }
h1 { font-size: clamp(2rem, 6vw, 3.25rem); line-height: 1.1; text-wrap: balance }
.hero p { margin: 1rem 0 1.75rem; max-width: 34rem; font-size: 1.125rem; color: var(--soft) }
.button { display: inline-block; padding: .75rem 1.5rem; border-radius: .5rem; background: var(--brand); color: var(--on-brand); text-decoration: none; font-weight: 700 }
.picture { display: block; width: 100%; height: auto; border-radius: 1rem; background: var(--sky) }
h2 { font-size: 1.5rem; padding-bottom: 1rem }
.goods { display: grid; gap: 1.25rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 14rem), 1fr)); padding-bottom: 3.5rem }
.goods li { border: 1px solid var(--line); border-radius: .875rem; overflow: hidden; background: var(--card) }
.goods .picture { border-radius: 0 }
.goods div { padding: 1rem 1.125rem 1.25rem }
.goods strong { display: block; font-size: 1.125rem }
.goods span { color: var(--soft) }
footer { border-top: 1px solid var(--line); padding-block: 1.5rem 6.5rem; color: var(--soft); font-size: .9375rem }
@media (min-width: 52rem) { .hero { grid-template-columns: 1fr 1fr; padding-block: 4.5rem } }
`;

const POT = `<svg class="picture" viewBox="0 0 320 220" role="img" aria-label="A red teapot with steam rising from it">
  <path d="M78 120q-46-34-46 18t62 36" fill="none" stroke="#8a3b1e" stroke-width="14"/>
  <path d="M226 132l52-38 14 8-54 74z" fill="#a84d2b"/>
  <ellipse cx="160" cy="142" rx="84" ry="58" fill="#a84d2b"/>
  <path d="M100 100q60-34 120 0l-6 10H106z" fill="#8a3b1e"/>
  <circle cx="160" cy="74" r="11" fill="#8a3b1e"/>
  <ellipse cx="160" cy="202" rx="104" ry="8" fill="#8a3b1e" opacity=".25"/>
  <path d="M262 74q-14-16 0-30t0-30M286 70q-12-14 0-26t0-24" fill="none" stroke="#8a3b1e" stroke-width="5" stroke-linecap="round" opacity=".35"/>
</svg>`;

const GOODS = [
  ["Morning Assam", "Malty and brisk, 100 g", "€ 9.50", "#a84d2b"],
  ["Jasmine Pearls", "Hand-rolled green tea, 60 g", "€ 14.00", "#5d7f4e"],
  ["Smoked Lapsang", "Pine-smoked, for cold days, 100 g", "€ 11.00", "#4a4441"],
  ["Orchard Rooibos", "Apple and cinnamon, 120 g", "€ 8.50", "#b0752a"],
];

/**
 * @param {{ port?: number, gate: string, assistant: string, label?: string }} options
 *   `gate` is the origin that serves `/widget.js`; port 0 means any
 * @returns {Promise<{ url: string, port: number, stop: () => Promise<void> }>}
 */
export async function startCustomerSite({ port = 0, gate, assistant, label = "Ask us" }) {
  const server = createServer((request, response) => {
    if (request.method !== "GET" || new URL(request.url, "http://localhost").pathname !== "/") return response.writeHead(404).end();
    const nonce = randomBytes(16).toString("base64url");
    response
      .writeHead(200, {
        "Content-Type": "text/html; charset=utf-8",
        // The widget needs its script, and the gate in a frame.
        "Content-Security-Policy":
          `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; frame-src ${gate}; ` +
          "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
      })
      .end(shop({ nonce, gate, assistant, label }));
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  const taken = server.address().port;
  return {
    // An embedding page must be on https or on localhost.
    url: `http://localhost:${taken}`,
    port: taken,
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

function shop({ nonce, gate, assistant, label }) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Fern &amp; Kettle — loose tea</title>
<style nonce="${nonce}">${STYLE}</style>
<script nonce="${nonce}" src="${escapeHtml(gate)}/widget.js" data-assistant="${escapeHtml(assistant)}" data-label="${escapeHtml(label)}" async></script>
</head>
<body>
<header class="top"><div class="wide">
<a class="brand" href="/">Fern &amp; Kettle</a>
<nav aria-label="Shop"><ul><li><a href="#teas">Teas</a></li><li><a href="#about">About us</a></li><li><a href="#delivery">Delivery</a></li></ul></nav>
</div></header>
<main class="wide">
<section class="hero"><div><h1>Loose tea, packed the week you order it</h1>
<p id="about">We buy from eleven growers we know by name, in small lots, and pack everything by hand above the shop.</p>
<a class="button" href="#teas">See this week’s teas</a></div>${POT}</section>
<section id="teas"><h2>This week’s teas</h2><ul class="goods">${GOODS.map(tea).join("")}</ul></section>
</main>
<footer><div class="wide" id="delivery">Delivered in two to three working days; free from € 40. Questions? Ask us in the corner.</div></footer>
</body>
</html>`;
}

function tea([name, what, price, colour]) {
  return `<li><svg class="picture" viewBox="0 0 320 180" aria-hidden="true">
  <ellipse cx="160" cy="158" rx="64" ry="7" opacity=".18"/><rect x="108" y="44" width="104" height="112" rx="8" fill="${colour}"/>
  <rect x="102" y="28" width="116" height="24" rx="6" fill="${colour}"/><rect x="102" y="46" width="116" height="6" opacity=".2"/>
  <rect x="124" y="78" width="72" height="48" rx="4" fill="#fbf7f1"/>
  <path d="M160 116q-18-14 0-32q18 18 0 32m0-26v32" fill="none" stroke="${colour}" stroke-width="3"/>
</svg><div><strong>${name}</strong><span>${what}</span><p>${price}</p></div></li>`;
}

function escapeHtml(text) {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
