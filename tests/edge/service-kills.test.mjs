// Kills the process during commands and batches, again and again, on the same disk. Every acknowledged command must be in the history once, at
// the answered version. An unacknowledged command may be there, and must be after it is sent again. Of a batch there is all or nothing.
import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { verifyChain } from "wicketgate/authority";
import { startIdentityProvider } from "../../demo/identity-provider.mjs";
import { freePort } from "../lib/free-port.mjs";
import { ISSUER, Member, signIn, smallOrganization } from "../lib/service.mjs";
import { until } from "../lib/until.mjs";
import { configure, startWorkerd } from "../lib/workerd.mjs";

const KILLS = 200;
/** Commands in flight at any moment. */
const WRITERS = 4;
/** Commands of a batch. Every other writer sends batches. */
const BATCH = 25;
/** The most acknowledgements before a kill. In some rounds there are none, and the object is killed during its start. */
const MOST = 6;
/** The most milliseconds after that, so that a kill comes at any moment of a command. */
const LONGEST = 20;

let dir;
let provider;
let url;
let args;
const log = [];

before(async () => {
  dir = await mkdtemp(join(tmpdir(), "wicketgate-kills-"));
  const port = await freePort();
  url = `http://localhost:${port}`;
  const clientSecret = randomBytes(32).toString("base64url");
  const people = smallOrganization().users;
  provider = await startIdentityProvider({
    port: 0,
    people,
    redirectUri: `${url}/v1/sign-in/callback`,
    clientId: "wicketgate",
    clientSecret,
  });
  args = configure({
    dir,
    port,
    bindings: {
      ORGANIZATION: "acme",
      ORIGIN: url,
      ISSUER,
      OPERATOR_TOKEN: "an operator's token".replaceAll(" ", "-"),
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: "wicketgate",
      OIDC_CLIENT_SECRET: clientSecret,
    },
  });
});

after(async () => {
  await provider?.stop();
  await rm(dir, { recursive: true, force: true });
});

test(`${KILLS} kills lose no acknowledged command`, async (context) => {
  let process = await startWorkerd(args, log);
  const founded = await fetch(`${url}/v1/organization`, {
    method: "PUT",
    headers: { "Content-Type": "application/json", Authorization: "Bearer an-operator's-token" },
    body: JSON.stringify(smallOrganization()),
  });
  assert.equal(founded.status, 201, await founded.text());
  const gina = new Member({ url });
  assert.equal((await signIn({ url }, gina.visitor, "gina")).response.status, 303);
  await process.kill();

  const acknowledged = new Map();
  const unknown = new Map();
  let refused = 0;

  async function create(id, key) {
    const response = await gina.command({ type: "create_team", id, name: id }, { "Idempotency-Key": key });
    const answer = await response.json();
    if (response.status !== 200) throw Object.assign(new Error(JSON.stringify(answer)), { refused: true });
    return answer.version;
  }

  /** The commands of a batch, each with its key. */
  const batches = new Map();
  const unknownBatches = new Set();

  async function createAll(id) {
    const commands = batches
      .get(id)
      .map(({ id, key }) => ({ command: { type: "create_team", id, name: id }, idempotency_key: key }));
    const response = await gina.post("/v1/commands/batch", { atomic: true, commands });
    const answer = await response.json();
    if (response.status !== 200) throw Object.assign(new Error(JSON.stringify(answer)), { refused: true });
    for (const [n, { version }] of answer.answers.entries()) {
      const { id: team, key } = batches.get(id)[n];
      acknowledged.set(team, { version, key });
    }
  }

  for (let kill = 0; kill < KILLS; kill += 1) {
    process = await startWorkerd(args, log);
    let killed = false;
    const enough = acknowledged.size + Math.floor(Math.random() * (MOST + 1));
    const writers = Array.from({ length: WRITERS }, async (_, writer) => {
      for (let n = 0; !killed; n += 1) {
        const id = `k${kill}-${writer}-${n}`;
        if (writer % 2 === 1) {
          batches.set(
            id,
            Array.from({ length: BATCH }, (_, n) => ({ id: `${id}-${n}`, key: randomUUID() })),
          );
          try {
            await createAll(id);
          } catch (error) {
            unknownBatches.add(id);
            if (error.refused && !killed) refused += 1;
            if (killed) return;
          }
          continue;
        }
        const key = randomUUID();
        try {
          acknowledged.set(id, { version: await create(id, key), key });
        } catch (error) {
          unknown.set(id, key);
          if (error.refused && !killed) refused += 1;
          if (killed) return;
        }
      }
    });
    await until(() => acknowledged.size >= enough, "commands are acknowledged");
    await new Promise((resolve) => setTimeout(resolve, Math.random() * LONGEST));
    killed = true;
    await process.kill();
    await Promise.all(writers);
  }

  process = await startWorkerd(args, log);
  try {
    assert.equal(refused, 0);
    const teams = new Set((await gina.json("/v1/directory")).organization.teams.map(({ id }) => id));
    for (const id of batches.keys()) {
      const present = batches.get(id).filter(({ id }) => teams.has(id)).length;
      assert.ok(
        present === BATCH || (present === 0 && unknownBatches.has(id)),
        `${present} commands of the batch ${id} were applied`,
      );
    }
    assert.ok(acknowledged.size >= KILLS, `only ${acknowledged.size} commands were acknowledged`);
    assert.ok(unknown.size >= KILLS / 2, `only ${unknown.size} commands were interrupted`);
    // A repeated command is applied if it was not, and only answered if it was.
    for (const [id, key] of unknown) acknowledged.set(id, { version: await create(id, key), key });
    for (const id of unknownBatches) await createAll(id);
    // An acknowledged command gets the same answer again.
    for (const [id, { version, key }] of [...acknowledged].slice(-50)) assert.equal(await create(id, key), version);

    const events = [];
    for (let after = 0; after !== undefined; ) {
      const page = await gina.json(`/v1/audit?after=${after}&limit=1000`);
      events.push(...page.events);
      after = page.next;
    }
    await verifyChain(events);
    assert.deepEqual(
      events.map(({ version }) => version),
      events.map((_, index) => index + 1),
    );
    const created = new Map();
    for (const { version, text } of events) {
      const { command } = JSON.parse(text);
      if (command.type !== "create_team") continue;
      assert.ok(!created.has(command.id), `${command.id} was applied twice`);
      created.set(command.id, version);
    }
    assert.equal(created.size, acknowledged.size);
    for (const [id, { version }] of acknowledged) assert.equal(created.get(id), version, id);
    context.diagnostic(
      `${acknowledged.size} commands, ${unknown.size} of them interrupted by ${KILLS} kills, none lost; ${batches.size} batches, ${unknownBatches.size} of them interrupted, none half done`,
    );
  } finally {
    await process.kill();
  }
});
