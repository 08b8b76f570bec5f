// The pages of the gate. Each is one constant text for all assistants and visitors. The script reads the assistant from the address and the
// key from its fragment; the pass brings everything else.
import { chat, frame, share } from "browser-files";
import { assetPath } from "./assets";

/** Features of the browser that no page here needs. */
const UNUSED = [
  "accelerometer",
  "autoplay",
  "camera",
  "display-capture",
  "encrypted-media",
  "fullscreen",
  "gamepad",
  "geolocation",
  "gyroscope",
  "hid",
  "idle-detection",
  "local-fonts",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "picture-in-picture",
  "publickey-credentials-create",
  "publickey-credentials-get",
  "screen-wake-lock",
  "serial",
  "storage-access",
  "usb",
  "window-management",
  "xr-spatial-tracking",
]
  .map((feature) => `${feature}=()`)
  .join(", ");

const OPENING = `<main id="chat" tabindex="-1"><p class="notice">Opening…</p><noscript><p class="notice">This chat needs JavaScript.</p></noscript></main>`;

const EMBEDDED = page("frame", "Chat", OPENING, assetPath("frame", "js", frame));
const SHARED = page("page", "Chat", OPENING, assetPath("share", "js", share));

const CLOSED_PAGES = {
  404: closedPage(
    "This chat isn’t available",
    "There is no chat for visitors at this address. Check the address, or ask the person or site that sent you here.",
  ),
  503: closedPage("Not available right now", "We could not check whether this chat may open. Please try again in a moment."),
};

/** The page in the frame on a customer's page. @param ancestors the `frame-ancestors` directive */
export function embeddedPage(ancestors: string): Response {
  return respond(EMBEDDED, 200, ancestors);
}

/** The page of a share link. */
export function sharedPage(): Response {
  const response = respond(SHARED, 200, "frame-ancestors 'none'");
  response.headers.set("Cross-Origin-Opener-Policy", "same-origin");
  return response;
}

export function closed(status: 404 | 503): Response {
  const response = respond(CLOSED_PAGES[status], status, "frame-ancestors 'none'");
  if (status === 503) response.headers.set("Retry-After", "5");
  return response;
}

function closedPage(title: string, text: string): string {
  return page("page", title, `<main id="chat"><section class="closed"><h1>${title}</h1><p>${text}</p></section></main>`);
}

function page(kind: "frame" | "page", title: string, main: string, script?: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${assetPath("chat", "css", chat)}">
</head>
<body class="${kind}">
${main}
${script === undefined ? "" : `<script src="${script}"></script>\n`}</body>
</html>
`;
}

function respond(text: string, status: number, ancestors: string): Response {
  return new Response(text, {
    status,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; ${ancestors}`,
      "Permissions-Policy": UNUSED,
      "X-Robots-Tag": "noindex",
    },
  });
}
