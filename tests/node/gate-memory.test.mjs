// The copies in the gate's memory: when it asks the source, which answers it takes, and how long it uses a copy while the source fails.
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import * as jose from "jose";
import { generateKeyPair } from "wicketgate/authority";
import { fails } from "../lib/fails.mjs";
import { gateOf, gateSnapshot, headOf, links, withSite } from "../lib/gate-library.mjs";
import { until } from "../lib/until.mjs";
import { EDIT, NOW, VIEW, acme, keyPair, keys, opened, signed } from "../lib/world.mjs";

const [Snapshot, Principal] = await opened().then((snapshot) => [snapshot.constructor, snapshot.as().constructor]);
const { free } = Snapshot.prototype;
afterEach(() => {
  Snapshot.prototype.free = free;
});

/** Counts the freed snapshots. */
function freed() {
  const freed = new Set();
  Snapshot.prototype.free = function () {
    freed.add(this);
    free.call(this);
  };
  return freed;
}

const never = () => new Promise(() => {});
const down = () => Promise.reject(new Error(`the store has lost ${VIEW}`));
const versionOf = async (gate, assistant = "site") => (await gate.admit(assistant, { link: VIEW })).version;
const only = (id, changes = {}) => ({
  ...acme(),
  assistants: [{ id, project: "faq", owner: "vic", accessibility: "public", links: [links.view], ...changes }],
});

describe("asks the source", () => {
  test("once, and again after ten seconds", async () => {
    const { gate, source, clock } = await gateOf();
    for (const [after, reads] of [
      [0, 1],
      [9.9, 0],
      [0.1, 1],
      [0, 0],
      [9, 0],
      [60, 1],
    ]) {
      clock.now += after;
      assert.equal(await versionOf(gate), 1);
      assert.equal(source.since().read, reads, `${after} s later`);
    }
  });

  test("as often for an assistant that does not exist", async () => {
    const { gate, source, clock } = await gateOf();
    for (const [after, reads] of [
      [0, 1],
      [9.9, 0],
      [0.1, 1],
    ]) {
      clock.now += after;
      assert.equal((await gate.admit("other", { link: VIEW })).admitted, false);
      assert.equal(source.since().read, reads, `${after} s later`);
    }
  });

  test("again when the clock was set back, once for all concurrent requests", async () => {
    const { gate, source, clock } = await gateOf();
    await versionOf(gate);
    clock.now -= 100;
    let answer;
    source.answer.read = (id) => new Promise((resolve) => (answer = () => resolve(source.tokens.get(id))));
    const first = versionOf(gate);
    assert.equal(await versionOf(gate), 1);
    answer();
    assert.equal(await first, 1);
    assert.equal(source.since().read, 2);
  });

  test("and accepts the end of an assistant then too, without waiting for the clock to catch up", async () => {
    const { gate, source, clock } = await gateOf();
    await versionOf(gate);
    clock.now -= 1800;
    source.answer.read = down;
    await assert.rejects(gate.admit("site", { link: VIEW }), fails("unavailable"));
    source.answer.read = () => undefined;
    clock.now += 1;
    assert.equal((await gate.admit("site", { link: VIEW })).admitted, false);
  });

  test("at every request with revalidateAfter 0", async () => {
    const { gate, source } = await gateOf({ revalidateAfter: 0 });
    for (let n = 0; n < 3; n++) await versionOf(gate);
    assert.equal(source.since().read, 3);
  });

  test("once for all requests that come while it answers: they use the copy", async () => {
    const { gate, source, clock, publish } = await gateOf();
    await versionOf(gate);
    await publish({ version: 2 });
    clock.now += 10;
    let answer;
    source.answer.read = (id) => new Promise((resolve) => (answer = () => resolve(source.tokens.get(id))));
    const first = versionOf(gate);
    assert.deepEqual(await Promise.all([versionOf(gate), versionOf(gate)]), [1, 1]);
    assert.equal(source.since().read, 2);
    answer();
    assert.equal(await first, 2);
    assert.equal(await versionOf(gate), 2);
  });

  test("for each request if there is no copy: no request waits for another one's I/O", async () => {
    const { gate, source } = await gateOf();
    const { read } = source.answer;
    source.answer.read = () => ((source.answer.read = read), never());
    void gate.admit("site", { link: VIEW }).catch(() => {});
    assert.equal(await versionOf(gate), 1);
    assert.equal(source.since().read, 2);
  });
});

