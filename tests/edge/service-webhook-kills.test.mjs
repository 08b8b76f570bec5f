// No event of a webhook is skipped, whenever the process dies. `node tests/lib/webhook-kills.mjs 200` does the same more often.
import assert from "node:assert/strict";
import { test } from "node:test";
import { killsDuringDeliveries } from "../lib/webhook-kills.mjs";

const KILLS = 40;

test(`${KILLS} kills skip no event, and change no order`, async (context) => {
  const { acknowledged, received } = await killsDuringDeliveries(KILLS);
  assert.ok(acknowledged.length > KILLS, `only ${acknowledged.length} commands`);
  for (const versions of received) {
    // Each for the first time in order: an event may come again, before the next one comes.
    const first = versions.filter((version, index) => versions.indexOf(version) === index);
    assert.deepEqual(first, acknowledged);
    assert.deepEqual(
      versions,
      [...versions].sort((one, other) => one - other),
    );
    context.diagnostic(`${acknowledged.length} events, ${versions.length - acknowledged.length} of them sent again`);
  }
});
