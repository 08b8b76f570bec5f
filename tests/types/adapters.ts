/** Questions in Vue, Svelte and Angular: targets may be refs, getters or signals. */
import { signal, type Signal } from "@angular/core";
import { createApp, h, ref, type ComputedRef } from "vue";
import type { AssistantId, Decision, TeamId } from "wicketgate";
import { injectDecision, injectPermission, provideWicketgate } from "wicketgate/angular";
import { getWicketgate, setWicketgate } from "wicketgate/svelte";
import { fakePrincipal } from "wicketgate/testing";
import { Can, useDecision, usePermission, wicketgate, type WicketgateState } from "wicketgate/vue";
import { expect, type Same } from "./expect.js";

declare const assistant: AssistantId;
declare const team: TeamId;

const principal = fakePrincipal();
createApp({})
  .use(wicketgate, { principal })
  .use(wicketgate, ref({ principal }))
  .use(wicketgate, () => ({ connect: { url: "" } }));
expect<Same<ComputedRef<boolean>, ReturnType<typeof usePermission>>>();
expect<Same<ComputedRef<Decision>, ReturnType<typeof useDecision>>>();
usePermission("team.create");
usePermission("assistant.edit", assistant);
usePermission("assistant.edit", ref<string>());
usePermission("assistant.edit", () => (Math.random() < 0.5 ? assistant : undefined));
// @ts-expect-error misspelt
usePermission("asistant.edit", assistant);
// @ts-expect-error no target
usePermission("assistant.edit");
// @ts-expect-error a team is no assistant
usePermission("assistant.edit", () => team);
h(Can, { do: "assistant.edit", on: assistant, not: true });
// @ts-expect-error misspelt
h(Can, { do: "asistant.edit", on: assistant });

const permissions = setWicketgate({ principal });
expect<Same<typeof permissions, ReturnType<typeof getWicketgate>>>();
expect<Same<WicketgateState, typeof permissions.state>>();
permissions.can("assistant.edit", undefined);
// @ts-expect-error a team is no assistant
permissions.can("assistant.edit", team);

provideWicketgate({ principal });
provideWicketgate(() => ({ connect: { url: "" } }));
expect<Same<Signal<boolean>, ReturnType<typeof injectPermission>>>();
expect<Same<Signal<Decision>, ReturnType<typeof injectDecision>>>();
injectPermission("assistant.edit", signal<string | undefined>(undefined));
injectPermission("team.create");
// @ts-expect-error no target
injectPermission("assistant.edit");
// @ts-expect-error a team is no assistant
injectPermission("assistant.edit", () => team);
