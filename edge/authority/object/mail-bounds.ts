// Whether one more mail may be sent: addressees did not ask for it, and one user's mails decide the reputation of a mail server that all share.
import { type MailBound, MAILS_BY_ONE, MAILS_COUNTED, MAILS_OF_ALL_A_DAY, MAILS_TO_ONE } from "../bounds";
import { Problem } from "../problem";
import type { MailTable } from "./tables/mail-table";

/**
 * Counts a mail. To be called in the transaction of the command that sends it: the throw undoes the command.
 * @param address the address's digest
 * @param mailsADay the bound of this organization
 * @throws Problem `rate_limited`
 */
export function requireMail(table: MailTable, address: string, actor: string, now: number, mailsADay = MAILS_OF_ALL_A_DAY): void {
  const require = (bounds: MailBound[], timeOf: (count: number) => number | undefined, counted: string) => {
    for (const { seconds, most } of bounds) {
      const left = (timeOf(most) ?? 0) + seconds - now;
      if (left > 0) throw new Problem("rate_limited", `${counted} reached the limit of mails for now`, { retry_after: left });
    }
  };
  require(MAILS_TO_ONE, (count) => table.timeOf(count, "address", address), "this address");
  require(MAILS_BY_ONE, (count) => table.timeOf(count, "actor", actor), "the sender");
  require([{ seconds: MAILS_COUNTED, most: mailsADay }], (count) => table.timeOf(count), "the organization");
  table.insert(address, actor, now);
}
