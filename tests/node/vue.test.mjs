// The Vue adapter on the server, and principals in reactive objects.
import assert from "node:assert/strict";
import { test } from "node:test";
import { computed, createSSRApp, defineComponent, h, nextTick, reactive, ref } from "vue";
import { renderToString } from "vue/server-renderer";
import { WicketgateError } from "wicketgate";
import { Can, useDecision, usePermission, useWicketgate, wicketgate } from "wicketgate/vue";
import { bytesOf } from "../lib/bundled.mjs";
import { NOW, acme, opened } from "../lib/world.mjs";

const BUDGET = 2000;

const vic = async (options) => {
  const snapshot = await opened(acme(), { scope: { member: "vic" } }, options);
  return { snapshot, principal: snapshot.as() };
};
/** Renders the result of a setup function, in an app that uses the plugin. */
const draw = (given, setup) => renderToString(createSSRApp(defineComponent({ setup })).use(wicketgate, given));
const text = (html) => html.replace(/<!--.*?-->/g, "");

test("renders the principal's answers on the server", async () => {
  const html = await draw(await vic(), () => {
    const id = ref("helper");
    const [mayEdit, mayCreate] = [usePermission("assistant.edit", id), usePermission("team.create")];
    const why = useDecision("assistant.edit", () => id.value);
    const state = useWicketgate();
    return () =>
      `${mayEdit.value} ${mayCreate.value} ${why.value.because[0].relation} ${state.value.freshness} ${state.value.me.list("assistant.view")}`;
  });
  assert.equal(html, "true false assistant_owner fresh draft,helper,site");
});

test("<Can> renders its slots, with the decision; not, passThrough and loading", async () => {
  const given = await vic();
  const cases = async (given, props, slots = {}) =>
    text(
      await draw(
        given,
        () => () =>
          h(Can, props, {
            default: ({ decision }) => `default ${decision.denied ?? decision.because[0].relation}`,
            fallback: ({ decision }) => `fallback ${decision.denied}`,
            ...slots,
          }),
      ),
    );
  const [allowed, denied] = [{ do: "assistant.edit", on: "helper" }, { do: "team.create" }];
  assert.equal(await cases(given, allowed), "default assistant_owner");
  assert.equal(await cases(given, denied), "fallback not_granted");
  assert.equal(await cases(given, { ...denied, not: "" }), "default not_granted");
  assert.equal(await cases(given, { ...allowed, not: true }, { fallback: undefined }), "");
  assert.equal(await cases(given, { ...denied, "pass-through": "" }), "default not_granted");
  assert.equal(await cases({}, allowed), "fallback expired");
  assert.equal(await cases({}, allowed, { loading: () => "loading" }), "loading");
  assert.equal(await cases(given, denied, { loading: () => "loading" }), "fallback not_granted");
  assert.equal(await cases(given, { do: "assistant.edit", on: undefined }), "fallback unknown_target");
});

test("without a principal: loading; with an error: expired; on the server nothing connects", async () => {
  const freshness = (given) =>
    draw(given, () => {
      const state = useWicketgate();
      return () => state.value.freshness;
    });
  assert.equal(await freshness({}), "loading");
  assert.equal(await freshness(undefined), "loading");
  assert.equal(await freshness({ connect: () => assert.fail("connects") }), "loading");
  assert.equal(await freshness({ error: new WicketgateError("not_signed_in", "") }), "expired");
  let now = NOW;
  const given = await vic({ now: () => now });
  assert.equal(await freshness(given), "fresh");
  now += 7200;
  assert.equal(await freshness(given), "expired");
});

test("a principal in reactive objects still answers, and is the same object", async () => {
  const { snapshot, principal } = await vic();
  const state = reactive({ principal, snapshot, deep: { list: [principal] } });
  assert.equal(state.principal, principal);
  assert.equal(state.principal.can("assistant.edit", "helper"), true);
  assert.equal(state.deep.list[0].check("assistant.edit", "helper").allowed, true);
  assert.equal(state.snapshot.as().can("assistant.edit", "helper"), true);
  assert.deepEqual(ref(principal).value.list("assistant.edit"), ["draft", "helper", "site"]);
  assert.equal(await draw(state, () => () => String(usePermission("assistant.edit", "helper").value)), "true");
});

test("targets are followed", async () => {
  const given = await vic();
  await draw(given, () => {
    const id = ref();
    const may = usePermission("assistant.edit", id);
    const shown = computed(() => (may.value ? "shown" : "hidden"));
    const seen = [];
    for (const value of [undefined, "helper", null, "pitch", "draft"]) seen.push(((id.value = value), shown.value));
    assert.deepEqual(seen, ["hidden", "shown", "hidden", "hidden", "shown"]);
    return () => "";
  });
  await nextTick();
});

test("throws if the plugin is missing", async () => {
  const app = createSSRApp(defineComponent({ setup: () => (usePermission("team.create"), () => "") }));
  app.config.warnHandler = () => {};
  await assert.rejects(renderToString(app), {
    message: "usePermission: the app does not use the plugin wicketgate, or this is outside of a setup function",
  });
});

test(`adds at most ${BUDGET} bytes`, async (t) => {
  const length = await bytesOf("wicketgate/vue");
  t.diagnostic(`${length} bytes, brotli 11`);
  assert.ok(length <= BUDGET, `${length} bytes`);
});
