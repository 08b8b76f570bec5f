// A reader of server-sent events (WHATWG HTML §9.2), for tests: as a browser's EventSource, without its connecting again.
import { createParser } from "./event-stream-parser.mjs";
import { until } from "./until.mjs";

/** @param response the answer of a stream */
export function readStream(response) {
  const parser = createParser();
  let ended = false;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const reading = (async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parser.feed(value);
    }
  })()
    .catch(() => {})
    .finally(() => {
      ended = true;
    });
  return {
    events: parser.events,
    /** Comments, which are signs of life. */
    comments: parser.comments,
    until: (count, seconds) => until(() => parser.events.length >= count, `${count} events`, seconds),
    ended: (seconds) => until(() => ended, "the stream ends", seconds),
    async leave() {
      await reader.cancel().catch(() => {});
      await reading;
    },
  };
}
