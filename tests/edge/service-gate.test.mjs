// What the authority gives to a gate: heads, which say from which version on an assistant's snapshot is current, and snapshots.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { open, openHead } from "wicketgate";
import { assertProblem } from "../lib/problem.mjs";
import { AUDIENCE, ISSUER, smallOrganization, startService } from "../lib/service.mjs";
import { until } from "../lib/until.mjs";

/** "site" and "shop" are public, "draft" is not; uma owns all. */
function facts(more = []) {
  const organization = smallOrganization();
  const [site] = organization.assistants;
  organization.assistants.push({ ...site, id: "shop", name: "Shop" }, ...more.map((id) => ({ ...site, id })));
  return organization;
}

/** A service, with the requests of a gate. */
function gateOf(service) {
  const keySet = async () => (await fetch(`${service.url}/.well-known/jwks.json`)).json();
  const expectations = async () => ({ keys: await keySet(), issuer: ISSUER, audience: "wicketgate-gate", organization: "acme" });
  const ask = (path, token = service.secrets.GATE_TOKEN) =>
    service.operator(`/v1/gate/${path}`, { method: "GET", body: null, token });
  const detached = async (path) => {
    const response = await ask(path);
    const payload = await response.text();
    assert.equal(response.status, 200, payload);
    return { payload, signature: response.headers.get("Wicketgate-Signature") };
  };
  return {
    ask,
    expectations,
    detached,
    head: async (assistant) => openHead(await detached(`${assistant}/head`), await expectations()),
    /** Reads from the object. */
    snapshot: async (assistant) => open(await detached(assistant), await expectations()),
    /** Reads from the key-value store. */
    stored: async (assistant) => {
      const token = await (await service.gate()).get(`gate:acme:${assistant}`);
      return token === null ? undefined : open(token, await expectations());
    },
  };
}

const opens = (snapshot, link, assistant = "site") => snapshot?.as({ link }).can("assistant.chat", assistant) ?? false;

let service;
let gate;
let gina;

/** Starts a service for this group, with a gate's requests and a global admin. */
function fresh() {
  before(async () => {
    service = await startService({ facts: facts() });
    gate = gateOf(service);
    gina = await service.signIn("gina");
  });
  after(() => service?.stop());
}

