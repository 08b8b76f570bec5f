// The plan: the operator sets it, nobody in the organization can, and every withheld capability can be given back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertProblem } from "../lib/problem.mjs";
import { startService } from "../lib/service.mjs";

let service;
let gina;
before(async () => {
  service = await startService();
  gina = await service.signIn("gina");
});
after(() => service?.stop());

const set = (plan, more) => service.operator("/v1/plan", { method: "PUT", body: plan, ...more });
const plan = async () => (await gina.json("/v1/directory")).organization.plan;

async function planned(body) {
  const response = await set(body);
  const answer = await response.json();
  assert.equal(response.status, 200, JSON.stringify(answer));
  return answer;
}

test("is set by the operator, and takes effect at once", async () => {
  const updates = await gina.updates();
  const version = await updates.next();
  assert.deepEqual(await planned({ name: "pro", withholds: ["team.create", "assistant.share"] }), { version: version + 1 });
  assert.equal(await updates.next(), version + 1);
  updates.close();
  assert.deepEqual(await plan(), { name: "pro", withholds: ["team.create", "assistant.share"] });
  assert.equal((await assertProblem(await gina.command({ type: "create_team", name: "New" }), 403, "not_allowed")).denied, "plan");
  await planned({ withholds: [] });
  assert.equal(await plan(), undefined);
  await gina.does({ type: "create_team", name: "New" });
  const { events } = await gina.json("/v1/audit?after=0&limit=1000");
  const told = events.map(({ text }) => JSON.parse(text)).filter(({ command }) => command.type === "set_plan");
  assert.deepEqual(
    told.map(({ actor }) => actor),
    [undefined, undefined],
  );
});

test("cannot be changed or previewed by anybody in the organization", async () => {
  const abe = await service.signIn("abe");
  for (const member of [gina, abe]) {
    for (const withholds of [[], ["panel.analytics"]]) {
      for (const path of ["/v1/commands", "/v1/preview"]) {
        const problem = await assertProblem(await member.post(path, { type: "set_plan", withholds }), 403, "not_allowed");
        assert.equal(problem.capability, undefined);
      }
    }
    // A session is no operator's token.
    const response = await member.visitor.request(`${service.url}/v1/plan`, {
      method: "PUT",
      headers: { "Content-Type": "application/json", Origin: service.url },
      body: "{}",
    });
    await assertProblem(response, 401, "not_signed_in");
  }
});

test("can be undone by the operator, whatever it withholds", async () => {
  for (const withholds of [
    ["settings.manage"],
    ["settings.manage", "role.define", "user.invite", "user.remove", "user.assign_role", "audit.view", "panel.user_settings"],
  ]) {
    await planned({ withholds });
    assert.equal(
      (await assertProblem(await gina.command({ type: "set_plan", withholds: [] }), 403, "not_allowed")).denied,
      "not_granted",
    );
    await planned({ withholds: [] });
    assert.equal(await plan(), undefined);
    await gina.json("/v1/audit");
  }
});

test("is read strictly", async () => {
  const version = async () => (await gina.json("/v1/directory")).version;
  const before = await version();
  for (const [body, code, path] of [
    [{}, "invalid_command", "withholds"],
    [{ withholds: ["panel.analytcs"] }, "invalid_command", "withholds[0]"],
    [{ withholds: "panel.analytics" }, "invalid_command", "withholds"],
    [{ withholds: [], name: 7 }, "invalid_command", "name"],
    [{ withholds: [], name: " " }, "invalid_command", "name"],
    [{ withholds: [], wihtholds: [] }, "invalid_command", "wihtholds"],
    [{ withholds: [], type: "set_plan" }, "invalid_command", "type"],
    [{ withholds: [], type: "remove_user", user: "uma" }, "invalid_command", "type"],
    [[], "bad_request", undefined],
  ]) {
    const problem = await assertProblem(await set(body), 400, code);
    assert.equal(problem.path, path, JSON.stringify(body));
  }
  assert.equal(await version(), before);
});

test("needs the operator's token, as founding does", async () => {
  for (const token of [null, "wrong", service.secrets.GATE_TOKEN])
    await assertProblem(await set({ withholds: [] }, { token }), 401, "not_signed_in");
  await service.restart({ OPERATOR_TOKEN: "" });
  await assertProblem(await set({ withholds: [] }), 404, "not_found");
});
