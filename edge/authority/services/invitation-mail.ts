// The mail of an invitation. Its link has the token behind `#`, because browsers send that part to no server.
import type { Mail } from "./mail";
import { mailPage, timeInWords } from "./mail-form";
import type { InvitationMail } from "../messages";

/** @param organization its name */
export async function invitationMail(
  { organization, origin }: { organization: string; origin: string },
  { email, token, invitedBy, expires }: InvitationMail,
): Promise<Mail> {
  const link = `${origin}/invitation#${token}`;
  const until = timeInWords(expires);
  const who = `${invitedBy} invites you to ${organization}.`;
  const how = `Sign in with ${email} to accept. The link works once, until ${until} (UTC).`;
  const otherwise = "If you did not expect this, do nothing: without you the invitation ends by itself.";
  return {
    to: email,
    subject: `Invitation to ${organization}`,
    text: `${who}\n\n${link}\n\n${how}\n\n${otherwise}\n`,
    html: await mailPage(`Invitation to ${organization}`, [who, { href: link, text: "Accept the invitation" }, how, otherwise]),
  };
}
