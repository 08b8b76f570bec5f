// A page of the audit log, verified from the event before it on.
import { verifyChain } from "wicketgate/authority";
import { sha256 } from "../digest";
import type { AuditPage } from "../wire";
import { tampered } from "./refusals";
import type { EventTable } from "./tables/event-table";

/** UTF-16 units of the texts of one page, besides the number of events that the reader asks for. */
const MAX_LENGTH = 4 * 1024 * 1024;

/** @param last the version of the last event. @throws Problem `tampered` */
export async function auditPage(last: number, table: EventTable, after: number, limit: number): Promise<AuditPage> {
  const events = [...table.after(after, limit, MAX_LENGTH)];
  const [before] = after > 0 ? table.after(after - 1, 1) : [];
  if (events.some(({ version }, index) => version !== after + 1 + index) || (events.length === 0 && after < last)) throw tampered();
  if (events.length === 0) return { events };
  const hash = await verifyChain(events, before && sha256(before.text));
  const reached = after + events.length;
  if (reached === last && hash !== table.head()?.hash) throw tampered();
  return { events: events.map(({ version, text }) => ({ version, text })), ...(reached < last && { next: reached }) };
}
