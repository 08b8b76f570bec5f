// Every decision of tests/vectors, with its reasons, through issuing, opening and asking.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { signed, keys } from "../lib/world.mjs";
import { WAYS } from "../lib/ways.mjs";

const folder = new URL("../vectors/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

for (const [way, name] of Object.keys(WAYS).flatMap((way) => files.map((name) => [way, name]))) {
  test(`${name}, ${way}`, async () => {
    const { now, organization, cases } = JSON.parse(readFileSync(new URL(name, folder), "utf8"));
    using(await WAYS[way](await signed(organization, { issuedAt: now }), { keys, now }), (snapshot) => {
      for (const { as, can, on, allowed, because, denied, rule } of cases) {
        using(snapshot.as(as), (principal) => {
          const context = `${rule ?? ""} ${JSON.stringify(as)} ${can} ${on ?? ""}`;
          const decision = principal.check(can, on);
          assert.equal(decision.allowed, allowed, context);
          assert.equal(decision.denied, denied, context);
          if (because !== undefined)
            assert.deepEqual(
              decision.because.map(({ relation }) => relation),
              because,
              context,
            );
          if (allowed) assert.ok(decision.because.length > 0, context);
          assert.equal(principal.can(can, on), allowed, context);
          assert.equal(principal.can(can, on), allowed, `${context}, asked again`);
        });
      }
    });
  });
}

test("the number of cases is right", () => {
  const count = files.reduce((sum, name) => sum + JSON.parse(readFileSync(new URL(name, folder), "utf8")).cases.length, 0);
  assert.ok(count > 12_000, `only ${count} cases were found`);
});

function using(resource, use) {
  try {
    use(resource);
  } finally {
    resource.free();
  }
}
