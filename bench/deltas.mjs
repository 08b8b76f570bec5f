// The cost of one change, as a delta and as a new full snapshot: bytes, issuing, and applying or opening.

import { isDeepStrictEqual } from "node:util";
import { init, openHead, openSync } from "wicketgate";
import { detach, Directory, generateKeyPair } from "wicketgate/authority";
import { weigh } from "./build.mjs";
import { administrator, changesAbout } from "./changes.mjs";
import { SIZES, world } from "./world.mjs";

const CLAIMS = { issuer: "https://authority.acme.example", audience: "wicketgate-console", expiresIn: 3_600 };
const COMPARED = ["assistant.view", "assistant.chat", "assistant.edit", "assistant.share", "corpus.view"];
// Bytes above which compressing would take most of a minute.
const MOST_COMPRESSED = 8 * 1024 * 1024;

/**
 * Makes the changes of an organization of that size one after another, in several fresh directories. Full snapshots are issued and opened
 * after every change, or only after the last one if they take seconds.
 */
export async function measureDeltas(size, { rounds, onlyLast = false }) {
  const { facts, subject } = world(SIZES[size]);
  const { publicKey, privateKey: key } = await generateKeyPair();
  const keys = { keys: [publicKey] };
  const admin = administrator(facts).id;
  const given = [
    { name: "workspace", scope: "workspace", asked: { user: subject } },
    { name: "admin", scope: { member: admin } },
    { name: "member", scope: { member: subject } },
  ];
  const measured = { size, head: [], scopes: given.map(({ name }) => ({ name, full: undefined, changes: {}, times: {} })) };
  await init();

  for (let round = 0; round < rounds; round++) {
    const { directory } = await Directory.found(facts);
    const full = (scope) => directory.snapshot({ ...CLAIMS, key, scope });
    const readers = [];
    for (const [at, { scope, asked }] of given.entries()) {
      const token = await detach(full(scope));
      measured.scopes[at].full ??= weighed(token);
      const snapshot = openSync(token, { keys });
      readers.push({ scope, asked, snapshot, principal: snapshot.as(asked), into: measured.scopes[at] });
    }
    const commands = changesAbout(facts, subject);
    for (const command of commands) {
      const last = command === commands.at(-1);
      const from = directory.version;
      directory.execute({ user: admin }, command);
      const id = command.assistant ?? facts.assistants[0].id;
      for (const {
        scope,
        asked,
        snapshot,
        principal,
        into: { name, changes, times },
      } of readers) {
        const add = (what, time) => (times[what] ??= []).push(time);
        const issued = timed(() => directory.delta(from, { ...CLAIMS, key, scope }));
        const delta = await detach(issued.value);
        const applied = timed(() => snapshot.apply(delta));
        const answered = timed(() => principal.can("assistant.view", id));
        (changes[kindOf(command, subject)] ??= []).push(weigh({ body: delta.payload, header: delta.signature }));
        add("issueDelta", issued.time);
        add("apply", applied.time);
        add("applyAsk", applied.time + answered.time);
        if (onlyLast && !last) continue;

        const issuedAnew = timed(() => full(scope));
        const token = await detach(issuedAnew.value);
        const opened = timed(() => openSync(token, { keys }));
        const asking = timed(() => opened.value.as(asked).can("assistant.view", id));
        add("issueFull", issuedAnew.time);
        add("open", opened.time);
        add("openAsk", opened.time + asking.time);
        expectSame(snapshot, opened.value, asked, `${size}, ${name}, ${command.type}`);
        if (last && !onlyLast) {
          const followed = timed(() => snapshot.facts());
          const fresh = timed(() => opened.value.facts());
          if (!isDeepStrictEqual(followed.value, fresh.value))
            throw new Error(`${size}, ${name}: other facts than the full snapshot's`);
          add("factsFollowed", followed.time);
          add("facts", fresh.time);
        }
        opened.value.free();
      }
      const head = directory.headToken({ ...CLAIMS, key });
      const start = performance.now();
      await openHead(head, { keys });
      measured.head.push(performance.now() - start);
    }
    for (const { snapshot } of readers) snapshot.free();
    directory.free();
  }
  return measured;
}

/** The kind of a change, and whether it moves the reader into or out of something. */
function kindOf({ type, user }, subject) {
  return user === subject ? `${type}, of the member` : type;
}

function weighed({ payload, signature }) {
  const raw = Buffer.byteLength(payload) + signature.length;
  return raw > MOST_COMPRESSED ? { raw } : weigh({ body: payload, header: signature });
}

function timed(work) {
  const start = performance.now();
  const value = work();
  return { value, time: performance.now() - start };
}

function expectSame(followed, opened, asked, where) {
  if (followed.version !== opened.version || followed.state !== opened.state)
    throw new Error(`${where}: another version or state than the full snapshot's`);
  const [one, other] = [followed.as(asked), opened.as(asked)];
  for (const capability of COMPARED) {
    const [before, after] = [one, other].map((principal) => [...principal.list(capability)].sort());
    if (!isDeepStrictEqual(before, after))
      throw new Error(`${where}: \`${capability}\` is answered otherwise than by the full snapshot`);
  }
}