describe("takes", () => {
  test("a later version, and frees the earlier copy", async () => {
    const { gate, clock, publish } = await gateOf();
    const gone = freed();
    await versionOf(gate);
    await publish({ version: 2 });
    clock.now += 10;
    assert.equal(await versionOf(gate), 2);
    assert.equal(gone.size, 1);
  });

  test("the same version signed for longer", async () => {
    const { gate, clock, publish } = await gateOf();
    await versionOf(gate);
    await publish({ issuedAt: NOW + 1800 });
    clock.now += 1800;
    assert.equal((await gate.admit("site", { link: VIEW })).until, NOW + 5400);
  });

  test("not the same version signed for less time", async () => {
    const { gate, clock, publish } = await gateOf();
    await versionOf(gate);
    await publish({ expiresIn: 60 });
    clock.now += 10;
    assert.equal((await gate.admit("site", { link: VIEW })).until, NOW + 3600);
  });

  test("the same token without opening it again", async () => {
    const { gate, source, clock } = await gateOf();
    const gone = freed();
    await versionOf(gate);
    clock.now += 10;
    const [payload, signature] = await detached(source.tokens.get("site"));
    await versionOf(gate);
    source.tokens.set("site", { payload, signature });
    clock.now += 10;
    await versionOf(gate);
    assert.equal(gone.size, 1, "another form is opened");
    source.tokens.set("site", { payload: new TextEncoder().encode(payload), signature });
    for (let n = 0; n < 3; n++) {
      clock.now += 10;
      source.tokens.set("site", { payload: new TextEncoder().encode(payload), signature });
      await versionOf(gate);
    }
    assert.equal(gone.size, 2);
  });

  test("the end of an assistant at once, and its return", async () => {
    const { gate, source, clock } = await gateOf();
    const gone = freed();
    await versionOf(gate);
    const token = source.tokens.get("site");
    source.tokens.clear();
    clock.now += 10;
    assert.deepEqual(await gate.admit("site", { link: VIEW }), { admitted: false, reason: "unknown_target" });
    assert.equal(gone.size, 1);
    source.tokens.set("site", token);
    clock.now += 10;
    assert.equal(await versionOf(gate), 1);
  });

  test("no snapshot that the authority has ended, although the store still has it", async () => {
    const { gate, source, clock, publish } = await gateOf();
    await versionOf(gate);
    source.heads.clear();
    assert.equal((await gate.admit("site", { link: EDIT })).admitted, false);
    for (let n = 0; n < 3; n++) {
      assert.equal((await gate.admit("site", { link: VIEW })).admitted, false);
      clock.now += 10;
    }
    await publish({ version: 2 });
    assert.equal(await versionOf(gate), 2, "reopened, it is later");
  });

  test("no snapshot older than the one before the end", async () => {
    const { gate, source, clock, publish } = await gateOf();
    const old = source.tokens.get("site");
    await publish({ version: 2, facts: withSite({ links: [] }) });
    assert.equal((await gate.admit("site", { link: VIEW })).reason, "link_invalid");
    for (const token of [undefined, old, undefined, old]) {
      source.answer.read = () => token;
      clock.now += 10;
      assert.deepEqual(await gate.admit("site", { link: VIEW }), { admitted: false, reason: "unknown_target" });
    }
    source.answer.read = (id) => source.tokens.get(id);
    clock.now += 10;
    assert.equal((await gate.admit("site", { link: VIEW })).reason, "link_invalid", "the same is taken back");
  });

  test("every version of a later epoch, and none of the earlier one any more", async () => {
    const { gate, source, clock } = await gateOf();
    const old = await gateSnapshot({ version: 9 });
    source.tokens.set("site", old);
    assert.equal(await versionOf(gate), 9);
    source.tokens.set("site", await gateSnapshot({ epoch: 5, version: 3 }));
    clock.now += 10;
    assert.equal(await versionOf(gate), 3);
    source.tokens.set("site", old);
    clock.now += 10;
    assert.equal(await versionOf(gate), 3);
    // Removed from the store, and put back unchanged.
    source.tokens.delete("site");
    clock.now += 10;
    assert.equal((await gate.admit("site", { link: VIEW })).admitted, false);
    source.tokens.set("site", old);
    clock.now += 10;
    assert.equal((await gate.admit("site", { link: VIEW })).admitted, false);
    source.tokens.set("site", await gateSnapshot({ epoch: 5, version: 3 }));
    clock.now += 10;
    assert.equal(await versionOf(gate), 3);
  });

  test("no answer to an earlier request than the newest answer", async () => {
    const { gate, source, clock } = await gateOf();
    await versionOf(gate);
    const old = source.tokens.get("site");
    clock.now += 10;
    let answer;
    source.answer.read = () => new Promise((resolve) => (answer = resolve));
    const slow = gate.admit("site", { link: VIEW });
    clock.now += 1;
    source.answer.read = () => undefined;
    assert.equal((await gate.admit("site", { link: VIEW })).admitted, false);
    answer(old);
    assert.equal((await slow).admitted, false);
  });
});

