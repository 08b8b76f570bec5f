// Whether one more mail may be sent: strangers did not ask for any, and what one person sends is said of everybody's mail server.
import { type MailBound, MAILS_BY_ONE, MAILS_OF_ALL, MAILS_TO_ONE } from "../bounds";
import { Problem } from "../problem";
import type { Storage } from "./storage";

/** Counts a mail to an address (its digest) by somebody. To be called in the transaction of what is mailed, which then does not happen. */
export function requireMail(storage: Storage, address: string, actor: string, now: number): void {
  const require = (bounds: MailBound[], before: (count: number) => number | undefined, whose: string) => {
    for (const { seconds, most } of bounds) {
      const left = (before(most) ?? 0) + seconds - now;
      if (left > 0) throw new Problem("rate_limited", `${whose} had as many mails as there may be for now`, { retry_after: left });
    }
  };
  require(MAILS_TO_ONE, (count) => storage.mailBefore(count, "address", address), "this address");
  require(MAILS_BY_ONE, (count) => storage.mailBefore(count, "actor", actor), "who sends this");
  require(MAILS_OF_ALL, (count) => storage.mailBefore(count), "the organization");
  storage.insertMail(address, actor, now);
}
