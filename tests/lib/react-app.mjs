// A small app that uses each hook and component of the React adapter, on the server and in the page.
import { Suspense, createElement as h, use } from "react";
import { Can, useDecision, usePermission, useWicketgate } from "wicketgate/react";

/** Each rendering in order: `[component, what it shows]`. */
export const drawn = [];

function draw(id, what) {
  drawn.push([id, what]);
  return h("li", { id }, String(what));
}

export const Edit = ({ on }) => draw(`edit-${on}`, usePermission("assistant.edit", on));
export const CreateTeam = () => draw("team.create", usePermission("team.create"));

export const decisions = [];
export function Why({ on }) {
  const decision = useDecision("assistant.edit", on);
  decisions.push(decision);
  return draw(`why-${on}`, decision.allowed ? decision.because.map(({ relation }) => relation).join() : decision.denied);
}

export const states = [];
export function List() {
  const state = useWicketgate();
  states.push(state);
  return draw("list", `${state.freshness}: ${state.me?.list("assistant.view").join() ?? "nobody"}`);
}

const Shown = () => draw("shown", "shown");
const Hidden = () => draw("hidden", "hidden");
export const Share = () => h(Can, { do: "assistant.share", on: "helper", fallback: h(Hidden) }, h(Shown));

/** Suspends until the promise `ready` is fulfilled, so that it is hydrated later than the rest. */
function Late({ ready }) {
  if (ready) use(ready);
  return h(Edit, { on: "helper" });
}
export const LateApp = ({ ready }) => h("ul", null, h(CreateTeam), h(Suspense, { fallback: "waiting" }, h(Late, { ready })));

export const App = () =>
  h(
    "ul",
    null,
    h(Edit, { on: "helper" }),
    h(Edit, { on: "draft" }),
    h(CreateTeam),
    h(Why, { on: "helper" }),
    h(Why, { on: "draft" }),
    h(List),
    h(Share),
  );