test("an answer counts although a later request got none", async () => {
  const { gate, source } = await gateOf();
  const token = source.tokens.get("site");
  let answer;
  source.answer.read = () => new Promise((resolve) => (answer = resolve));
  const slow = versionOf(gate);
  source.answer.read = down;
  await assert.rejects(gate.admit("site", { link: VIEW }), fails("unavailable"));
  answer(token);
  assert.equal(await slow, 1);
});

test("an answer of no snapshot to an earlier request does not end the copy", async () => {
  const { gate, source, clock } = await gateOf();
  await versionOf(gate);
  const { read } = source.answer;
  clock.now += 10;
  let answer;
  source.answer.read = () => new Promise((resolve) => (answer = resolve));
  const slow = versionOf(gate);
  clock.now += 1;
  source.answer.read = read;
  await versionOf(gate);
  answer(undefined);
  assert.equal(await slow, 1);
  assert.equal(await versionOf(gate), 1);
});

async function detached(token) {
  const [header, payload, signature] = token.split(".");
  return [Buffer.from(payload, "base64url").toString(), `${header}..${signature}`];
}

describe("a source that fails", () => {
  const faults = {
    "is down": () => down,
    "throws at once": () => () => {
      throw new Error("no");
    },
    "rejects with a text": () => () => Promise.reject(`the store has lost ${VIEW}`),
    "never answers": () => never,
    "has something else": () => () => "x",
    "has a number": () => () => 7,
    "has a changed snapshot": (token) => () => token.replace(/\.(.)/, (_, first) => `.${first === "A" ? "B" : "A"}`),
    "has half a snapshot": (token) => () => token.slice(0, token.length / 2),
    "has another assistant's snapshot": async () => answering(await gateSnapshot({ id: "faq", version: 9, facts: only("faq") })),
    "has another organization's snapshot": async () =>
      answering(await gateSnapshot({ version: 9, facts: { ...withSite(), id: "other" } })),
    "has one of another issuer": async () => answering(await gateSnapshot({ version: 9, issuer: "https://other.example" })),
    "has one for another audience": async () => answering(await gateSnapshot({ version: 9, audience: "console" })),
    "has one under another key": async () =>
      answering(await gateSnapshot({ version: 9, key: (await generateKeyPair()).privateKey })),
    "has one that has expired": async () => answering(await gateSnapshot({ version: 9, issuedAt: NOW - 60, expiresAt: NOW })),
    "has the workspace": async () => answering(await gateSnapshot({ version: 9, scope: "workspace" })),
    "has a member's snapshot": async () => answering(await gateSnapshot({ version: 9, scope: { member: "vic" } })),
    "has a head": async () => answering(headOf()),
    "has a pass": async (_, gate) => answering((await gate.issuePass(await gate.admit("site", { link: VIEW }))).pass),
  };
  for (const [name, make] of Object.entries(faults)) {
    test(`${name}: without a copy nothing is decided, and the source is not asked at every request`, async () => {
      const { gate, source, clock } = await gateOf({ timeout: 5 });
      const good = source.answer.read;
      source.answer.read = await make(source.tokens.get("site"), (await gateOf()).gate);
      for (const reads of [1, 0, 0]) {
        const error = await gate.admit("site", { link: VIEW }).catch((thrown) => thrown);
        fails("unavailable")(error);
        assert.ok(!error.message.includes(VIEW));
        assert.equal(source.since().read, reads);
      }
      source.answer.read = good;
      clock.now += 1;
      assert.equal(await versionOf(gate), 1, "a second later all is well");
    });

    test(`${name}: the copy is used for five minutes after its last confirmation`, async () => {
      const { gate, source, clock } = await gateOf({ timeout: 5 });
      await versionOf(gate);
      clock.now += 10;
      await versionOf(gate);
      const good = source.answer.read;
      source.answer.read = await make(source.tokens.get("site"), (await gateOf()).gate);
      source.since();
      clock.now += 10;
      assert.equal(await versionOf(gate), 1);
      assert.equal(await versionOf(gate), 1);
      assert.equal(source.since().read, 1);
      clock.now += 1;
      assert.equal(await versionOf(gate), 1);
      assert.equal(source.since().read, 1, "asked again after a second");
      clock.now = NOW + 10 + 300;
      assert.equal(await versionOf(gate), 1);
      clock.now += 0.5;
      await assert.rejects(gate.admit("site", { link: VIEW }), fails("unavailable"));
      await assert.rejects(gate.frameAncestors("site"), fails("unavailable"));
      source.answer.read = good;
      clock.now += 1;
      assert.equal(await versionOf(gate), 1);
    });
  }

  test("rolled back: the copy is used for as long, and the older one is freed", async () => {
    const { gate, source, clock, publish } = await gateOf();
    const old = source.tokens.get("site");
    await publish({ version: 2 });
    assert.equal(await versionOf(gate), 2);
    source.answer.read = () => old;
    const gone = freed();
    clock.now += 10;
    assert.equal(await versionOf(gate), 2);
    assert.equal(gone.size, 1);
    clock.now = NOW + 300;
    assert.equal(await versionOf(gate), 2);
    clock.now += 1;
    await assert.rejects(gate.admit("site", { link: VIEW }), fails("unavailable"));
  });

  test("the copy is used no longer than the snapshot is valid", async () => {
    const { gate, source, clock, publish } = await gateOf();
    await publish({ expiresIn: 100 });
    await versionOf(gate);
    source.answer.read = down;
    clock.now += 99;
    assert.equal(await versionOf(gate), 1);
    clock.now += 1;
    await assert.rejects(gate.admit("site", { link: VIEW }), fails("unavailable"));
  });

  test("an expired snapshot that the source still has is not used, and the source is asked again after a second", async () => {
    const { gate, source, clock, publish } = await gateOf();
    await publish({ expiresIn: 100 });
    await versionOf(gate);
    for (clock.now += 95; clock.now < NOW + 100; clock.now += 1) assert.equal(await versionOf(gate), 1);
    source.since();
    for (let n = 0; n < 3; n++) await assert.rejects(gate.admit("site", { link: VIEW }), fails("unavailable"));
    await assert.rejects(gate.admit("site", { link: EDIT }), fails("unavailable"));
    assert.equal(source.since().read, 1);
  });

  test("a copy that expires between two requests is not used, and a new one is fetched at once", async () => {
    for (const ask of [(gate) => gate.admit("site", { link: VIEW }), (gate) => gate.frameAncestors("site")]) {
      const { gate, clock, publish } = await gateOf();
      await publish({ expiresIn: 5 });
      await ask(gate);
      clock.now += 5;
      await assert.rejects(ask(gate), fails("unavailable"));
    }
    const { gate, clock, publish } = await gateOf();
    await publish({ expiresIn: 5 });
    await versionOf(gate);
    await publish();
    clock.now += 5;
    assert.equal(await versionOf(gate), 1);
  });

  test("an expiry in the middle of a decision never refuses the visitor", async () => {
    const outcomes = new Set();
    for (let step = 0; step < 30; step++) {
      const { gate, clock, publish } = await gateOf({ now: () => (time.now += 0.1) });
      const time = clock;
      await publish({ expiresIn: 5 });
      await versionOf(gate);
      time.now = NOW + 5 - step / 20;
      outcomes.add(
        await gate.admit("site", { link: VIEW }).then(
          ({ admitted, reason }) => admitted || reason,
          ({ code }) => code,
        ),
      );
    }
    assert.deepEqual([...outcomes].sort(), ["unavailable", true].sort());
  });

  test("another payload under the same signature is not the same", async () => {
    const { gate, source, clock } = await gateOf();
    const [payload, signature] = await detached(source.tokens.get("site"));
    source.tokens.set("site", { payload: new TextEncoder().encode(payload), signature });
    await versionOf(gate);
    source.tokens.set("site", { payload: new TextEncoder().encode(`${payload} `), signature });
    clock.now += 300;
    assert.equal(await versionOf(gate), 1);
    clock.now += 1;
    await assert.rejects(gate.admit("site", { link: VIEW }), fails("unavailable"));
  });

  test("without grace the copy is not used, unless it was just confirmed", async () => {
    const { gate, source, clock } = await gateOf({ grace: 0 });
    await versionOf(gate);
    source.answer.read = down;
    clock.now += 9;
    assert.equal(await versionOf(gate), 1);
    clock.now += 1;
    await assert.rejects(gate.admit("site", { link: VIEW }), fails("unavailable"));
  });

  test("an assistant that did not exist is refused for as long, and then undecided", async () => {
    const { gate, source, clock } = await gateOf();
    await gate.admit("other", {});
    source.answer.read = down;
    clock.now += 300;
    assert.equal((await gate.admit("other", {})).admitted, false);
    clock.now += 1;
    await assert.rejects(gate.admit("other", {}), fails("unavailable"));
  });

  test("is aborted at the timeout", async () => {
    const { gate, source } = await gateOf({ timeout: 5 });
    const signals = [];
    source.answer.read = (_, signal) => (signals.push(signal), never());
    await assert.rejects(gate.admit("site", {}), fails("unavailable"));
    assert.equal(signals[0].aborted, true);
  });
});

