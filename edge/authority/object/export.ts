// An organization as lines of JSON (NDJSON): a heading, then every event. From them the same organization is made elsewhere, and whoever reads them can
// verify that nothing is missing or changed.
import type { Directory, DirectoryEvent } from "wicketgate/authority";
import { streamOf } from "./bodies";
import type { EventTable } from "./tables/event-table";

/** The format of exports that is written. Later ones are refused. */
export const EXPORT_FORMAT = 1;
/** Events, and UTF-16 units of their texts, that are read from the disk at a time. */
const PAGE = { events: 256, length: 256 * 1024 };

const ENCODER = new TextEncoder();

/** The first line. `head` is the hash of the last event's text. */
export interface Heading {
  format: number;
  organization: string;
  epoch: number;
  version: number;
  head: string;
}

/** The lines as they are read: nothing is held back but the page that is being sent. Events that come meanwhile are left out. */
export function exported({ organization, epoch, version, head }: Directory, events: EventTable): ReadableStream<Uint8Array> {
  return streamOf(pages({ format: EXPORT_FORMAT, organization, epoch, version, head }, events));
}

function* pages(heading: Heading, events: EventTable): Generator<Uint8Array> {
  yield ENCODER.encode(line(heading));
  for (let done = 0; done < heading.version; ) {
    let text = "";
    for (const event of events.after(done, PAGE.events, PAGE.length)) {
      if (event.version > heading.version) break;
      text += line(event satisfies DirectoryEvent);
      done = event.version;
    }
    if (text === "") throw new Error("an event is missing");
    yield ENCODER.encode(text);
  }
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
