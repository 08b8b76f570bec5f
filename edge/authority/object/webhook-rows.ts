// The rows of webhooks follow the commands: in the transaction of each.
import type { Command, CommandResult } from "wicketgate/authority";
import type { Tables } from "./tables/tables";

export function followWebhooks(
  { webhooks, deliveries }: Tables,
  command: Command,
  { webhook }: CommandResult,
  version: number,
): void {
  switch (command.type) {
    case "create_webhook":
      if (webhook !== undefined) webhooks.insert(webhook, version);
      break;
    case "edit_webhook":
    case "enable_webhook":
      webhooks.renew(command.webhook);
      break;
    case "delete_webhook":
      webhooks.delete(command.webhook);
      deliveries.forget(command.webhook);
      break;
    default: // Other commands concern no webhook.
  }
}
