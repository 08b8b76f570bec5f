// The gate: admissions and refusals, the access behind passes later on, and its options.
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { describe, test } from "node:test";
import { generateKeyPair } from "wicketgate/authority";
import { Gate } from "wicketgate/gate";
import { verifyPass } from "wicketgate/pass";
import { fails } from "../lib/fails.mjs";
import {
  expected,
  gateOf,
  gateSnapshot,
  ISSUER,
  links,
  memberSnapshot,
  OPTIONS,
  passPair,
  withSite,
} from "../lib/gate-library.mjs";
import { EDIT, NOW, ORIGIN, STRANGE, VIEW, acme, digest, keys, signed } from "../lib/world.mjs";

const PLAIN = ["assistant.view", "assistant.chat"];
const refused = (reason) => ({ admitted: false, reason });
const never = () => assert.fail("asked");

describe("admits", () => {
  test("the holder of a view link", async () => {
    const { gate } = await gateOf();
    assert.deepEqual(await gate.admit("site", { link: VIEW }), {
      admitted: true,
      assistant: "site",
      name: "Site",
      capabilities: PLAIN,
      obtained: { by: "view_link", digest: digest(VIEW) },
      version: 1,
      until: NOW + 3600,
    });
  });

  test("the holder of an edit link, and asks the authority each time", async () => {
    const { gate, source } = await gateOf();
    for (let n = 0; n < 3; n++) {
      const { capabilities, obtained } = await gate.admit("site", { link: EDIT });
      assert.deepEqual(
        [capabilities, obtained],
        [[...PLAIN, "assistant.edit", "corpus.view"], { by: "edit_link", digest: digest(EDIT) }],
      );
    }
    assert.deepEqual(source.since(), { read: 1, head: 3, snapshot: 0 });
  });

  test("a visitor of a site that may embed", async () => {
    const { gate, source } = await gateOf();
    const { capabilities, obtained } = await gate.admit("site", { origin: ORIGIN });
    assert.deepEqual([capabilities, obtained], [PLAIN, { by: "embed", origin: ORIGIN }]);
    assert.deepEqual(source.since(), { read: 1, head: 0, snapshot: 0 });
  });

  test("a member, by their own snapshot, also to assistants that visitors do not see", async () => {
    const { gate, source } = await gateOf();
    const member = await memberSnapshot("vic");
    const { name, capabilities, obtained } = await gate.admit("draft", { member });
    assert.deepEqual([name, capabilities.includes("assistant.edit"), obtained], [undefined, true, { by: "member", user: "vic" }]);
    assert.equal((await gate.admit("helper", { member })).name, "Helper");
    assert.deepEqual(await gate.admit("pitch", { member }), refused("unknown_target"));
    assert.deepEqual(source.since(), { read: 0, head: 0, snapshot: 0 });
  });

  test("until the link expires, if that is earlier than the snapshot", async () => {
    const { gate, clock, publish } = await gateOf();
    await publish({ facts: withSite({ links: [{ ...links.view, expires: NOW + 60 }] }) });
    const admission = await gate.admit("site", { link: VIEW });
    assert.equal(admission.until, NOW + 60);
    assert.equal((await gate.issuePass(admission)).expiresIn, 60);
    clock.now += 60;
    assert.deepEqual(await gate.admit("site", { link: VIEW }), refused("link_expired"));
  });

  test("remembered admissions equal the first answers, and are for nobody else", async () => {
    const { gate, publish } = await gateOf();
    await publish({ facts: withSite({ embed: { origins: ["*"] } }) });
    for (const visitor of [{ link: VIEW }, { origin: ORIGIN }]) {
      const admission = await gate.admit("site", visitor);
      assert.deepEqual(await gate.admit("site", visitor), admission);
      for (const part of [admission, admission.capabilities, admission.obtained])
        assert.throws(() => {
          part.push?.("assistant.edit");
          part.by = "member";
        }, TypeError);
    }
    for (const mistaken of [digest(VIEW), `link ${digest(VIEW)}`, VIEW])
      assert.deepEqual(await gate.admit("site", { origin: mistaken }), refused("origin_not_allowed"));
    for (const mistaken of [ORIGIN, digest(VIEW), STRANGE])
      assert.deepEqual(await gate.admit("site", { link: mistaken }), refused("link_invalid"));
  });
});

