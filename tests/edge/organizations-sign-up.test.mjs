// People at the apex: they sign in, see their organizations, and make one if the operator allows it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assertProblem } from "../lib/problem.mjs";
import { startOrganizations } from "../lib/organizations.mjs";
import { until } from "../lib/until.mjs";

const PEOPLE = ["inès", "mia", "olu", "pat", "ada"].map((name, index) => ({ id: `p${index}`, email: `${name}@people.example` }));

let platform;
before(async () => {
  platform = await startOrganizations({ people: PEOPLE, hosts: ["closed"], bindings: { SIGN_UP: "open" } });
});
after(() => platform?.stop());

const signUp = (visitor, name, label, headers) => visitor.post("/v1/sign-up", { name, label }, headers);

test("a person makes an organization, founds it by signing in there, and sees it in their list", async () => {
  assert.deepEqual(await platform.at("apex").json("/v1/apex"), { sign_up: true });
  const visitor = await platform.signIn("apex", "p0");
  assert.deepEqual(await visitor.json("/v1/session"), { email: PEOPLE[0].email });
  assert.deepEqual(await visitor.json("/v1/session/organizations"), { organizations: [] });
  const response = await signUp(visitor, "Les Éditions de l’Été", "editions-ete");
  assert.equal(response.status, 201);
  const { origin } = await response.json();
  assert.equal(origin, platform.originOf("editions-ete.apex"));
  const founder = await platform.signIn("editions-ete.apex", "p0");
  assert.equal((await founder.json("/v1/session")).role, "global_admin");
  const link = { id: "editions-ete", name: "Les Éditions de l’Été", origin };
  const { organizations } = await until(
    async () => (await visitor.json("/v1/session/organizations")).organizations.length > 0,
    "it is listed",
  ).then(() => visitor.json("/v1/session/organizations"));
  assert.deepEqual(organizations, [link]);
  // Another person who signs in there is a user like everywhere, and a session of the apex is nothing there.
  const other = await platform.signIn("editions-ete.apex", "p1");
  assert.equal((await other.json("/v1/session")).role, "user");
  const there = await fetch(`${origin}/v1/session`, { headers: { Cookie: `loopback-wicketgate-session=${visitor.session}` } });
  await assertProblem(there, 401, "not_signed_in");
});

describe("refused are", () => {
  test("names and labels that are taken, reserved, or look like others", async () => {
    await platform.create("acme", { name: "Acme Clinic", hosts: [`acme.apex.localhost:${platform.port}`] });
    const visitor = await platform.signIn("apex", "p1");
    for (const [name, label] of [
      ["Something", "acme"],
      ["Something", "acrne"],
      ["Something", "ac-me"],
      ["Something", "edition5-ete"],
      ["Something", "admin"],
      ["Something", "adm1n"],
      ["Something", "www"],
      ["ACME CLINIC", "fresh"],
      ["Acme Сlinic", "fresh"],
      ["Αсmе clіnіс", "fresh"],
      ["Acme\u200bClinic", "fresh"],
      ["Acme Cl1nic", "fresh"],
    ]) {
      const { status } = await signUp(visitor, name, label);
      assert.ok([400, 409].includes(status), `${name} ${label}: ${status}`);
    }
    for (const label of ["a", "-ab", "Ab-c", "xn--abc", "a.b", "a_b", "../x"]) {
      await assertProblem(await signUp(visitor, "Fine", label), 400, "bad_request");
    }
    await assertProblem(await signUp(visitor, "Fine", "ab--cd"), 409, "name_taken");
  });

  test("other origins, nobody, and a session that has ended", async () => {
    const visitor = await platform.signIn("apex", "p2");
    await assertProblem(await signUp(visitor, "Fine", "fine", { Origin: platform.originOf("closed") }), 403, "cross_origin");
    await assertProblem(await signUp(platform.at("apex"), "Fine", "fine"), 401, "not_signed_in");
    assert.equal((await visitor.post("/v1/session/end")).status, 204);
    await assertProblem(await visitor.get("/v1/session"), 401, "not_signed_in");
  });

  test("more than three in a day by one person, and floods from one network", async () => {
    const visitor = await platform.signIn("apex", "p3");
    for (const label of ["first", "second", "third"]) assert.equal((await signUp(visitor, `Pat ${label}`, label)).status, 201);
    await assertProblem(await signUp(visitor, "Pat fourth", "fourth"), 429, "rate_limited");
    assert.equal((await signUp(await platform.signIn("apex", "p4"), "Ada fourth", "fourth")).status, 201);
  });
});
