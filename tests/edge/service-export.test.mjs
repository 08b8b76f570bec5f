// Export and import: an organization goes to another installation with its whole history, or not at all.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { verifyChain } from "wicketgate/authority";
import { assertProblem } from "../lib/problem.mjs";
import { smallOrganization, startService } from "../lib/service.mjs";

const exportOf = (service, token = service.secrets.OPERATOR_TOKEN) =>
  fetch(`${service.url}/v1/organization/export`, { headers: { Authorization: `Bearer ${token}` } });
const importInto = (service, body, { token = service.secrets.OPERATOR_TOKEN, type = "application/x-ndjson" } = {}) =>
  fetch(`${service.url}/v1/organization/import`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": type },
    body,
  });
const parsed = (lines) => lines.map((line) => JSON.parse(line));

describe("an export", () => {
  let service;
  let gina;
  let text;
  let lines;
  before(async () => {
    const facts = smallOrganization();
    // More than one part, event and page, and characters of two and more bytes.
    facts.teams.push(...Array.from({ length: 4000 }, (_, n) => ({ id: `t_${n}`, name: `Größe 😀 ${n} ${"é".repeat(60)}` })));
    service = await startService({ facts });
    gina = await service.signIn("gina");
    await service.signIn("udo");
    for (let n = 0; n < 20; n += 1) await gina.does({ type: "create_team", id: `made-${n}`, name: `Später ${n}` });
    await gina.does({ type: "complete_review", note: "Alles gut" });
    await gina.does({ type: "remove_user", user: "udo" });
    text = await (await exportOf(service)).text();
    lines = text.trimEnd().split("\n");
  });
  after(() => service?.stop());

  test("has a heading and every event, chained", async () => {
    const [heading, ...events] = parsed(lines);
    const { version } = await gina.json("/v1/directory");
    assert.deepEqual({ ...heading, head: undefined }, { format: 1, organization: "acme", epoch: 0, version, head: undefined });
    assert.equal(events.length, version);
    assert.equal(await verifyChain(events), heading.head);
    assert.ok(events.every(({ sealed }) => sealed.length < 300_000));
  });

  test("is for the operator alone", async () => {
    await assertProblem(await exportOf(service, "wrong"), 401, "not_signed_in");
    await assertProblem(await importInto(service, text, { token: "wrong" }), 401, "not_signed_in");
  });

  describe("imported", () => {
    let other;
    before(async () => {
      other = await startService({ facts: null });
    });
    after(() => other?.stop());

    /** Nothing of an import is visible or left, and a later one succeeds. */
    const untouched = async () => {
      await assertProblem(await exportOf(other), 503, "not_founded");
    };

    for (const [what, edit, line] of [
      ["a line is missing", (it) => it.toSpliced(5, 1), 6],
      ["two lines are in another order", (it) => it.with(5, it[6]).with(6, it[5]), 6],
      ["a text is changed, which the next event notices", (it) => it.with(8, it[8].replace("Später", "Früher")), 10],
      ["a sealed text is changed", (it) => it.with(3, it[3].replace("Größe", "Grosse")), 4],
      ["the end is missing", (it) => it.slice(0, -1), undefined],
      ["it has a heading alone", (it) => it.slice(0, 1), 2],
      ["the heading names another head", (it) => it.with(0, it[0].replace(/"head":"./, '"head":"_')), undefined],
      ["it is of another organization", (it) => it.with(0, it[0].replace('"acme"', '"other"')), 1],
      ["a line is no JSON", (it) => it.with(2, "{"), 3],
      ["a line is no event", (it) => it.with(2, '{"version":2}'), 3],
      ["it is empty", () => [], 1],
    ]) {
      test(`is refused whole, where ${what}`, async () => {
        const body = edit(lines)
          .map((it) => `${it}\n`)
          .join("");
        const problem = await assertProblem(await importInto(other, body), 422, "invalid_import");
        if (line !== undefined) assert.equal(problem.path, `line ${line}`);
        await untouched();
      });
    }

    test("is refused if a later version wrote it", async () => {
      const body = `${lines[0].replace('"format":1', '"format":2')}\n`;
      const problem = await assertProblem(await importInto(other, body), 400, "unsupported_format");
      assert.match(problem.title, /format 2/);
      await untouched();
    });

    test("is refused if it is not lines of JSON", async () => {
      await assertProblem(await importInto(other, text, { type: "text/plain" }), 415, "unsupported_media_type");
      await assertProblem(await importInto(other, Buffer.concat([Buffer.from(text), Buffer.from([0xff])])), 400, "bad_request");
      await untouched();
    });

    test("leaves nothing if the service stops in the middle", async () => {
      await other.restart({
        edit: [["INSERT INTO imports VALUES (1)"], ["INSERT INTO events VALUES (1, 0, 'half', 'half')"]],
      });
      await untouched();
      const [[{ events }]] = await other.restart({ edit: [["SELECT COUNT(*) AS events FROM events"]] });
      assert.equal(events, 0);
    });

    test("makes the same organization, which goes on and starts again", async () => {
      const response = await importInto(other, text);
      assert.deepEqual([response.status, await response.json()], [201, { version: lines.length - 1 }]);
      assert.equal(await (await exportOf(other)).text(), text);
      await assertProblem(await importInto(other, text), 409, "already_founded");
      await other.restart();
      assert.equal(await (await exportOf(other)).text(), text);
      const [[{ reviews }], [{ events }]] = await other.restart({
        edit: [["SELECT COUNT(*) AS reviews FROM reviews"], ["SELECT COUNT(*) AS events FROM events WHERE part = 0"]],
      });
      assert.deepEqual([reviews, events], [1, lines.length - 1]);
    });
  });
});

test("the stored export of format 1 is imported", async () => {
  const service = await startService({ facts: null });
  try {
    const stored = await readFile(new URL("../fixtures/formats/export-1.ndjson", import.meta.url), "utf8");
    assert.equal((await importInto(service, stored)).status, 201);
    assert.equal(await (await exportOf(service)).text(), stored);
  } finally {
    await service.stop();
  }
});