describe("refuses", () => {
  for (const [name, assistant, visitor, reason, facts] of [
    ["an unknown key", "site", { link: STRANGE }, "link_invalid"],
    ["no key", "site", {}, "not_granted"],
    ["an empty key", "site", { link: "" }, "link_invalid"],
    ["an expired link", "site", { link: VIEW }, "link_expired", withSite({ links: [{ ...links.view, expires: NOW }] })],
    ["the digest in place of the key", "site", { link: digest(VIEW) }, "link_invalid"],
    ["another site", "site", { origin: "https://evil.example" }, "origin_not_allowed"],
    ["the origin null", "site", { origin: "null" }, "origin_not_allowed", withSite({ embed: { origins: ["*"] } })],
    [
      "a site longer than any",
      "site",
      { origin: `https://${"a.".repeat(200)}example` },
      "origin_not_allowed",
      withSite({ embed: { origins: ["*"] } }),
    ],
    ["every site, where none is named", "site", { origin: ORIGIN }, "origin_not_allowed", withSite({ embed: { origins: [] } })],
    ["every site, where there is no embedding", "site", { origin: ORIGIN }, "origin_not_allowed", withSite({ embed: undefined })],
    ["everything where the plan withholds it", "site", { link: VIEW }, "plan", { ...withSite(), plan: { withholds: PLAIN } }],
    ["an unknown assistant", "other", { link: VIEW }, "unknown_target"],
    ["one that is not public", "site", { link: VIEW }, "unknown_target", withSite({ accessibility: "only_me" })],
    ["a malformed id", "a/b", { link: VIEW }, "unknown_target"],
    ["an id too long", "a".repeat(129), { link: VIEW }, "unknown_target"],
    ["no id", "", { link: VIEW }, "unknown_target"],
  ]) {
    test(name, async () => {
      const { gate, publish } = await gateOf();
      if (facts) await publish({ facts });
      assert.deepEqual(await gate.admit(assistant, visitor), refused(reason));
    });
  }

  test("an edit link that the authority has revoked, although the copy still has it", async () => {
    const { gate, source, publish } = await gateOf();
    await gate.admit("site", { link: EDIT });
    const old = source.tokens.get("site");
    await publish({ version: 2, facts: withSite({ links: [links.view] }) });
    source.answer.read = () => old;
    assert.deepEqual(await gate.admit("site", { link: EDIT }), refused("link_invalid"));
    assert.ok((await gate.admit("site", { link: VIEW })).admitted, "the other link goes on");
    assert.deepEqual(source.since(), { read: 1, head: 2, snapshot: 1 });
  });

  test("members at a gate without the option `members`", async () => {
    const { gate } = await gateOf();
    const { members: _, ...others } = OPTIONS;
    assert.deepEqual(await new Gate(others).admit("site", { member: await memberSnapshot("vic") }), refused("unknown_target"));
    assert.ok((await gate.admit("site", { member: await memberSnapshot("vic") })).admitted);
  });

  for (const [name, visitor] of [
    ["a link and an origin at once", { link: VIEW, origin: ORIGIN }],
    ["something else", { user: "gina" }],
    ["a user beside a link", { link: VIEW, user: "gina" }],
    ["nothing at all", undefined],
    ["a link that is none", { link: 1 }],
    ["a link that is not set", { link: undefined }],
    ["no member", { member: undefined }],
  ]) {
    test(`${name}: invalid_options`, async () => {
      const { gate } = await gateOf();
      await assert.rejects(gate.admit("site", visitor), fails("invalid_options", "visitor"));
    });
  }
});

describe("an invalid snapshot of a member: unavailable", () => {
  for (const [name, make] of Object.entries({
    "for another audience": () => memberSnapshot("vic", { audience: "wicketgate-gate" }),
    "of another issuer": () => memberSnapshot("vic", { issuer: "https://other.example" }),
    "of another organization": () => memberSnapshot("vic", { facts: { ...acme(), id: "other" } }),
    "of the workspace": () => signed(acme(), { issuer: ISSUER, audience: "console" }),
    "of the gate": () => gateSnapshot({ audience: "console" }),
    expired: () => memberSnapshot("vic", { issuedAt: NOW - 60, expiresAt: NOW }),
    "under another key": async () => memberSnapshot("vic", { key: (await generateKeyPair()).privateKey }),
    "no token": () => "x",
  })) {
    test(name, async () => {
      const { gate } = await gateOf();
      await assert.rejects(gate.admit("site", { member: await make() }), fails("unavailable"));
    });
  }
});

