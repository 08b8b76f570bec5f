// The authority's object in workerd, with storage on disk.

import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { Miniflare } from "miniflare";
import { workerOptions } from "../edge/miniflare.mjs";
import { bundleWorker } from "./build.mjs";
import { administrator } from "./changes.mjs";

/** The digest of a session; the object never gets the token. */
export const SESSION = "measured";
/** The authority's origin and issuer. */
export const ORIGIN = "https://authority.acme.example";
/** The operator's token. */
export const OPERATOR = "operator";

/**
 * A folder for objects, and the process that runs them.
 * @param name of the Worker in front: `object` calls methods, `http` also answers as the authority's Worker
 */
export async function startObjects(name = "object") {
  const worker = await bundleWorker(name);
  const folder = await mkdtemp(join(tmpdir(), "wicketgate-bench-"));
  const { modulesRoot: _root, durableObjects: _objects, ...options } = workerOptions("authority");
  let miniflare;
  let url;
  let direct;
  const objects = {
    /** Where the Worker listens: behind Miniflare's own Worker, and without it. */
    urls: () => ({ entry: url, direct }),
    async start() {
      miniflare = new Miniflare({
        ...options,
        unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
        modulesRoot: dirname(worker),
        scriptPath: worker,
        durableObjects: { DIRECTORY: { className: "Measured", useSQLite: true } },
        kvPersist: join(folder, "kv"),
        durableObjectsPersist: join(folder, "objects"),
        bindings: { ORGANIZATION: "acme", ORIGIN, ISSUER: ORIGIN, OPERATOR_TOKEN: OPERATOR },
      });
      url = await miniflare.ready;
      direct = await miniflare.unsafeGetDirectURL();
    },
    async stop() {
      await miniflare?.dispose();
      miniflare = undefined;
    },
    async end() {
      await objects.stop();
      await rm(folder, { recursive: true, force: true });
    },
    /** Calls one method. */
    call: (object, method, ...given) => send(url, { object, calls: [[method, ...given]] }),
    /** Calls a method for each request. @returns milliseconds */
    async time(object, method, requests, inFlight) {
      const body = { object, inFlight, calls: requests.map((request) => [method, SESSION, request]) };
      const start = performance.now();
      await send(url, body);
      return performance.now() - start;
    },
    /** Sets up an organization in a new object, with a session of its administrator. */
    async found(object, facts, session = SESSION) {
      await objects.call(object, "found", JSON.stringify(facts));
      const { id, email } = administrator(facts);
      await objects.call(object, "signIn", { issuer: ORIGIN, subject: id, email }, session);
      await objects.gateWritten(object);
    },
    /** Waits until all gate snapshots are written. */
    async gateWritten(object) {
      while ((await objects.call(object, "due")) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    },
  };
  await objects.start();
  return objects;
}

/** A new connection for each request: an idle one may have been closed, and a command must not be sent twice. */
async function send(url, body) {
  const asked = request(url, { method: "POST", agent: false });
  asked.end(JSON.stringify(body));
  const [answer] = await once(asked, "response");
  const given = await text(answer);
  if (answer.statusCode !== 200) throw new Error(`the object refused: ${given}`);
  return JSON.parse(given);
}
