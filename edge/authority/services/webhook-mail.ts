// The mail to those who manage webhooks: one was switched off because its receiver did not answer.
import type { Webhook } from "wicketgate/authority";
import type { Mail } from "./mail";
import { mailPage, timeInWords } from "./mail-form";

/** @param organization its name @param since when its receiver failed first, Unix seconds */
export async function webhookMail(
  { organization, origin }: { organization: string; origin: string },
  to: string,
  { id, name = id, url }: Webhook,
  since: number,
): Promise<Mail> {
  const link = `${origin}/settings/webhooks`;
  const begun = timeInWords(since);
  // The host alone: the path may hold a secret of the receiver.
  const what = `The webhook “${name}” of ${organization} is switched off: ${new URL(url).host} has accepted nothing since ${begun} (UTC).`;
  const how = "Nothing is lost: when you switch it on again, it goes on after the last event that was accepted.";
  return {
    to,
    subject: `Webhook switched off: ${name}`,
    text: `${what}\n\n${how}\n\n${link}\n`,
    html: await mailPage("Webhook switched off", [what, how, { href: link, text: "Settings → Webhooks" }]),
  };
}
