// Addresses: one mailbox is one person, in every spelling by the operator, an administrator or the identity provider.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assertProblem } from "../lib/problem.mjs";
import { signIn, smallOrganization, startService } from "../lib/service.mjs";

/** In the identity provider's spelling. */
const NEWCOMERS = [
  { id: "emilie", email: "e\u0301milie@acme.example" },
  { id: "muriel", email: "Muriel@xn--mnchen-3ya.example" },
  { id: "kelvin", email: "\u212aim@acme.example" },
  { id: "kim", email: "kim@acme.example" },
  { id: "hidden", email: "gi\u200bna@acme.example" },
  { id: "odile", email: "ODILE@acme.example" },
];

describe("in an organization", () => {
  let service;
  let gina;
  before(async () => {
    const facts = smallOrganization();
    facts.users.push({ id: "odi", role: "user", email: "Odile@acme.example" });
    service = await startService({ facts, newcomers: NEWCOMERS });
    gina = await service.signIn("gina");
  });
  after(() => service?.stop());

  const users = async () => (await gina.json("/v1/directory")).organization.users;

  test("the invited person arrives with their role, in every spelling of the address", async () => {
    for (const [person, invited] of [
      ["emilie", "ÉMILIE@acme.example"],
      ["muriel", "muriel@München.example"],
    ]) {
      const { result, mail } = await gina.does({ type: "invite_user", email: invited, role: "application_admin" });
      assert.ok(mail === "sent" || person === "emilie", "a mail server need not take addresses beyond ASCII");
      await assertProblem((await signIn(service, service.member().visitor, person)).response, 409, "already_exists");
      await gina.does({ type: "revoke_invitation", user: result.user });
    }
  });

  test("a user with this address is found at the first sign-in", async () => {
    assert.equal((await (await service.signIn("odile")).json("/v1/session")).user, "odi");
  });

  test("a removed user stays removed, in every spelling of the address", async () => {
    const member = await service.signIn("emilie");
    const { user } = await member.json("/v1/session");
    assert.equal((await users()).find(({ id }) => id === user).email, "émilie@acme.example");
    await gina.does({ type: "remove_user", user });
    await assertProblem((await signIn(service, service.member().visitor, "emilie")).response, 403, "removed_user");
  });

  test("an address that looks like another one admits nobody", async () => {
    for (const person of ["kelvin", "hidden"]) {
      const { response } = await signIn(service, service.member().visitor, person);
      assert.equal((await assertProblem(response, 400, "invalid_command")).path, "email");
    }
    for (const email of ["gi\u200bna@acme.example", "\u212aim@acme.example", "gina@acme.example\u200f"]) {
      assert.equal((await assertProblem(await gina.command({ type: "invite_user", email }), 400, "invalid_command")).path, "email");
    }
  });

  test("the console gets the address as it is read, and the characters that were removed", async () => {
    const read = async (addresses) => (await (await gina.post("/v1/addresses", { addresses })).json()).addresses;
    assert.deepEqual(await read([" \ufeffNi\u200bna@acme.example", "ana@münchen.example", "nobody", "\u212aim@acme.example"]), [
      { address: "nina@acme.example", removed: ["U+FEFF", "U+200B"] },
      { address: "ana@xn--mnchen-3ya.example", removed: [] },
      { fault: "is not an e-mail address", removed: [] },
      { fault: "has a character that no address has, U+212A", removed: [] },
    ]);
    assert.equal((await read(Array.from({ length: 520 }, (_, n) => `p${n}@acme.example`))).length, 520);
    for (const body of [{}, { addresses: "nina@acme.example" }, { addresses: [1] }, { addresses: [], more: 1 }, "[]"])
      await assertProblem(await gina.post("/v1/addresses", body), 400, "bad_request");
    await assertProblem(
      await gina.post("/v1/addresses", { addresses: [] }, { Origin: "https://evil.example" }),
      403,
      "cross_origin",
    );
    await assertProblem(await service.member().post("/v1/addresses", { addresses: [] }), 401, "not_signed_in");
  });
});

describe("the founder", () => {
  test("has exactly the configured address, not one that looks like it", async () => {
    const empty = await startService({ facts: null, founder: "Kim@acme.example", newcomers: NEWCOMERS });
    try {
      await assertProblem((await signIn(empty, empty.member().visitor, "kelvin")).response, 503, "not_founded");
      assert.equal((await (await empty.signIn("kim")).json("/v1/session")).role, "global_admin");
    } finally {
      await empty.stop();
    }
  });

  test("is found by another spelling of the address", async () => {
    const empty = await startService({ facts: null, founder: "Muriel@MÜNCHEN.example", newcomers: NEWCOMERS });
    try {
      assert.equal((await (await empty.signIn("muriel")).json("/v1/session")).role, "global_admin");
    } finally {
      await empty.stop();
    }
  });
});

test("the operator's facts may have no unknown fields and no invisible names", async () => {
  const empty = await startService({ facts: null });
  try {
    const put = (change) => {
      const body = smallOrganization();
      change(body);
      return empty.operator("/v1/organization", { method: "PUT", body });
    };
    const misspelt = await assertProblem(await put(({ users }) => (users[3].emial = "una@acme.example")), 400, "invalid_facts");
    assert.equal(misspelt.path, "users[3].emial");
    assert.match(misspelt.title, /did you mean `email`\?/);
    assert.equal((await assertProblem(await put((facts) => (facts.policies = [])), 400, "invalid_facts")).path, "policies");
    assert.equal(
      (await assertProblem(await put(({ teams }) => (teams[0].name = "Sup\u200bport")), 400, "invalid_command")).path,
      "teams[0].name",
    );
    assert.equal(
      (await assertProblem(await put(({ users }) => (users[0].email = "gi\u00adna@acme.example")), 400, "invalid_command")).path,
      "users[0].email",
    );
    assert.equal((await put(() => {})).status, 201);
  } finally {
    await empty.stop();
  }
});