describe("a pass", () => {
  const passOf = async (gate, visitor, assistant = "site") => {
    const { pass } = await gate.issuePass(await gate.admit(assistant, visitor));
    return { text: pass, pass: await verifyPass(pass, expected({ assistant, capability: "assistant.view" })) };
  };

  test("lasts five minutes, and never longer than fifteen", async () => {
    const { gate } = await gateOf();
    const { expiresIn } = await gate.issuePass(await gate.admit("site", { link: VIEW }));
    assert.equal(expiresIn, 300);
    const lasting = (seconds) => new Gate({ ...OPTIONS, passes: { ...OPTIONS.passes, expiresIn: seconds } });
    assert.equal((await lasting(900).issuePass(await gate.admit("site", { link: VIEW }))).expiresIn, 900);
    for (const seconds of [901, 0, -1, 1.5, NaN, "60"])
      assert.throws(() => lasting(seconds), fails("invalid_options", "passes.expiresIn"));
  });

  test("lasts no longer than the snapshot", async () => {
    const { gate, publish, clock } = await gateOf();
    await publish({ expiresIn: 100 });
    const admission = await gate.admit("site", { link: VIEW });
    assert.equal((await gate.issuePass(admission)).expiresIn, 100);
    clock.now += 100;
    await assert.rejects(gate.issuePass(admission), fails("expired"));
  });

  test("is reused in the first thirtieth of its lifetime, with the remaining seconds", async () => {
    const { gate, clock } = await gateOf();
    const give = async (visitor = { link: VIEW }) => gate.issuePass(await gate.admit("site", visitor));
    const first = await give();
    for (const [later, left] of [
      [0.9, 300],
      [1, 299],
      [9.9, 291],
    ]) {
      clock.now = NOW + later;
      assert.deepEqual(await give(), { pass: first.pass, expiresIn: left });
    }
    assert.notEqual((await give({ origin: ORIGIN })).pass, first.pass);
    clock.now = NOW + 10;
    const second = await give();
    assert.notEqual(second.pass, first.pass);
    assert.equal(second.expiresIn, 300);
    clock.now = NOW + 9;
    assert.notEqual((await give()).pass, second.pass, "none from the future");
  });

  test("that lasts for less than half a minute is reused within one second only", async () => {
    const { gate, clock } = await gateOf({ passes: { ...OPTIONS.passes, expiresIn: 20 } });
    const give = async () => (await gate.issuePass(await gate.admit("site", { link: VIEW }))).pass;
    const first = await give();
    clock.now += 0.9;
    assert.equal(await give(), first);
    clock.now += 0.1;
    assert.notEqual(await give(), first);
  });

  test("for an admission that the caller made is signed for its present content", async () => {
    const { gate } = await gateOf();
    const own = { ...(await gate.admit("site", { link: VIEW })), capabilities: ["assistant.view", "assistant.chat"] };
    await gate.issuePass(own);
    own.capabilities.pop();
    const payload = (await gate.issuePass(own)).pass.split(".")[1];
    assert.deepEqual(JSON.parse(Buffer.from(payload, "base64url")).capabilities, ["assistant.view"]);
  });

  test("is signed with the first key, and the public halves of all keys are published", async () => {
    const next = await generateKeyPair();
    const { gate } = await gateOf({ passes: { ...OPTIONS.passes, keys: { keys: [next.privateKey, passPair.privateKey] } } });
    const { pass } = await gate.issuePass(await gate.admit("site", { link: VIEW }));
    const told = gate.passKeys();
    assert.deepEqual(told, { keys: [next.publicKey, passPair.publicKey] });
    await verifyPass(pass, expected({ keys: told }));
    await assert.rejects(verifyPass(pass, expected()), fails("unknown_key"));
    told.keys.length = 0;
    assert.equal(gate.passKeys().keys.length, 2);
  });

  test("grants what its link, site or member grants now", async () => {
    const { gate, source } = await gateOf();
    const member = await memberSnapshot("vic");
    for (const [visitor, options] of [[{ link: VIEW }], [{ origin: ORIGIN }], [{ member }, { member }]]) {
      const { pass } = await passOf(gate, visitor);
      const admission = await gate.recheck(pass, "assistant.chat", options);
      assert.deepEqual([admission.admitted, admission.obtained], [true, pass.obtained]);
    }
    assert.equal(source.since().head, 0);
  });

  test("of an edit link is checked with the authority each time", async () => {
    const { gate, source } = await gateOf();
    const { pass } = await passOf(gate, { link: EDIT });
    source.since();
    for (const capability of ["assistant.chat", "assistant.edit", "assistant.edit"])
      assert.ok((await gate.recheck(pass, capability)).admitted);
    assert.deepEqual(source.since(), { read: 0, head: 3, snapshot: 0 });
  });

  test("of another kind is checked with the authority only on request", async () => {
    const { gate, source } = await gateOf();
    const { pass } = await passOf(gate, { link: VIEW });
    source.since();
    await gate.recheck(pass, "assistant.chat");
    assert.equal(source.since().head, 0);
    assert.ok((await gate.recheck(pass, "assistant.chat", { consult: "head" })).admitted);
    assert.equal(source.since().head, 1);
    assert.deepEqual(await gate.recheck(pass, "assistant.edit"), refused("not_granted"));
    assert.equal(source.since().head, 0, "what it does not hold costs the authority nothing");
  });

  for (const [name, change] of Object.entries({
    "the link is revoked": (publish) => publish({ version: 2, facts: withSite({ links: [links.edit] }) }),
    "the link has expired": (publish) => publish({ version: 2, facts: withSite({ links: [{ ...links.view, expires: NOW + 1 }] }) }),
    "it is not public any more": (_, source) => (source.tokens.clear(), source.heads.clear()),
    "the plan withholds it": (publish) => publish({ version: 2, facts: { ...withSite(), plan: { withholds: PLAIN } } }),
  })) {
    test(`grants nothing when ${name}: at once if the authority is asked, otherwise within seconds`, async () => {
      const { gate, source, clock, publish } = await gateOf();
      const { pass } = await passOf(gate, { link: VIEW });
      await change(publish, source);
      clock.now += 1;
      assert.equal((await gate.recheck(pass, "assistant.chat", { consult: "head" })).admitted, false);
      const { gate: another, source: theirs, clock: time } = await gateOf();
      assert.ok((await another.recheck(pass, "assistant.chat")).admitted);
      theirs.tokens = source.tokens;
      time.now += 9;
      assert.ok((await another.recheck(pass, "assistant.chat")).admitted);
      time.now += 1;
      assert.equal((await another.recheck(pass, "assistant.chat")).admitted, false);
    });
  }

  test("of a site grants nothing once the site may not embed any more; other sites are not affected", async () => {
    const { gate, publish } = await gateOf();
    const [site, link] = [(await passOf(gate, { origin: ORIGIN })).pass, (await passOf(gate, { link: VIEW })).pass];
    await publish({ version: 2, facts: withSite({ embed: { origins: ["https://other.example"] } }) });
    assert.deepEqual(await gate.recheck(site, "assistant.chat", { consult: "head" }), refused("origin_not_allowed"));
    assert.ok((await gate.recheck(link, "assistant.chat")).admitted);
  });

  test("never grants more than its own capabilities, even if its link does by now", async () => {
    const { gate, publish } = await gateOf();
    const { pass } = await passOf(gate, { link: VIEW });
    await publish({ version: 2, facts: withSite({ links: [{ ...links.view, level: "edit" }] }) });
    const { capabilities } = await gate.recheck(pass, "assistant.chat", { consult: "head" });
    assert.deepEqual(capabilities, PLAIN);
    assert.deepEqual(await gate.recheck(pass, "assistant.edit", { consult: "head" }), refused("not_granted"));
  });

  test("of a key on a view and an edit link is treated like one of the edit link", async () => {
    const { gate, source, publish } = await gateOf();
    await publish({ facts: withSite({ links: [links.view, { ...links.edit, digest: links.view.digest }] }) });
    assert.equal((await gate.admit("site", { link: VIEW })).obtained.by, "edit_link");
    assert.equal(source.since().head, 1);
  });

  test("of a member needs the snapshot of the same member again", async () => {
    const { gate } = await gateOf();
    const { pass } = await passOf(gate, { member: await memberSnapshot("vic") }, "draft");
    assert.ok((await gate.recheck(pass, "assistant.edit", { member: await memberSnapshot("vic") })).admitted);
    assert.deepEqual(await gate.recheck(pass, "assistant.edit"), refused("unknown_target"));
    assert.equal(
      (await gate.recheck(pass, "assistant.edit", { member: await memberSnapshot("gina") })).admitted,
      false,
      "not another who may as well",
    );
    const demoted = withSite();
    demoted.assistants[0].owner = "gina";
    assert.equal(
      (await gate.recheck(pass, "assistant.edit", { member: await memberSnapshot("vic", { facts: demoted }) })).admitted,
      false,
    );
  });

  test("of another organization grants nothing, and causes no request", async () => {
    const { gate, source } = await gateOf();
    const { pass } = await passOf(gate, { link: VIEW });
    source.answer = { read: never, head: never, snapshot: never };
    assert.deepEqual(await gate.recheck({ ...pass, organization: "other" }, "assistant.chat"), refused("unknown_target"));
    assert.deepEqual(await gate.recheck({ ...pass, assistant: "a/b" }, "assistant.chat"), refused("unknown_target"));
  });

  test("of one assistant grants nothing on another one with the same link", async () => {
    const { gate, source } = await gateOf();
    source.tokens.set(
      "pitch",
      await gateSnapshot({
        id: "pitch",
        facts: { ...withSite(), assistants: [{ id: "pitch", project: "deals", owner: "abe", accessibility: "public" }] },
      }),
    );
    const { pass } = await passOf(gate, { link: VIEW });
    assert.deepEqual(await gate.recheck({ ...pass, assistant: "pitch" }, "assistant.chat"), refused("link_invalid"));
  });
});

