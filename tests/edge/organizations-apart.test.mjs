// Organizations of one deployment stay apart: nothing of one is answered at the host of another.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open } from "wicketgate";
import { verifyPass } from "wicketgate/pass";
import { assertApart, givenOut, labels } from "../lib/apart.mjs";
import { fails } from "../lib/fails.mjs";
import { startOrganizations } from "../lib/organizations.mjs";

const LABELS = labels(4);

let platform;
let all;
before(async () => {
  platform = await startOrganizations({ people: [{ id: "ana", email: "ana@people.example" }], hosts: LABELS });
  all = [];
  for (const label of LABELS) all.push(await givenOut(platform, label));
});
after(() => platform?.stop());

test("whatever one has given out is refused by the others", async () => {
  await assertApart(all, { requests: 600, seed: Date.now() % 1e6, gateToken: platform.secrets.GATE_TOKEN });
});

test("nothing of one is verified as another's", async () => {
  const [a, b] = all;
  const { keys } = b;
  const expected = { keys, issuer: b.url, audience: "wicketgate-console", organization: b.id };
  assert.equal((await open(b.snapshot, expected)).subject, "ana");
  await assert.rejects(open(a.snapshot, expected), fails("unknown_key"));
  await assert.rejects(open(a.snapshot, { ...expected, keys: a.keys }), fails("wrong_issuer"));
  await assert.rejects(open(a.snapshot, { ...expected, keys: a.keys, issuer: a.url }), fails("wrong_organization"));
  // The keys of passes are the deployment's: issuer and organization tell whose a pass is.
  const passes = await (await fetch(`${b.url}/.well-known/pass-jwks.json`)).json();
  const target = {
    keys: passes,
    issuer: b.url,
    audience: "wicketgate-chat",
    organization: b.id,
    assistant: "site",
    capability: "assistant.chat",
  };
  assert.equal((await verifyPass(b.pass, target)).organization, b.id);
  await assert.rejects(verifyPass(a.pass, target), fails("wrong_issuer"));
  await assert.rejects(verifyPass(a.pass, { ...target, issuer: a.url }), fails("wrong_organization"));
});

test("a person sees their own organizations in each, and no others", async () => {
  const listed = async (label) => {
    const response = await fetch(`${platform.originOf(label)}/v1/session/organizations`, {
      headers: { Cookie: all.find(({ id }) => id === label).cookie },
    });
    return (await response.json()).organizations;
  };
  const expected = LABELS.map((id) => ({ id, name: id, origin: platform.originOf(id) }));
  assert.deepEqual(await listed(LABELS[0]), expected);
  await platform.create("stranger", {});
  assert.deepEqual(await listed(LABELS[1]), expected);
});
