// What every mail has in the same form: its times, and the page around its lines.
import { html } from "hono/html";

/** A time in words, in UTC. @param time Unix seconds */
export function timeInWords(time: number): string {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" }).format(time * 1000);
}

/** A line of a mail: text, or a link with its text. */
type Line = string | { href: string; text: string };

export async function mailPage(title: string, lines: Line[]): Promise<string> {
  const written = lines.map((line) =>
    typeof line === "string" ? html`<p>${line}</p>\n` : html`<p><a href="${line.href}">${line.text}</a></p>\n`,
  );
  return String(
    await html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title></head>
<body style="font: 16px/1.5 sans-serif">
${written}</body></html>
`,
  );
}
