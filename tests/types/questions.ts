/** Questions: a capability, and a target of its kind. */
import type {
  AssistantId,
  Capability,
  CapabilityOf,
  Change,
  Decision,
  Denied,
  Principal,
  ProjectId,
  Relation,
  Snapshot,
  TeamId,
  UserId,
} from "wicketgate";
import { expect, type Same } from "./expect.js";

declare const me: Principal;
declare const snapshot: Snapshot;
declare const team: TeamId;
declare const project: ProjectId;
declare const assistant: AssistantId;
declare const user: UserId;
declare const text: string;

// Each kind takes its own type of id, or a plain string.
expect<Same<boolean, ReturnType<typeof me.can>>>();
me.can("team.create");
me.can("team.edit", team);
me.can("team.edit", text);
me.can("team.edit", "support");
me.can("project.create", team);
me.can("assistant.create", team);
me.can("project.edit", project);
me.can("project.edit", text);
me.can("assistant.edit", assistant);
me.can("assistant.edit", text);
me.can("corpus.view", assistant);
me.can("analytics.view", assistant);

// An id of another kind does not compile.
// @ts-expect-error an assistant is no team
me.can("team.edit", assistant);
// @ts-expect-error a project is no team
me.can("team.edit", project);
// @ts-expect-error a user is no team
me.can("team.edit", user);
// @ts-expect-error an assistant is made in a team
me.can("assistant.create", assistant);
// @ts-expect-error a team is no project
me.can("project.edit", team);
// @ts-expect-error a team is no assistant
me.can("assistant.edit", team);
// @ts-expect-error a project is no assistant
me.can("assistant.edit", project);

// Organization capabilities take no target, all others one.
// @ts-expect-error a target too many
me.can("team.create", team);
// @ts-expect-error a target too many
me.can("user.invite", text);
// @ts-expect-error no target
me.can("team.edit");
// @ts-expect-error no target
me.can("project.edit");
// @ts-expect-error no target
me.can("assistant.edit");
// @ts-expect-error the target may be undefined
me.can("assistant.edit", undefined);
// @ts-expect-error not an id
me.can("assistant.edit", 7);
// @ts-expect-error not an id
me.can("assistant.edit", { assistant });

// Names are from the closed list.
// @ts-expect-error misspelt
me.can("asistant.edit", assistant);
// @ts-expect-error misspelt
me.can("team.creat");
// @ts-expect-error a plain string is no capability
me.can(text, assistant);

// `check` and `whoCan` take the same questions.
expect<Same<Decision, ReturnType<typeof me.check>>>();
me.check("team.create");
me.check("team.edit", team);
// @ts-expect-error an assistant is no team
me.check("team.edit", assistant);
// @ts-expect-error misspelt
me.check("asistant.edit", assistant);
expect<Same<UserId[], ReturnType<typeof snapshot.whoCan>>>();
snapshot.whoCan("audit.view");
snapshot.whoCan("assistant.edit", assistant);
// @ts-expect-error a team is no assistant
snapshot.whoCan("assistant.edit", team);
// @ts-expect-error no target
snapshot.whoCan("assistant.edit");

// A decision has either reasons or a reason why not.
const decision = me.check("assistant.edit", assistant);
if (decision.allowed) {
  expect<Same<Relation | undefined, NonNullable<(typeof decision.because)[0]>["relation"] | undefined>>();
  expect<Same<undefined, typeof decision.denied>>();
} else {
  expect<Same<Denied, typeof decision.denied>>();
  expect<Same<undefined, typeof decision.because>>();
}
// @ts-expect-error not known before `allowed` was tested
decision.because.length;

// `list` gives ids of the capability's kind.
expect<Same<TeamId[], ReturnType<typeof me.list<"team.edit">>>>();
const teams: TeamId[] = me.list("team.edit");
const projects: ProjectId[] = me.list("project.edit");
const assistants: AssistantId[] = me.list("assistant.view");
// @ts-expect-error assistants are no teams
const wrong: TeamId[] = me.list("assistant.view");
// @ts-expect-error the organization has no targets
me.list("team.create");
// @ts-expect-error misspelt
me.list("assistant.vew");
me.can("assistant.edit", me.list("assistant.view")[0]!);
// @ts-expect-error an assistant is no team
me.can("team.edit", me.list("assistant.view")[0]!);

// `capabilities` gives those of the target's kind.
const all: CapabilityOf<"organization">[] = me.capabilities();
const onTeam: CapabilityOf<"team">[] = me.capabilities({ team });
const onProject: CapabilityOf<"project">[] = me.capabilities({ project });
const onAssistant: CapabilityOf<"assistant">[] = me.capabilities(assistant);
const named: CapabilityOf<"assistant">[] = me.capabilities({ assistant: text });
expect<Same<"project.view" | "project.edit" | "project.delete", CapabilityOf<"project">>>();
expect<Same<Capability, CapabilityOf<"organization" | "team" | "project" | "assistant">>>();
// @ts-expect-error a team's capabilities are not an assistant's
const mixed: CapabilityOf<"assistant">[] = me.capabilities({ team });
// @ts-expect-error an assistant is no team
me.capabilities({ team: assistant });
// @ts-expect-error a plain id means an assistant
me.capabilities(team);
// @ts-expect-error one target
me.capabilities({ team, project });
// @ts-expect-error no such kind
me.capabilities({ user });

// The rest.
expect<Same<boolean, ReturnType<typeof me.canAssignRole>>>();
me.canAssignRole(user, "application_admin");
me.canAssignRole("bob", "agent_user");
// @ts-expect-error a team is no user
me.canAssignRole(team, "user");
expect<Same<Change[], ReturnType<typeof snapshot.diff>>>();

export { all, assistants, mixed, named, onAssistant, onProject, onTeam, projects, teams, wrong };
