// Asks one snapshot millions of questions in one process. node/soak.test.mjs runs it with Node's default flags.
import assert from "node:assert/strict";
import { open } from "wicketgate";
import { generateKeyPair, issue } from "wicketgate/authority";
import { acme } from "./world.mjs";

const { publicKey, privateKey } = await generateKeyPair();
const token = await issue(acme(), { key: privateKey, version: 1, expiresIn: 3600 });
const snapshot = await open(token, { keys: { keys: [publicKey] } });
const vic = snapshot.as({ user: "vic" });
const timed = (name, work) => {
  const start = performance.now();
  work();
  console.log(`${name}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
};

timed("1e8 can", () => {
  let yes = 0;
  for (let n = 0; n < 25_000_000; n++) {
    if (vic.can("assistant.edit", "helper")) yes++;
    if (vic.can("team.edit", "support")) yes++;
    if (vic.can("assistant.chat", "site")) yes++;
    if (vic.can("team.create")) yes++;
  }
  assert.equal(yes, 50_000_000);
});

timed("2e6 check", () => {
  let yes = 0;
  for (let n = 0; n < 1_000_000; n++) {
    if (vic.check("assistant.edit", "helper").because?.[0].relation === "assistant_owner") yes++;
    if (vic.check("team.edit", "support").denied === "not_granted") yes++;
  }
  assert.equal(yes, 2_000_000);
});

timed("2e6 list, capabilities, whoCan, canAssignRole", () => {
  let sum = 0;
  for (let n = 0; n < 500_000; n++) {
    sum += vic.list("assistant.view").length;
    sum += vic.capabilities({ team: "support" }).length;
    sum += snapshot.whoCan("team.create").length;
    sum += vic.canAssignRole("ed", "user") ? 1 : 0;
  }
  assert.equal(sum, 500_000 * (3 + 3 + 2));
});

timed("1e6 principals, asked once", () => {
  let yes = 0;
  for (let n = 0; n < 1_000_000; n++) {
    const principal = snapshot.as({ user: n % 2 === 0 ? "vic" : "ed" });
    if (principal.can("assistant.edit", "helper")) yes++;
    principal.free();
  }
  assert.equal(yes, 500_000);
});

timed("1e6 unknown targets", () => {
  let yes = 0;
  for (let n = 0; n < 1_000_000; n++) if (vic.can("assistant.view", `stranger${n}`)) yes++;
  assert.equal(yes, 0);
});
console.log("done");
