// The package's client for the operator against the real Workers: what it does with organizations.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Operator } from "wicketgate/admin";
import { verifyChain } from "wicketgate/authority";
import { startOrganizations } from "../lib/organizations.mjs";

const INES = { id: "ines", email: "inès.núñez@example.org" };

let platform;
let operator;
before(async () => {
  platform = await startOrganizations({ people: [INES], hosts: ["clínica", "north"] });
  operator = operatorOf(platform);
});
after(() => platform?.stop());

/** A client at the apex of a deployment. @param lose whether the answer of a request gets lost */
function operatorOf({ apex, secrets, record }, lose = () => false) {
  let count = 0;
  return new Operator({
    url: apex,
    token: secrets.OPERATOR_TOKEN,
    async fetch(url, init) {
      const response = await record(await fetch(url, init), init);
      count += 1;
      if (!lose(count)) return response;
      await response.body?.cancel();
      throw new TypeError("the connection broke");
    },
  });
}

const host = (label) => `${label}.localhost:${platform.port}`;
const facts = (id) => ({
  id,
  users: [{ id: "ines", role: "global_admin", email: INES.email }],
  teams: [{ id: "t", name: "Équipe Clínica", creator: "ines" }],
});
async function collected(items) {
  const found = [];
  for await (const item of items) found.push(item);
  return found;
}

test("an organization is created once, however often the answer gets lost", async () => {
  const unlucky = operatorOf(platform, (count) => count <= 2);
  const organization = { id: "north", name: "Nørth & Söhne", hosts: [host("north")], founder: INES.email };
  const entry = await unlucky.create(organization);
  assert.deepEqual(entry, { ...organization, state: "active", issuer: platform.originOf("north"), created: entry.created });
  assert.deepEqual(await operator.read("north"), entry);
  await assert.rejects(operator.create({ ...organization, name: "Another" }), { code: "already_exists", status: 409 });
});

test("is changed, and its optional fields are taken away", async () => {
  const limits = { mails_a_day: 20 };
  assert.deepEqual((await operator.change("north", { limits })).limits, limits);
  assert.equal((await operator.change("north", { limits: null })).limits, undefined);
  assert.deepEqual((await operator.setPlan("north", { name: "Größer", withholds: ["actions.manage"] })).plan, {
    name: "Größer",
    withholds: ["actions.manage"],
  });
  await assert.rejects(operator.setPlan("north", { withholds: ["none"] }), ({ code, problem }) => {
    assert.deepEqual([code, problem.path], ["bad_request", "plan.withholds"]);
    return true;
  });
  await assert.rejects(operator.read("nobody"), { code: "unknown_organization", status: 404 });
});

test("is suspended, deleted and brought back", async () => {
  assert.equal((await operator.suspend("north")).state, "suspended");
  assert.equal((await operator.delete("north")).state, "deleted");
  const { state, until: erased } = await operator.resume("north");
  assert.deepEqual([state, erased], ["active", undefined]);
});

test("all are listed, over any number of pages", async () => {
  for (const id of ["a-1", "a-2", "a-3"]) await operator.create({ id, hosts: [`${id}.platform.example`] });
  // Pages of two: the client asks for as many as there may be.
  const { apex, secrets } = platform;
  const asked = [];
  const paged = new Operator({
    url: apex,
    token: secrets.OPERATOR_TOKEN,
    fetch(url, init) {
      asked.push(url.search);
      const smaller = new URL(url);
      smaller.searchParams.set("limit", "2");
      return fetch(smaller, init);
    },
  });
  assert.deepEqual(
    (await collected(paged.list())).map(({ id }) => id),
    ["a-1", "a-2", "a-3", "north"],
  );
  assert.deepEqual(asked, ["?after=&limit=1000", "?after=a-2&limit=1000"]);
  assert.deepEqual(
    (await collected(operator.list({ after: "a-2" }))).map(({ id }) => id),
    ["a-3", "north"],
  );
});

describe("a founded organization", () => {
  test("is founded once, and a lost answer is told", async () => {
    await operator.create({ id: "clinica", hosts: [host("clínica")] });
    const unlucky = operatorOf(platform, (count) => count === 1);
    await assert.rejects(unlucky.found("clinica", facts("clinica")), { code: "unreachable" });
    await assert.rejects(unlucky.found("clinica", facts("clinica")), { code: "already_founded" });
  });

  test("moves to another deployment, line by line", async () => {
    const lines = await collected(operator.export("clinica"));
    const [heading, ...events] = lines.map((line) => JSON.parse(line));
    assert.deepEqual([heading.organization, heading.version], ["clinica", events.at(-1).version]);
    await verifyChain(events);
    await assert.rejects(collected(operator.export("north")), { code: "not_founded" });

    const other = await startOrganizations({ people: [INES], hosts: [] });
    try {
      const there = operatorOf(other);
      await there.create({ id: "clinica", hosts: [`clinica.localhost:${other.port}`] });
      await assert.rejects(there.import("clinica", lines.slice(0, -1)), ({ code, problem }) => {
        assert.deepEqual([code, problem.path], ["invalid_import", `line ${lines.length}`]);
        return true;
      });
      assert.deepEqual(await there.import("clinica", operator.export("clinica")), { version: heading.version });
      assert.deepEqual(await collected(there.export("clinica")), lines);
      await assert.rejects(there.import("clinica", lines), { code: "already_founded" });
    } finally {
      await other.stop();
    }
  });

  test("gets new keys, and a new epoch", async () => {
    const { keys } = await operator.rotateKeys("clinica");
    assert.deepEqual(keys.map(({ state }) => state).sort(), ["current", "next"]);
    await assert.rejects(operator.rotateKeys("clinica"), { code: "rotation_in_progress" });
    const { keys: withdrawn } = await operator.rotateKeys("clinica", { atOnce: true });
    assert.deepEqual(
      withdrawn.map(({ state }) => state),
      ["current"],
    );
    const { epoch } = await operator.restored("clinica");
    assert.ok((await operator.restored("clinica")).epoch > epoch);
    await assert.rejects(operator.restored("clinica", { at: 9_999_999_999 }), { code: "bad_request" });
  });
});

test("another token is refused, and at the host of an organization there is nothing", async () => {
  const { apex, secrets } = platform;
  await assert.rejects(new Operator({ url: apex, token: "guessed" }).read("north"), { code: "not_signed_in" });
  const there = new Operator({ url: platform.originOf("north"), token: secrets.OPERATOR_TOKEN });
  await assert.rejects(there.read("north"), { code: "not_found" });
});
