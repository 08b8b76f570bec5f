// The organization's object looks after itself: its own alarm renews gate snapshots and drops old rows.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startService } from "../lib/service.mjs";
import { until } from "../lib/until.mjs";

let service;
before(async () => {
  service = await startService();
});
after(() => service?.stop());

const stored = async () => (await service.gate()).get("gate:acme:site");
const wake = async () => assert.equal((await fetch(`${service.url}/.well-known/jwks.json`)).status, 200);
const OLD_MAIL = ["INSERT INTO mails VALUES ('x', 'gina', 1)"];

test("a round that is due begins when the object starts, and the next is planned", async () => {
  await until(stored, "the first snapshot is written");
  const before = await stored();
  await service.restart({ edit: [["UPDATE upkeep SET ended = 1"], ["UPDATE gate SET due = 1"], OLD_MAIL] });
  await wake();
  await until(async () => (await stored()) !== before, "the snapshot is renewed");
  await until(async () => {
    const [mails, [{ ended }]] = await service.restart({ edit: [["SELECT * FROM mails"], ["SELECT ended FROM upkeep"]] });
    if (mails.length > 0) await wake();
    return mails.length === 0 && ended > Date.now() / 1000 - 60;
  }, "the old row is dropped, and the round recorded");
});

test("storage from before there was upkeep: all snapshots are written again, under their present names", async () => {
  const store = await service.gate();
  await store.delete("gate:acme:site");
  await service.restart({ edit: [["DROP TABLE upkeep"]] });
  await wake();
  await until(stored, "the snapshot is there");
});
