// One deployment with 1,000 organizations, and 10,000 random requests of one at another. Prints what went wrong, which must be nothing, and the
// times. Runs alone: `node organizations-apart.mjs [organizations] [requests]`.

import { assertApart, givenOut, labels } from "../tests/lib/apart.mjs";
import { startOrganizations } from "../tests/lib/organizations.mjs";

const [organizations = 1_000, requests = 10_000] = process.argv.slice(2).map(Number);
const note = (line) => process.stderr.write(`${line}\n`);

const names = labels(organizations);
const platform = await startOrganizations({ people: [{ id: "ana", email: "ana@people.example" }], hosts: ["*"] });
try {
  const start = performance.now();
  const all = [];
  for (const name of names) {
    all.push(await givenOut(platform, name));
    if (all.length % 100 === 0) note(`${all.length} organizations`);
  }
  const created = performance.now();
  const seed = Date.now() % 1e6;
  await assertApart(all, { requests, seed, gateToken: platform.secrets.GATE_TOKEN });
  const asked = performance.now();
  const perOrganization = ((created - start) / organizations).toFixed(0);
  console.log(`${organizations} organizations created, founded and signed in to: ${perOrganization} ms each`);
  console.log(
    `${requests} random requests of one at another, seed ${seed}: 0 answered, ${((asked - created) / 1000).toFixed(1)} s`,
  );
} finally {
  await platform.stop();
}
