// The Svelte adapter on the server: compiled components ask through the context.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { compile } from "svelte/compiler";
import { render } from "svelte/server";
import { permissions } from "wicketgate/svelte";
import { bytesOf } from "../lib/bundled.mjs";
import { NOW, acme, opened } from "../lib/world.mjs";

const BUDGET = 2000;
const INNER = `<script>
  import { getWicketgate } from "wicketgate/svelte";
  let { id } = $props();
  const permissions = getWicketgate();
  const why = $derived(permissions.check("assistant.edit", id));
</script>
{#if permissions.can("assistant.edit", id)}<button>Edit</button>{:else}<i>{why.denied}</i>{/if} {permissions.can("team.create")} {permissions.state.freshness}`;
const OUTER = `<script>
  import { setWicketgate } from "wicketgate/svelte";
  import Inner from "./inner.js";
  let { given, id } = $props();
  setWicketgate(given);
</script>
<Inner {id} />`;

let folder, Inner, Outer;
before(async () => {
  folder = await mkdtemp(join(fileURLToPath(new URL("..", import.meta.url)), ".svelte-"));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  for (const [name, source] of [
    ["inner", INNER],
    ["outer", OUTER],
  ])
    await writeFile(join(folder, `${name}.js`), compile(source, { generate: "server", filename: `${name}.svelte` }).js.code);
  ({ default: Inner } = await import(join(folder, "inner.js")));
  ({ default: Outer } = await import(join(folder, "outer.js")));
});
after(() => rm(folder, { recursive: true }));

const draw = (props) =>
  render(Outer, { props })
    .body.replace(/<!--.*?-->/g, "")
    .trim();
const vic = async (options) => {
  const snapshot = await opened(acme(), { scope: { member: "vic" } }, options);
  return { snapshot, principal: snapshot.as() };
};

test("renders the principal's answers on the server", async () => {
  const given = await vic();
  assert.equal(draw({ given, id: "helper" }), "<button>Edit</button> false fresh");
  assert.equal(draw({ given, id: "pitch" }), "<i>unknown_target</i> false fresh");
  assert.equal(draw({ given, id: undefined }), "<i>unknown_target</i> false fresh");
});

test("without a principal: loading; on the server nothing connects; an expired snapshot denies", async () => {
  assert.equal(draw({ given: {}, id: "helper" }), "<i>expired</i> false loading");
  assert.equal(draw({ given: undefined, id: "helper" }), "<i>expired</i> false loading");
  assert.equal(draw({ given: { connect: () => assert.fail("connects") }, id: "helper" }), "<i>expired</i> false loading");
  let now = NOW;
  const given = await vic({ now: () => now });
  now += 7200;
  assert.equal(draw({ given, id: "helper" }), "<i>expired</i> false expired");
});

test("answers outside of components too, and takes another source later", async () => {
  const asked = permissions();
  assert.equal(asked.can("assistant.edit", "helper"), false);
  asked.give(await vic());
  assert.equal(asked.can("assistant.edit", "helper"), true);
});

test("throws if the context is missing", () => {
  assert.throws(() => render(Inner, { props: { id: "helper" } }).body, {
    message: "getWicketgate: no component around this one has called setWicketgate",
  });
});

test(`adds at most ${BUDGET} bytes`, async (t) => {
  const length = await bytesOf("wicketgate/svelte");
  t.diagnostic(`${length} bytes, brotli 11`);
  assert.ok(length <= BUDGET, `${length} bytes`);
});