describe("the options of a gate", () => {
  for (const [name, change, path] of [
    ["no issuer", { issuer: undefined }, "issuer"],
    ["an empty organization", { organization: "" }, "organization"],
    ["an audience that is not set", { audience: undefined }, "audience"],
    ["no source", { source: {} }, "source.read"],
    ["keys that are none", { keys: keys }, "keys"],
    ["a misspelt bound", { grace_: 1 }, "grace_"],
    ["a negative grace", { grace: -1 }, "grace"],
    ["no copies", { maxCopies: 0 }, "maxCopies"],
    ["no time", { timeout: 0 }, "timeout"],
    ["a clock that stands", { now: 1 }, "now"],
    ["members without audience", { members: {} }, "members.audience"],
    ["a revalidation that is no number", { revalidateAfter: "soon" }, "revalidateAfter"],
    ["a revalidation as text", { revalidateAfter: "10" }, "revalidateAfter"],
    ["a timeout without end", { timeout: Infinity }, "timeout"],
    ["a grace without end", { grace: Infinity }, "grace"],
  ]) {
    test(`${name} is refused`, async () =>
      assert.throws(() => new Gate({ ...OPTIONS, ...change }), fails("invalid_options", path)));
  }
  for (const [name, made, code] of [
    ["no keys", () => [], "invalid_options"],
    ["a public key", () => [passPair.publicKey], "invalid_key"],
    ["a key without kid", () => [{ ...passPair.privateKey, kid: undefined }], "invalid_key"],
    ["two keys of one kid", () => [passPair.privateKey, passPair.privateKey], "invalid_key"],
    ["a key of another type", () => [{ ...passPair.privateKey, kty: "EC" }], "invalid_key"],
    ["no set", () => undefined, "invalid_options"],
  ]) {
    test(`${name} as the key of passes is refused, and not repeated in the message`, async () => {
      const { passes } = OPTIONS;
      const error = (() => {
        try {
          return new Gate({ ...OPTIONS, passes: { ...passes, keys: { keys: made() } } });
        } catch (thrown) {
          return thrown;
        }
      })();
      fails(code)(error);
      assert.ok(!inspect(error, { depth: 5 }).includes(passPair.privateKey.d));
    });
  }

  test("key halves that do not match are found at the first use", async () => {
    const { gate } = await gateOf();
    const admission = await gate.admit("site", { link: VIEW });
    const strange = await generateKeyPair();
    for (const change of [{ x: strange.publicKey.x }, { d: strange.privateKey.d }, { d: "AAAA" }]) {
      const wrong = new Gate({
        ...OPTIONS,
        passes: { ...OPTIONS.passes, keys: { keys: [{ ...passPair.privateKey, ...change }] } },
      });
      await assert.rejects(wrong.issuePass(admission), fails("invalid_key"));
    }
  });
});