describe("the head about an assistant", () => {
  fresh();
  let uma;
  before(async () => {
    uma = await service.signIn("uma");
  });

  const present = async () => (await gina.json("/v1/directory")).version;
  const version = async (assistant) => (await gate.head(assistant)).version;
  const closed = async (assistant) => assertProblem(await gate.ask(`${assistant}/head`), 404, "unknown_assistant");
  const current = async (assistant) => {
    const head = await version(assistant);
    assert.ok((await gate.snapshot(assistant)).version >= head, "what the object serves is current");
    await until(async () => (await gate.stored(assistant))?.version >= head, "what the store has is current");
  };

  test("is signed for one assistant, for gates alone, for a minute, and not cached", async () => {
    const response = await gate.ask("site/head");
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("Cache-Control"), "private, no-store");
    assert.equal(response.headers.get("Content-Type"), "application/json");
    const token = { payload: await response.text(), signature: response.headers.get("Wicketgate-Signature") };
    const head = await openHead(token, await gate.expectations());
    assert.equal(head.assistant, "site");
    assert.equal(head.organization, "acme");
    assert.equal(head.expiresAt - head.issuedAt, 60);
    assert.ok(Math.abs(head.issuedAt - Date.now() / 1000) < 30);
    const { keys } = await gate.expectations();
    await assert.rejects(openHead(token, { keys, audience: AUDIENCE }), { code: "wrong_audience" });
    await assert.rejects(open(token, await gate.expectations()), { code: "wrong_type" });
  });

  test("has the version of the founding until an event concerns the assistant", async () => {
    assert.ok((await present()) > 1, "people have signed in since");
    assert.deepEqual([await version("site"), await version("shop")], [1, 1]);
    await current("site");
  });

  test("follows the events that concern the assistant, and no others", async () => {
    let last = 1;
    const concerned = async (member, command) => {
      const answer = await member.does(command);
      assert.ok(answer.version > last);
      assert.equal(await version("site"), answer.version, command.type);
      assert.equal(await version("shop"), 1, `${command.type} is not the sibling's`);
      await current("site");
      last = answer.version;
      return answer.result;
    };
    const unconcerned = async (member, command) => {
      await member.does(command);
      assert.equal(await version("site"), last, command.type);
    };

    const { link } = await concerned(gina, { type: "create_link", assistant: "site", level: "edit" });
    await unconcerned(gina, { type: "create_team", id: "elsewhere", name: "Elsewhere" });
    await concerned(gina, { type: "revoke_link", assistant: "site", link });
    await unconcerned(uma, { type: "edit_assistant", assistant: "draft", name: "Rough" });
    await concerned(uma, { type: "set_embed", assistant: "site", origins: ["https://www.acme.example"] });
    await unconcerned(gina, { type: "assign_role", user: "udo", role: "application_admin" });
    await concerned(uma, { type: "edit_assistant", assistant: "site", name: "Website" });
  });

  test("exists while the assistant is public, as the stored snapshot does", async () => {
    for (const accessibility of ["only_me", "only_team"]) {
      await uma.does({ type: "set_accessibility", assistant: "site", accessibility });
      await closed("site");
      await assertProblem(await gate.ask("site"), 404, "unknown_assistant");
      await until(async () => (await gate.stored("site")) === undefined, "the stored snapshot is gone");
      // Changes during the closed time count when it opens again.
      await uma.does({ type: "edit_assistant", assistant: "site", name: `Was ${accessibility}` });
      const { version: opened } = await uma.does({ type: "set_accessibility", assistant: "site", accessibility: "public" });
      assert.equal(await version("site"), opened);
      await current("site");
    }
    assert.equal(await version("shop"), 1);
  });

  test("follows the plan, which concerns every assistant", async () => {
    const plan = async (withholds) => (await service.operator("/v1/plan", { method: "PUT", body: { withholds } })).json();
    const { version: planned } = await plan(["assistant.chat"]);
    for (const assistant of ["site", "shop"]) {
      assert.equal(await version(assistant), planned);
      await current(assistant);
    }
    await closed("draft");
    await plan([]);
    for (const assistant of ["site", "shop"]) assert.equal(await version(assistant), planned + 1);
  });

  test("is equal after a restart", async () => {
    await uma.does({ type: "edit_assistant", assistant: "shop", name: "The shop" });
    await gina.does({ type: "create_team", id: "later", name: "Later" });
    const versions = async () => [await version("site"), await version("shop")];
    const before = await versions();
    assert.ok(before[0] < before[1] && before[1] < (await present()));
    await service.restart();
    assert.deepEqual(await versions(), before);
  });

  test("ends with the assistant; a later assistant with the same id starts again", async () => {
    await uma.does({ type: "delete_assistant", assistant: "shop" });
    await closed("shop");
    await until(async () => (await gate.stored("shop")) === undefined, "the stored snapshot is gone");
    await gina.does({ type: "create_assistant", id: "shop", project: "faq", name: "Shop" });
    await gina.does({ type: "transfer_assistant", assistant: "shop", user: "uma" });
    await closed("shop");
    const { version: opened } = await uma.does({ type: "set_accessibility", assistant: "shop", accessibility: "public" });
    assert.equal(await version("shop"), opened);
  });

  test("is refused equally for private and unknown assistants", async () => {
    const answers = [];
    for (const path of ["draft", "nothing", "acme", "%00", "a%20b", "%E0%A4%A", "x".repeat(2000)]) {
      const response = await gate.ask(`${path}/head`);
      const headers = [...response.headers].filter(([name]) => name !== "date");
      answers.push(JSON.stringify([headers, await assertProblem(response, 404, "unknown_assistant")]));
    }
    assert.equal(new Set(answers).size, 1);
  });

  test("needs the gate's token, as the snapshot does", async () => {
    for (const path of ["site", "site/head", "nothing/head"]) {
      for (const wrong of [null, "wrong", service.secrets.OPERATOR_TOKEN]) {
        await assertProblem(await gate.ask(path, wrong), 401, "not_signed_in");
      }
      await assertProblem(await gina.get(`/v1/gate/${path}`), 401, "not_signed_in");
    }
    await service.restart({ GATE_TOKEN: "" });
    for (const path of ["site", "site/head"]) await assertProblem(await gate.ask(path), 404, "not_found");
    await service.restart();
    assert.equal((await gate.ask("site/head")).status, 200);
  });
});

