// What a command changes outside the directory: sessions, remembered accounts, the facts of a review, webhooks, sockets. In the transaction of the command.
import type { Command, CommandResult, Directory } from "wicketgate/authority";
import { accountDigest } from "./identity-digests";
import type { Reviews } from "./reviews";
import type { Tables } from "./tables/tables";
import { followWebhooks } from "./webhook-rows";

/** Whose sessions and sockets end after the transaction. */
interface Ending {
  /** Ids of users. */
  signedOut: string[];
  /** Ids of API keys. */
  changed: string[];
}

/** To be called after the command was applied. @param version after it */
export function writeEffects(
  tables: Tables,
  reviews: Reviews,
  directory: Directory,
  { command, result, version }: { command: Command; result: CommandResult; version: number },
  { signedOut, changed }: Ending,
): void {
  const { sessions, accounts } = tables;
  const { user } = result;
  switch (command.type) {
    case "suspend_user":
    case "sign_out_user":
      sessions.endAllOf(command.user);
      signedOut.push(command.user);
      break;
    case "accept_invitation":
    case "join":
      accounts.remember(accountDigest(command), user);
      break;
    case "link_account":
      accounts.remember(accountDigest(command), command.user);
      break;
    case "complete_review":
      // A review changes no facts: those before it are those after it.
      reviews.keep(version, directory.pieces.facts());
      break;
    case "edit_api_key":
    case "rotate_api_key":
      changed.push(command.key);
      break;
    case "set_plan":
      // It may end all of them.
      changed.push(...directory.apiKeys.all().map(({ id }) => id));
      break;
    default:
      followWebhooks(tables, command, result, version);
  }
}
