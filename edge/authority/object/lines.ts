// The lines of a stream of UTF-8, one after another.
import { Problem } from "../problem";

/** UTF-16 units of the longest line: an event of a version that founded with one event. */
const MAX_LINE = 32 * 1024 * 1024;

/** The lines without their ends; empty ones are passed over. @throws Problem `bad_request` */
export async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  // In parts, because a line may come in very many chunks.
  let begun: string[] = [];
  let length = 0;
  const add = (text: string) => {
    begun.push(text);
    length += text.length;
    if (length > MAX_LINE) throw new Problem("bad_request", `a line has more than ${MAX_LINE} characters`);
  };
  const take = () => {
    const line = begun.join("");
    begun = [];
    length = 0;
    return line;
  };
  const decode = (bytes?: Uint8Array) => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      throw new Problem("bad_request", "the body is not UTF-8");
    }
  };
  for await (const bytes of body) {
    const texts = decode(bytes).split("\n");
    const last = texts.pop() ?? "";
    for (const text of texts) {
      add(text);
      const line = take();
      if (line !== "") yield line;
    }
    add(last);
  }
  add(decode());
  const line = take();
  if (line !== "") yield line;
}
