/** Questions in React, as arguments of hooks and as properties of components. */
import type { ReactNode } from "react";
import type {
  AssistantId,
  Asked,
  Decision,
  OpenOptions,
  Principal,
  Question,
  ProjectId,
  Snapshot,
  TeamId,
  UserId,
} from "wicketgate";
import type { Freshness, Live } from "wicketgate/client";
import {
  Can,
  type CanProps,
  useDecision,
  useLive,
  usePermission,
  useSnapshot,
  useWicketgate,
  Wicketgate,
  WicketgateSnapshot,
  type WicketgateProps,
  type WicketgateState,
} from "wicketgate/react";
import { expect, type Same } from "./expect.js";

declare const live: Live;
declare const principal: Principal;
declare const snapshot: Snapshot;
declare const team: TeamId;
declare const project: ProjectId;
declare const assistant: AssistantId;
declare const user: UserId;
declare const text: string;

expect<Same<boolean, ReturnType<typeof usePermission>>>();
expect<Same<Decision, ReturnType<typeof useDecision>>>();
expect<Same<Asked, Parameters<typeof usePermission>>>();
expect<Same<Asked, Parameters<typeof useDecision>>>();
usePermission("team.create");
usePermission("team.edit", team);
usePermission("project.edit", project);
usePermission("assistant.edit", assistant);
usePermission("assistant.edit", text);
useDecision("assistant.edit", "helper");
// @ts-expect-error misspelt
usePermission("asistant.edit", "helper");
// @ts-expect-error misspelt
useDecision("asistant.edit", "helper");
// @ts-expect-error no target
usePermission("assistant.edit");
usePermission("assistant.edit", undefined);
usePermission("team.create", undefined);
// @ts-expect-error a target too many
usePermission("team.create", "support");
// @ts-expect-error a team is no assistant
usePermission("assistant.edit", team);
// @ts-expect-error a plain string is no capability
useDecision(text, assistant);

const decision = useDecision("assistant.edit", assistant);
const why: string = decision.allowed ? decision.because.map(({ relation }) => relation).join() : decision.denied;

const state = useWicketgate();
expect<Same<WicketgateState, typeof state>>();
expect<Same<Principal | undefined, typeof state.me>>();
expect<Same<Snapshot | undefined, typeof state.snapshot>>();
expect<Same<Freshness | "loading", typeof state.freshness>>();
// @ts-expect-error there may be no principal yet
state.me.can("team.create");
// @ts-expect-error read only
state.me = undefined;

const perhaps = Math.random() < 0.5 ? live : undefined;
export const given: ReactNode[] = [
  <Wicketgate live={live}>{text}</Wicketgate>,
  <Wicketgate live={perhaps} />,
  <Wicketgate principal={principal} snapshot={snapshot}>
    <p />
    <p />
  </Wicketgate>,
  <Wicketgate live={perhaps} principal={principal} snapshot={snapshot} />,
  <Wicketgate {...({} satisfies WicketgateProps)} />,
  // @ts-expect-error a promise is no live client
  <Wicketgate live={Promise.resolve(live)} />,
  // @ts-expect-error misspelt
  <Wicketgate princpal={principal} />,
];

export const shown: ReactNode[] = [
  <Can do="team.create">{why}</Can>,
  <Can do="team.create" fallback={<p />}>
    <p />
    <p />
  </Can>,
  <Can do="team.edit" on={team} />,
  <Can do="project.edit" on={project} />,
  <Can do="assistant.edit" on={assistant} />,
  <Can do="assistant.edit" on="helper" fallback={null} />,
  <Can do="assistant.edit" on={text} />,
  <Can {...({ do: "assistant.edit", on: "helper" } satisfies CanProps)} />,
  // @ts-expect-error misspelt
  <Can do="asistant.edit" on="helper" />,
  // @ts-expect-error no target
  <Can do="assistant.edit" />,
  <Can do="assistant.edit" on={undefined} />,
  <Can do="team.create" on={undefined} />,
  <Can not do="team.create" passThrough loading={<p />}>
    {(decision: Decision) => <p>{decision.denied}</p>}
  </Can>,
  // @ts-expect-error a target too many
  <Can do="team.create" on="support" />,
  // @ts-expect-error a target too many
  <Can do="team.create" on={team} />,
  // @ts-expect-error a team is no assistant
  <Can do="assistant.edit" on={team} />,
  // @ts-expect-error an assistant is no project
  <Can do="project.edit" on={assistant} />,
  // @ts-expect-error a user is no target
  <Can do="assistant.edit" on={user} />,
  // @ts-expect-error a plain string is no capability
  <Can do={text} on={assistant} />,
  // @ts-expect-error no capability
  <Can />,
];

// Wrappers take the arguments that they pass on.
function useMayAsk(...asked: Asked): boolean {
  return usePermission(...asked);
}
useMayAsk("assistant.edit", assistant);
useMayAsk("assistant.edit", Math.random() < 0.5 ? assistant : undefined);
// @ts-expect-error a team is no assistant
useMayAsk("assistant.edit", team);
function Guarded({ question, children }: { question: Question; children: ReactNode }) {
  return usePermission(...question) ? children : null;
}
const Protected = (props: CanProps) => <Can fallback={<p />} {...props} />;

declare const keys: OpenOptions["keys"];
export const handed: ReactNode[] = [
  <WicketgateSnapshot token={text} keys={keys} issuer={text}>
    <p />
  </WicketgateSnapshot>,
  <WicketgateSnapshot token={{ payload: text, signature: text }} keys={keys} connect={{ url: text }} />,
  // @ts-expect-error keys are required
  <WicketgateSnapshot token={text} />,
  <Wicketgate {...useSnapshot(text, { keys })} />,
  <Wicketgate {...useLive({ url: text })} />,
  <Wicketgate {...useLive(async () => live)} />,
  <Wicketgate connect={{ url: text }} />,
  // @ts-expect-error the observer sets the signal
  <Wicketgate connect={{ signal: new AbortController().signal }} />,
  <Guarded question={["assistant.edit", assistant]}>{text}</Guarded>,
  // @ts-expect-error a team is no assistant
  <Guarded question={["assistant.edit", team]}>{text}</Guarded>,
  <Protected do="assistant.edit" on={assistant} />,
];
