// Tells people who manage webhooks, by mail, that one was switched off.
import type { Webhook } from "wicketgate/authority";
import { send } from "../services/mail";
import { webhookMail } from "../services/webhook-mail";
import type { Settings } from "../settings";
import type { OwnSettings } from "./own-settings";

/** Sends the mail about a webhook that was switched off. @param since when its receiver failed first, Unix seconds */
export type TellManager = (to: string, webhook: Webhook, since: number) => Promise<void>;

export function webhookTeller(env: Settings, settings: OwnSettings): TellManager {
  return async (to, webhook, since) => {
    const { name, origin } = settings.current;
    await send(env, origin, await webhookMail({ organization: name, origin }, to, webhook, since));
  };
}
