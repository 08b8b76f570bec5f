// The directory of an organization that is too long for one text: the answer is a stream, and the same JSON.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { large } from "../../bench/large.mjs";
import { startService } from "../lib/service.mjs";

const facts = large({ users: 500, teams: 50, assistants: 6_000 });

let service;
before(async () => {
  service = await startService({ facts });
});
after(() => service?.stop());

test("a long directory is whole, with the activity of people at its end", async () => {
  const admin = await service.signIn("u_admin");
  const response = await admin.get("/v1/directory");
  assert.equal(response.status, 200);
  assert.match(response.headers.get("Content-Type"), /^application\/json/);
  const text = await response.text();
  // Of several pieces, the last of which is not full.
  assert.ok(text.length > 1.2 * 2 ** 20, `${text.length}`);
  const view = JSON.parse(text);
  assert.equal(JSON.stringify(view), text);
  assert.deepEqual(Object.keys(view), ["version", "organization", "activity"]);
  assert.deepEqual(Object.keys(view.activity), ["u_admin"]);
  const sizes = ({ users, teams, assistants }) => [users, teams, assistants].map((list) => list.length);
  assert.deepEqual(sizes(view.organization), sizes(facts));
  assert.deepEqual(
    view.organization.assistants.map(({ id, name }) => [id, name]),
    facts.assistants.map(({ id, name }) => [id, name]).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
});
