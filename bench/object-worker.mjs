// The authority's object, with methods for measurements: a bare insert, and ways to fill it and to look into it.

import { Organization } from "../edge/authority/object/organization.ts";

export class Measured extends Organization {
  #copied = [];
  #written = 0;

  /** Keeps the last events, for `bare` to write them again. */
  copy(count) {
    const { sql } = this.ctx.storage;
    sql.exec(
      "CREATE TABLE IF NOT EXISTS bare (version INTEGER, part INTEGER, text TEXT NOT NULL, sealed TEXT NOT NULL, PRIMARY KEY (version, part)) WITHOUT ROWID",
    );
    sql.exec("DELETE FROM bare");
    this.#copied = sql.exec("SELECT text, sealed FROM events ORDER BY version DESC LIMIT ?", count).toArray();
    this.#written = 0;
    return { value: this.#copied.reduce((sum, { text, sealed }) => sum + text.length + sealed.length, 0) / count };
  }

  /** Has the arguments of `execute`, and only writes an event: an equal row, equal bytes, one transaction. */
  bare(_session, _request) {
    const { text, sealed } = this.#copied[this.#written % this.#copied.length];
    const version = ++this.#written;
    const { storage } = this.ctx;
    storage.transactionSync(() => storage.sql.exec("INSERT INTO bare VALUES (?, ?, ?, ?)", version, 0, text, sealed));
    return { value: { answer: { version, result: {} } } };
  }

  /** Writes all kept events in one transaction. */
  bareAll() {
    const { storage } = this.ctx;
    storage.transactionSync(() => {
      for (const { text, sealed } of this.#copied) {
        storage.sql.exec("INSERT INTO bare VALUES (?, ?, ?, ?)", ++this.#written, 0, text, sealed);
      }
    });
    return { value: this.#copied.length };
  }

  /** What `execute` answers, without any work. */
  constant() {
    return { value: { answer: { version: 1, result: {} } } };
  }

  /** Calls a method for each request, inside the object, without waiting. */
  repeat(method, session, requests) {
    for (const request of requests) {
      const outcome = this[method](session, request);
      if (outcome.problem) return outcome;
    }
    return { value: requests.length };
  }

  /** The number of gate snapshots that are due. */
  due() {
    const [{ due }] = this.ctx.storage.sql
      .exec("SELECT count(*) AS due FROM gate WHERE due <= ?", Math.floor(Date.now() / 1000))
      .toArray();
    return { value: due };
  }

  /** The size of the history, and of its part after the saved state. */
  stored() {
    const { sql } = this.ctx.storage;
    const [state] = sql.exec("SELECT max(version) AS version, coalesce(sum(length(text)), 0) AS size FROM state_parts").toArray();
    const [events] = sql
      .exec(
        "SELECT count(*) AS events, coalesce(sum(length(text) + length(sealed)), 0) AS size FROM events WHERE version > ?",
        state.version ?? 0,
      )
      .toArray();
    const [{ version }] = sql.exec("SELECT version FROM head").toArray();
    return { value: { version, saved: state.version, state: state.size, after: events.events, afterSize: events.size } };
  }
}

export default {
  /** Calls methods of one object in order, `inFlight` at a time. Answers when all are done. */
  async fetch(request, { DIRECTORY }) {
    const { object, calls, inFlight = 1 } = await request.json();
    const stub = DIRECTORY.get(DIRECTORY.idFromName(object));
    let next = 0;
    let last;
    const lane = async () => {
      while (next < calls.length) {
        const [method, ...given] = calls[next++];
        const outcome = await stub[method](...given);
        if (outcome.problem) throw new Error(JSON.stringify(outcome.problem));
        last = outcome.value;
      }
    };
    try {
      await Promise.all(Array.from({ length: inFlight }, lane));
    } catch (error) {
      return new Response(error.message, { status: 500 });
    }
    return Response.json(last ?? null);
  },
};
