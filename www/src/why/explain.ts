// Why something is denied, and who can change that, from the reader's own snapshot alone.
import type { Capability, Decision, Question } from "wicketgate";
import { authorityTime } from "../lib/clock";
import { capital, oneOf } from "../lib/sentences";
import type { ConsoleContext } from "../data/console-context";
import type { Names } from "../data/names";
import { CAPABILITIES, type Holder } from "../data/capabilities";
import { reasonInWords } from "./words";

const HOLDERS: Record<Holder, string> = {
  application_admin: "an application admin",
  team_owner: "an owner of its team",
  team_viewer: "a member of its team",
  project_creator: "its creator",
  assistant_owner: "its owner",
  editor: "an editor",
  everybody: "anyone it is open to",
};
/** Denials that no other person can lift. */
const FINAL_DENIALS = new Set(["expired", "inactive", "unknown_target"]);
/** At most this many people are named. */
const NAMED = 3;

/** "None of your roles grants it. Its owner, an owner of its team or a global admin can do this. Ask vic@acme.example." */
export function explain(decision: Decision, question: Question, context: ConsoleContext, names: Names): string {
  const reason = reasonInWords(decision, context.facts);
  if (decision.allowed || FINAL_DENIALS.has(decision.denied)) return reason;
  if (decision.denied === "plan") return `${reason} The operator of the service can change the plan.`;
  const people = helpers(question, context).map(names.person);

  return `${reason} ${holdersInWords(question[0])} can do this. Ask ${people.length > 0 ? oneOf(people) : "an administrator"}.`;
}

/** "Its owner or a global admin" */
function holdersInWords(capability: Capability): string {
  const { holders } = CAPABILITIES[capability];
  return capital(oneOf([...holders.map((holder) => HOLDERS[holder]), "a global admin"]));
}

/** The people who can help and whom the reader sees, the closest first. */
function helpers([capability, target]: Question, { facts, subject }: ConsoleContext): string[] {
  const { kind, holders } = CAPABILITIES[capability];
  const assistant = kind === "assistant" ? facts.assistants?.find(({ id }) => id === target) : undefined;
  const project = facts.projects?.find(({ id }) => id === (kind === "project" ? target : assistant?.project));
  const team = facts.teams?.find(({ id }) => id === (kind === "team" ? target : project?.team));
  const admins = (role: string) =>
    (facts.users ?? []).filter((user) => user.role === role && (user.status ?? "active") === "active").map(({ id }) => id);
  const now = authorityTime();
  const found = [
    ...(holders.includes("assistant_owner") && assistant?.owner !== undefined ? [assistant.owner] : []),
    ...(holders.includes("team_owner") && assistant?.accessibility !== "only_me"
      ? (team?.members ?? []).filter(({ role, expires = Infinity }) => role === "owner" && now < expires).map(({ user }) => user)
      : []),
    ...(holders.includes("application_admin") ? admins("application_admin") : []),
    ...admins("global_admin"),
  ];
  return [...new Set(found)].filter((user) => user !== subject).slice(0, NAMED);
}