/** A valid head with changes that the authority itself would not sign. */
async function headSaying(changes) {
  const good = headOf();
  const claims = { ...jose.decodeJwt(good), ...changes };
  return new jose.SignJWT(claims)
    .setProtectedHeader(jose.decodeProtectedHeader(good))
    .sign(await jose.importJWK(keyPair.privateKey, "EdDSA"));
}

describe("the authority that fails", () => {
  test("(a head without changes opens)", async () => {
    const { gate, source } = await gateOf();
    source.answer.head = answering(await headSaying({}));
    assert.ok((await gate.admit("site", { link: EDIT })).admitted);
  });

  const faults = {
    "head down": (answer) => {
      answer.head = down;
    },
    "head never": (answer) => {
      answer.head = never;
    },
    "head of nonsense": (answer) => {
      answer.head = () => "x";
    },
    "head of another assistant": async (answer) => {
      answer.head = answering(await headSaying({ assistant: "draft" }));
    },
    "head of the whole organization": async (answer) => {
      answer.head = answering(await headSaying({ assistant: undefined }));
    },
    "head of another organization": async (answer) => {
      answer.head = answering(await headSaying({ organization: { id: "other" } }));
    },
    "head for another audience": (answer) => {
      answer.head = () => headOf({ audience: "console" });
    },
    "head of another issuer": (answer) => {
      answer.head = () => headOf({ issuer: "https://other.example" });
    },
    "head that has expired": (answer) => {
      answer.head = () => headOf({ issuedAt: NOW - 60, expiresIn: 60 });
    },
    "a snapshot for a head": async (answer) => {
      const token = await gateSnapshot();
      answer.head = () => token;
    },
    "snapshot down": (answer) => {
      answer.head = () => headOf({ version: 2 });
      answer.snapshot = down;
    },
    "snapshot never": (answer) => {
      answer.head = () => headOf({ version: 2 });
      answer.snapshot = never;
    },
    "snapshot older than the head": (answer) => {
      answer.head = () => headOf({ version: 2 });
    },
    "snapshot of another assistant": async (answer) => {
      answer.head = () => headOf({ version: 2 });
      answer.snapshot = answering(await gateSnapshot({ id: "faq", version: 2, facts: only("faq") }));
    },
  };
  for (const [name, break_] of Object.entries(faults)) {
    test(`${name}: edit links admit nobody, without a grace period; view links do`, async () => {
      const { gate, source, clock } = await gateOf({ timeout: 5 });
      assert.ok((await gate.admit("site", { link: EDIT })).admitted);
      const good = { ...source.answer };
      await break_(source.answer);
      source.since();
      for (let n = 0; n < 2; n++) await assert.rejects(gate.admit("site", { link: EDIT }), fails("unavailable"));
      assert.equal(source.since().head, 2, "asked each time");
      assert.equal(await versionOf(gate), 1);
      source.answer = good;
      clock.now += 1;
      assert.ok((await gate.admit("site", { link: EDIT })).admitted);
    });
  }

  test("no authority at all: edit links admit nobody", async () => {
    const { source, gate } = await gateOf();
    delete source.authority;
    await assert.rejects(gate.admit("site", { link: EDIT }), fails("unavailable"));
    assert.equal(await versionOf(gate), 1);
  });

  test("a later head causes a request for its snapshot, and confirms the copy", async () => {
    const { gate, source, clock, publish } = await gateOf();
    await versionOf(gate);
    await publish({ version: 3 });
    source.answer.read = () => assert.fail("asked");
    assert.equal((await gate.admit("site", { link: EDIT })).version, 3);
    clock.now += 9;
    assert.equal((await gate.admit("site", { link: EDIT })).version, 3);
    clock.now += 9;
    assert.equal(await versionOf(gate), 3);
    assert.deepEqual(source.since(), { read: 1, head: 2, snapshot: 1 });
  });

  test("a head of a later epoch replaces a higher version by its snapshot", async () => {
    const { gate, source } = await gateOf();
    source.tokens.set("site", await gateSnapshot({ version: 9 }));
    assert.equal(await versionOf(gate), 9);
    source.answer.head = answering(await headSaying({ epoch: 5, version: 3 }));
    await assert.rejects(gate.admit("site", { link: EDIT }), fails("unavailable"), "the authority has no such snapshot yet");
    const token = await gateSnapshot({ epoch: 5, version: 3 });
    source.answer.snapshot = () => token;
    assert.equal((await gate.admit("site", { link: EDIT })).version, 3);
    assert.equal(await versionOf(gate), 3);
    source.answer.head = answering(await headSaying({ version: 9 }));
    assert.equal((await gate.admit("site", { link: EDIT })).version, 3, "an earlier head leaves the copy");
  });

  test("an expired copy is replaced by the authority's snapshot", async () => {
    const { gate, source, clock, publish } = await gateOf();
    await publish({ expiresIn: 5 });
    await gate.admit("site", { link: EDIT });
    const pass = {
      organization: "acme",
      assistant: "site",
      capabilities: ["assistant.chat"],
      obtained: { by: "view_link", digest: links.view.digest },
    };
    await publish();
    clock.now += 5;
    source.since();
    assert.ok((await gate.recheck(pass, "assistant.chat", { consult: "head" })).admitted);
    assert.deepEqual(source.since(), { read: 0, head: 1, snapshot: 1 });
  });

  test("an earlier head leaves the copy, because a head is about the last change", async () => {
    const { gate, source } = await gateOf();
    source.tokens.set("site", await gateSnapshot({ version: 5 }));
    assert.equal((await gate.admit("site", { link: EDIT })).version, 5);
    assert.equal(source.since().snapshot, 0);
  });

  test("an answer that a later one has overtaken does not replace its copy", async () => {
    const { gate, source, publish } = await gateOf();
    await versionOf(gate);
    source.answer.head = () => headOf({ version: 2 });
    const second = await gateSnapshot({ version: 2 });
    let answer;
    source.answer.snapshot = () => new Promise((resolve) => (answer = () => resolve(second)));
    const slow = gate.admit("site", { link: EDIT });
    await until(() => answer, "the question");
    source.answer.snapshot = (id) => source.tokens.get(id);
    await publish({ version: 3 });
    assert.equal((await gate.admit("site", { link: EDIT })).version, 3);
    answer();
    assert.equal((await slow).version, 3);
    assert.equal(await versionOf(gate), 3);
  });

  test("an overtaken answer does not end an assistant that was reopened meanwhile", async () => {
    const { gate, source, clock, publish } = await gateOf();
    await versionOf(gate);
    let answer;
    source.answer.head = () => new Promise((resolve) => (answer = () => resolve(undefined)));
    const slow = gate.admit("site", { link: EDIT });
    await until(() => answer, "the question");
    source.answer.head = (id) => source.heads.get(id);
    await publish({ version: 3 });
    assert.equal((await gate.admit("site", { link: EDIT })).version, 3);
    answer();
    assert.equal((await slow).admitted, false);
    clock.now += 10;
    assert.equal(await versionOf(gate), 3);
  });

  test("a head without a snapshot: refused", async () => {
    const { gate, source } = await gateOf();
    source.answer.head = () => headOf({ version: 2 });
    source.answer.snapshot = () => undefined;
    assert.deepEqual(await gate.admit("site", { link: EDIT }), { admitted: false, reason: "unknown_target" });
  });
});

