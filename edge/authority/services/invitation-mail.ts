// The mail of an invitation. Its link has the token behind `#`, because browsers send that part to no server.
import { html } from "hono/html";
import type { Mail } from "./mail";
import type { InvitationMail } from "../messages";

/** @param organization its name */
export async function invitationMail(
  { organization, origin }: { organization: string; origin: string },
  { email, token, invitedBy, expires }: InvitationMail,
): Promise<Mail> {
  const link = `${origin}/invitation#${token}`;
  const until = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" }).format(expires * 1000);
  const who = `${invitedBy} invites you to ${organization}.`;
  const how = `Sign in with ${email} to accept. The link works once, until ${until} (UTC).`;
  const otherwise = "If you did not expect this, do nothing: without you the invitation ends by itself.";
  return {
    to: email,
    subject: `Invitation to ${organization}`,
    text: `${who}\n\n${link}\n\n${how}\n\n${otherwise}\n`,
    html: String(
      await html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Invitation to ${organization}</title></head>
<body style="font: 16px/1.5 sans-serif">
<p>${who}</p>
<p><a href="${link}">Accept the invitation</a></p>
<p>${how}</p>
<p>${otherwise}</p>
</body></html>
`,
    ),
  };
}