describe("a stored snapshot", () => {
  fresh();

  const link = async (level) => (await gina.does({ type: "create_link", assistant: "site", level })).result;

  test("loses a revoked link and keeps its siblings", async () => {
    const [revoked, sibling] = [await link("view"), await link("view")];
    await until(async () => opens(await gate.stored("site"), sibling.key), "both links are in it");
    assert.ok(opens(await gate.stored("site"), revoked.key));

    const { version } = await gina.does({ type: "revoke_link", assistant: "site", link: revoked.link });
    const served = await gate.snapshot("site");
    assert.deepEqual([opens(served, revoked.key), opens(served, sibling.key)], [false, true]);
    await until(async () => (await gate.stored("site"))?.version >= version, "it was written anew");
    const stored = await gate.stored("site");
    assert.deepEqual([opens(stored, revoked.key), opens(stored, sibling.key)], [false, true]);
  });

  test("has the last of many simultaneous changes", async () => {
    const links = await Promise.all(Array.from({ length: 30 }, () => link("view")));
    const { version } = await gate.head("site");
    await until(async () => (await gate.stored("site"))?.version >= version, "the last change is written");
    const stored = await gate.stored("site");
    for (const { key } of links) assert.ok(opens(stored, key));
  });
});

describe("storage from before heads", () => {
  fresh();

  const present = async () => (await gina.json("/v1/directory")).version;
  const version = async (assistant) => (await gate.head(assistant)).version;

  test("works on, from the version at which it was migrated", async () => {
    await gina.does({ type: "create_link", assistant: "site", level: "view" });
    await gina.does({ type: "create_team", id: "between", name: "Between" });
    await until(async () => (await gate.stored("site"))?.version > 1, "nothing is left to write");
    await service.restart({ edit: [["ALTER TABLE gate DROP COLUMN version"]] });
    const found = await present();
    assert.deepEqual([await version("site"), await version("shop")], [found, found]);

    const { version: changed } = await gina.does({ type: "create_link", assistant: "site", level: "view" });
    await gina.does({ type: "create_team", id: "unrelated", name: "Unrelated" });
    assert.deepEqual([await version("site"), await version("shop")], [changed, found]);
    await service.restart();
    assert.deepEqual([await version("site"), await version("shop")], [changed, found]);
  });

  test("without a row answers the present version", async () => {
    await service.restart({ edit: [["DELETE FROM gate WHERE assistant = 'shop'"]] });
    assert.equal(await version("shop"), await present());
    await gina.does({ type: "create_team", id: "further", name: "Further" });
    assert.equal(await version("shop"), await present());
    assert.ok((await version("site")) < (await present()));
  });

  test("with a future version makes no head", async () => {
    await service.restart({ edit: [["UPDATE gate SET version = 1000000 WHERE assistant = 'site'"]] });
    await assertProblem(await gate.ask("site/head"), 500, "internal");
  });
});

test("ids work with every allowed character", async () => {
  const ids = ["a:b", "a@b.c", "x.y-z_1", "...", "head", "-", "A".repeat(128)];
  const service = await startService({ facts: facts(ids) });
  try {
    const gate = gateOf(service);
    for (const id of ids) {
      for (const path of [id, encodeURIComponent(id)]) {
        assert.equal((await gate.head(path)).assistant, id);
        assert.deepEqual(
          (await gate.snapshot(path)).facts().assistants.map((assistant) => assistant.id),
          [id],
        );
      }
    }
  } finally {
    await service.stop();
  }
});

test("an organization that is not founded has no heads", async () => {
  const service = await startService({ facts: null });
  try {
    await assertProblem(await gateOf(service).ask("site/head"), 503, "not_founded");
  } finally {
    await service.stop();
  }
});