describe("keys", () => {
  test("that are unknown are fetched again, once", async () => {
    const next = await generateKeyPair();
    const wanted = [];
    const told = ({ newer }) => (wanted.push(newer), newer ? { keys: [...keys.keys, next.publicKey] } : keys);
    const { gate, publish, clock } = await gateOf({ keys: told });
    await versionOf(gate);
    await publish({ version: 2, key: next.privateKey });
    clock.now += 10;
    assert.equal(await versionOf(gate), 2);
    assert.deepEqual(wanted, [false, false, true]);
  });

  test("are fetched again for a head and a member's snapshot as well", async () => {
    const next = await generateKeyPair();
    const { gate, source } = await gateOf({ keys: ({ newer }) => (newer ? { keys: [...keys.keys, next.publicKey] } : keys) });
    source.heads.set("site", headOf({ key: next.privateKey }));
    assert.ok((await gate.admit("site", { link: EDIT })).admitted);
    const member = await signed(acme(), {
      issuer: "https://authority.acme.example",
      audience: "console",
      scope: { member: "vic" },
      key: next.privateKey,
    });
    assert.ok((await gate.admit("draft", { member })).admitted);
  });

  test("that are withdrawn drop the copies of all assistants that they signed", async () => {
    const next = await generateKeyPair();
    let told = keys;
    const { gate, source, clock } = await gateOf({ keys: () => told });
    source.tokens.set("faq", await gateSnapshot({ id: "faq", facts: only("faq") }));
    await versionOf(gate);
    await versionOf(gate, "faq");
    const gone = freed();
    told = { keys: [next.publicKey] };
    source.tokens.set("site", await gateSnapshot({ key: next.privateKey }));
    clock.now += 10;
    assert.equal(await versionOf(gate), 1);
    assert.equal(gone.size, 2);
    await assert.rejects(gate.admit("faq", { link: VIEW }), fails("unavailable"));
  });

  test("that are withdrawn while the source answers: its snapshot is not taken", async () => {
    const next = await generateKeyPair();
    let told = keys;
    const { gate, source } = await gateOf({ keys: () => told });
    const token = source.tokens.get("site");
    let answer;
    source.answer.read = () => new Promise((resolve) => (answer = () => resolve(token)));
    const slow = gate.admit("site", { link: VIEW });
    await until(() => answer, "the question");
    told = { keys: [next.publicKey] };
    source.answer.read = () => undefined;
    await gate.admit("other", { link: VIEW });
    answer();
    await assert.rejects(slow, fails("unavailable"));
  });

  test("with the same `kid` but another value drop the copies too", async () => {
    let told = keys;
    const { gate, clock } = await gateOf({ keys: () => told });
    await versionOf(gate);
    told = { keys: [(await generateKeyPair({ kid: keyPair.publicKey.kid })).publicKey] };
    clock.now += 10;
    await assert.rejects(gate.admit("site", { link: VIEW }), fails("unavailable"));
  });

  for (const [name, told] of [
    ["cannot be had", () => Promise.reject(new Error("no"))],
    ["never come", never],
    ["are none", () => undefined],
  ]) {
    test(`that ${name}: the copy is used for its grace period`, async () => {
      let now = () => keys;
      const { gate, clock } = await gateOf({ keys: () => now(), timeout: 5 });
      await versionOf(gate);
      now = told;
      clock.now += 300;
      assert.equal(await versionOf(gate), 1);
      clock.now += 1;
      await assert.rejects(gate.admit("site", { link: VIEW }), fails("unavailable"));
      await assert.rejects(gate.admit("site", { link: EDIT }), fails("unavailable"));
    });
  }
});

