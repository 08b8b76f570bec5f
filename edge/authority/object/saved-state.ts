// The state that was saved last: starting reads it and the events after it, not the whole history.
//
// It is written and read part by part. The digest of each part covers the parts before it, so that none can be changed, left out or moved.
import { Directory } from "wicketgate/authority";
import { sha256 } from "../digest";
import { tampered } from "./refusals";
import type { StateTable } from "./tables/state-table";

export class SavedState {
  readonly #table: StateTable;
  /** UTF-16 units. */
  #length = 0;

  constructor(table: StateTable) {
    this.#table = table;
  }

  /** UTF-16 units of its texts; 0 if there is none. */
  get length(): number {
    return this.#length;
  }

  get version(): number | undefined {
    return this.#table.version();
  }

  /** The directory of the state. @throws Problem `tampered`; an error of the core if the state has another form */
  async restore(): Promise<Directory> {
    const whole = this.#table.whole();
    if (whole) {
      if (sha256(whole.text) !== whole.digest) throw tampered();
      this.#length = whole.text.length;
      return this.#at(whole.version, await Directory.restore(whole.text));
    }
    return this.#at(this.version, await Directory.restoreParts(this.#parts()));
  }

  /** Saves the present state. To be called in a transaction. */
  save(directory: Directory): void {
    this.#table.clear();
    const { version } = directory;
    let digest = "";
    let length = 0;
    let part = 0;
    for (const text of directory.pieces.state()) {
      digest = sha256(digest, text);
      this.#table.insert({ part, version, digest, text });
      length += text.length;
      part += 1;
    }
    this.#length = length;
  }

  *#parts(): Generator<string> {
    const saved = this.version;
    let before = "";
    this.#length = 0;
    for (const { version, digest, text } of this.#table.parts()) {
      if (sha256(before, text) !== digest || version !== saved) throw tampered();
      before = digest;
      this.#length += text.length;
      yield text;
    }
  }

  #at(version: number | undefined, directory: Directory): Directory {
    if (directory.version !== version) throw tampered();
    return directory;
  }
}
