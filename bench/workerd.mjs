// A Worker of the measurements in workerd, and the processor time of workerd.

import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { request } from "node:http";
import { dirname } from "node:path";
import { text } from "node:stream/consumers";
import { Miniflare } from "miniflare";
import { bundleWorker } from "./build.mjs";

const CLOCK_TICKS = 100;

/** Seconds, user and system, of the workerd processes that this process started. Known on Linux alone. */
export async function workerdSeconds() {
  let seconds = 0;
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const text = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "");
    const [, name, rest] = /^\d+ \((.*)\) (.*)$/s.exec(text) ?? [];
    const fields = rest?.split(" ");
    if (name === "workerd" && Number(fields[1]) === process.pid) seconds += (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS;
  }
  return seconds;
}

/**
 * Starts a Worker of this folder on a socket of its own, without Miniflare's Worker in front.
 * @returns `send`, which posts a value as JSON and fails unless the answer is 200, and `stop`
 */
export async function startWorker(name) {
  const worker = await bundleWorker(name);
  const miniflare = new Miniflare({
    modules: true,
    modulesRoot: dirname(worker),
    scriptPath: worker,
    modulesRules: [
      { type: "ESModule", include: ["**/*.js"] },
      { type: "CompiledWasm", include: ["**/*.wasm"] },
    ],
    compatibilityDate: "2026-04-01",
    unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
  });
  await miniflare.ready;
  const url = await miniflare.unsafeGetDirectURL();
  return {
    async send(body) {
      const asked = request(url, { method: "POST", agent: false });
      asked.end(JSON.stringify(body));
      const [answer] = await once(asked, "response");
      const given = await text(answer);
      if (answer.statusCode !== 200) throw new Error(given);
    },
    stop: () => miniflare.dispose(),
  };
}
