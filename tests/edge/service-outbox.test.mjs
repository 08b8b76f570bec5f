// A platform's outbox: a worker that dies between any two steps applies each of 1,000 changes once, in order. The code is the guide's.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { SESSION_COOKIE, startService } from "../lib/service.mjs";

const CHANGES = 1000;
/** The most steps of a worker before it dies. A change has six. */
const MOST_STEPS = 60;
const WORKER = new URL("../lib/outbox-worker.mjs", import.meta.url).pathname;

let service;
let dir;

before(async () => {
  service = await startService();
  dir = await mkdtemp(join(tmpdir(), "wicketgate-outbox-"));
});

after(async () => {
  await service?.stop();
  await rm(dir, { recursive: true, force: true });
});

test(`${CHANGES} changes are applied once each, in order, by a worker that dies`, async (context) => {
  const gina = await service.signIn("gina");
  const first = (await gina.json("/v1/directory")).version + 1;
  const table = join(dir, "outbox");
  // Each change creates something or renames it, with ids of the directory's own: a second time would be seen.
  const rows = Array.from({ length: CHANGES }, (_, id) => ({
    id,
    idempotency_key: randomUUID(),
    command: JSON.stringify({ type: "create_team", name: `Change ${id}` }),
  }));
  await writeFile(`${table}.rows`, JSON.stringify(rows));
  let deaths = 0;
  for (let ended = false; !ended; ) {
    const steps = Math.floor(Math.random() * MOST_STEPS);
    const worker = spawn(process.execPath, [WORKER, table, service.url, `${SESSION_COOKIE}=${gina.session}`, String(steps)], {
      stdio: ["ignore", "inherit", "inherit"],
    });
    const [code, signal] = await once(worker, "exit");
    assert.ok(signal === "SIGKILL" || code === 0 || code === 3, `the worker failed: ${code}`);
    if (signal) deaths += 1;
    ended = code === 0;
  }
  const created = [];
  for (let from = first - 1; from !== undefined; ) {
    const page = await gina.json(`/v1/events?after=${from}&limit=1000`);
    created.push(...page.events.map(({ text }) => JSON.parse(text).command.name));
    from = page.next;
  }
  assert.deepEqual(
    created,
    rows.map(({ command }) => JSON.parse(command).name),
  );
  const done = (await readFile(`${table}.done`, "utf8"))
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    done.map(({ id }) => id),
    rows.map(({ id }) => id),
  );
  assert.ok(deaths > CHANGES / 20, `the worker died ${deaths} times`);
  context.diagnostic(`${CHANGES} changes, ${deaths} deaths`);
});