describe("memory", () => {
  /** This many public assistants in the source. */
  async function many(source, count, changes) {
    const ids = Array.from({ length: count }, (_, place) => `a${place}`);
    for (const id of ids) source.tokens.set(id, await gateSnapshot({ id, facts: only(id, changes) }));
    return ids;
  }

  test("holds maxCopies copies, and frees the least recently used", async () => {
    const { gate, source } = await gateOf({ maxCopies: 3 });
    const gone = freed();
    const ids = await many(source, 4);
    for (const id of ids.slice(0, 3)) await versionOf(gate, id);
    await versionOf(gate, ids[0]);
    assert.equal(gone.size, 0);
    await versionOf(gate, ids[3]);
    assert.equal(gone.size, 1);
    source.since();
    await Promise.all([ids[0], ids[2], ids[3]].map((id) => versionOf(gate, id)));
    assert.equal(source.since().read, 0);
    await versionOf(gate, ids[1]);
    assert.equal(source.since().read, 1);
  });

  test("frees the principals of its questions, admitted or not", async () => {
    const { free } = Principal.prototype;
    let count = 0;
    Principal.prototype.free = function () {
      count++;
      free.call(this);
    };
    try {
      const { gate } = await gateOf();
      for (const link of [VIEW, "wk_x"]) await gate.admit("site", { link });
    } finally {
      Principal.prototype.free = free;
    }
    assert.equal(count, 2);
  });

  test("remembers twenty thousand admissions of all assistants together, and none of freed copies", async () => {
    const { as } = Snapshot.prototype;
    let asked = 0;
    Snapshot.prototype.as = function (...visitor) {
      asked++;
      return as.apply(this, visitor);
    };
    try {
      const { gate, source } = await gateOf({ maxCopies: 21 });
      const ids = await many(source, 22, { embed: { origins: ["*"] } });
      const visit = async (id, sites) => {
        asked = 0;
        for (let n = 0; n < sites; n++) assert.ok((await gate.admit(id, { origin: `https://s${n}.example` })).admitted);
        return asked;
      };
      for (const id of ids.slice(0, 21)) assert.equal(await visit(id, 1000), 1000);
      assert.equal(await visit(ids[20], 10), 10, "there is no room for the last one's");
      for (const id of ids.slice(1, 20)) assert.equal(await visit(id, 10), 0);
      assert.equal(await visit(ids[21], 10), 10, "the first one is put out");
      assert.equal(await visit(ids[21], 10), 0);
    } finally {
      Snapshot.prototype.as = as;
    }
  });

  test("guessed ids evict no copy, and are forgotten themselves", async () => {
    const { gate, source } = await gateOf({ maxCopies: 3 });
    await versionOf(gate);
    for (let n = 0; n < 10; n++) await gate.admit(`guess${n}`, { link: VIEW });
    source.since();
    await versionOf(gate);
    await gate.admit("guess9", { link: VIEW });
    assert.equal(source.since().read, 0);
    await gate.admit("guess0", { link: VIEW });
    assert.equal(source.since().read, 1);
  });

  test("holds no more bytes than 16 MiB", async () => {
    const { gate, source } = await gateOf();
    const gone = freed();
    const ids = await many(source, 6, { name: "x".repeat(2.7 * 1024 * 1024) });
    for (const id of ids) await versionOf(gate, id);
    assert.equal(gone.size, 2, "six of 3.6 MiB each");
    await versionOf(gate, ids[5]);
  });

  test("takes no snapshot of more than 4 MiB", async () => {
    const { gate, source } = await gateOf();
    await many(source, 1, { name: "x".repeat(3.1 * 1024 * 1024) });
    await assert.rejects(gate.admit("a0", { link: VIEW }), fails("unavailable"));
  });

  test("a request is answered although its copy is evicted meanwhile", async () => {
    const { gate, source } = await gateOf({ maxCopies: 1 });
    const ids = await many(source, 8);
    const answers = await Promise.all([...ids, ...ids].map((id) => gate.admit(id, { link: VIEW })));
    assert.ok(answers.every(({ admitted }) => admitted));
  });
});

function answering(token) {
  return () => token;
}
