// Which site embeds us: the origin of the Referer of the frame's navigation. A page cannot forge that header in its
// visitors' browsers; whoever forges it elsewhere gains nothing, because the answer can be framed by that origin alone.

// Narrower than what URLs allow in a host (`;` and `,` among others), because the origin is written into a header.
const PLAIN_ORIGIN = /^https?:\/\/[a-z0-9._:[\]-]+$/;

export function embedderOrigin(headers: Headers): string | undefined {
  const destination = headers.get("Sec-Fetch-Dest");
  if (destination !== null && destination !== "iframe" && destination !== "frame") return undefined;
  const referer = headers.get("Referer");
  if (!referer || !URL.canParse(referer)) return undefined;
  const { origin } = new URL(referer);
  return PLAIN_ORIGIN.test(origin) ? origin : undefined;
}
