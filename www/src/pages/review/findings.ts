// What a reviewer should look at, from the facts of the whole organization and the times when people were last seen.
import type { Assistant, Holding, Organization, User } from "wicketgate";
import type { Command } from "wicketgate/authority";
import type { Names } from "../../data/names";
import { capital } from "../../lib/sentences";
import { ownProperty } from "../../lib/own-property";
import { grantsOf } from "../../data/role-grants";
import { timeAway } from "../../lib/time";
import { labelsOf } from "../../data/capabilities";
import { ACCESSIBILITY, roleName } from "../../why/words";
import { grantState, hasExpired, membershipState } from "../shared/holdings";

export const SECTIONS = {
  inactive: "Inactive people",
  admins: "Admins",
  unused: "Unused access",
  expiring: "Expiring access",
  links: "Links without expiry",
  public: "Public assistants",
} as const;

export type Section = keyof typeof SECTIONS;

/** An action on the page itself. */
export interface Remedy {
  label: string;
  /** The confirmation: its question, and what is lost. */
  question: string;
  loss: string;
  command: Command;
  done: string;
}

export interface Finding {
  key: string;
  /** Name of the person or the link of the row. */
  name: string;
  person?: string;
  role?: string;
  thing?: { kind: "team" | "assistant"; id: string; name: string };
  /** A short mark that should catch the eye. */
  flag?: string;
  why: string;
  /** Unix seconds: when the person was last seen, or when it expires. */
  at?: number;
  remedy?: Remedy;
}

export interface ReviewInput {
  facts: Organization;
  names: Names;
  /** When people were last seen, Unix seconds; `undefined` if the authority does not record it. */
  activity: Record<string, number> | undefined;
  /** Unix seconds: people who were not seen since then are inactive. */
  since: number;
  /** Unix seconds: what expires before then is listed. */
  soon: number;
}

export function findingsOf(input: ReviewInput): Record<Section, Finding[]> {
  const inactivity = new Map((input.facts.users ?? []).map((user) => [user.id, inactivityOf(user, input)]));
  const held = holdingsOf(input, inactivity);
  return {
    inactive: inactivePeople(input, inactivity),
    admins: admins(input, inactivity),
    unused: held.unused,
    expiring: [...held.expiring, ...expiringLinks(input)].sort((one, other) => one.at! - other.at!),
    links: lastingLinks(input),
    public: openAssistants(input),
  };
}

interface Inactivity {
  flag: string;
  why: string;
}

type InactivityByUser = ReadonlyMap<string, Inactivity | undefined>;

/** Why somebody counts as inactive. */
function inactivityOf({ id, status = "active" }: User, { activity, since }: ReviewInput): Inactivity | undefined {
  if (status === "suspended") return { flag: "Suspended", why: "Their roles are not in effect" };
  if (status === "invited") return { flag: "Invited", why: "Has not accepted the invitation" };
  if (!activity) return undefined;
  const seen = ownProperty(activity, id);
  if (seen === undefined) return { flag: "Never signed in", why: "Never seen" };
  return seen < since ? { flag: "Not seen", why: `Last seen ${timeAway(seen)}` } : undefined;
}

function inactivePeople({ facts, names, activity }: ReviewInput, inactivity: InactivityByUser): Finding[] {
  const counts = holdingCounts(facts);
  return (facts.users ?? []).flatMap((user) => {
    const inactive = inactivity.get(user.id);
    if (!inactive) return [];
    const name = names.person(user.id);
    const held = counts(user.id);
    return [
      {
        key: user.id,
        name,
        person: user.id,
        role: roleName(user.role),
        flag: inactive.flag,
        why: `${inactive.why}. ${held === "" ? "No role on a team or an assistant" : held}`,
        ...seen(ownProperty(activity ?? {}, user.id)),
        ...((user.status ?? "active") === "active" && { remedy: suspend(user.id, name) }),
      },
    ];
  });
}

/** "2 teams, owns 3 assistants" */
function holdingCounts({ teams = [], assistants = [] }: Organization): (user: string) => string {
  const [inTeams, owned, given] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()];
  const count = (map: Map<string, number>, user: string) => map.set(user, (map.get(user) ?? 0) + 1);
  for (const { members = [] } of teams) for (const user of new Set(members.map((member) => member.user))) count(inTeams, user);
  for (const { owner, grants = [] } of assistants) {
    if (owner !== undefined) count(owned, owner);
    for (const { user } of grants) count(given, user);
  }
  return (user) => {
    const parts = [
      some(inTeams.get(user), "In", "team"),
      some(owned.get(user), "owns", "assistant"),
      some(given.get(user), "holds", "role", " on assistants"),
    ];
    return capital(parts.filter((part) => part !== "").join(", "));
  };
}

function some(count = 0, verb: string, what: string, more = ""): string {
  return count === 0 ? "" : `${verb} ${count} ${what}${count === 1 ? "" : "s"}${more}`;
}

/** People whose role in the organization grants anything. */
function admins({ facts, names, activity }: ReviewInput, inactivity: InactivityByUser): Finding[] {
  const powers = new Map<string, ReadonlySet<string>>();
  return (facts.users ?? []).flatMap((user) => {
    const grants = powers.get(user.role) ?? grantsOf(user.role, facts);
    powers.set(user.role, grants);
    if (grants.size === 0) return [];
    const inactive = inactivity.get(user.id);
    return [
      {
        key: user.id,
        name: names.person(user.id),
        person: user.id,
        role: roleName(user.role),
        ...(inactive && { flag: inactive.flag }),
        why: user.role === "global_admin" ? "Everything" : labelsOf(grants),
        ...seen(ownProperty(activity ?? {}, user.id)),
      },
    ];
  });
}

/** Memberships and roles on assistants that are not in effect, and those that expire. */
function holdingsOf({ facts, names, soon }: ReviewInput, inactivity: InactivityByUser): { unused: Finding[]; expiring: Finding[] } {
  const unused: Finding[] = [];
  const expiring: Finding[] = [];

  function note(holding: Holding, thing: NonNullable<Finding["thing"]>, dormant: string | undefined, remedy: Remedy): void {
    const { user, role, expires = Infinity } = holding;
    const row = {
      key: `${thing.kind} ${thing.id} ${user} ${role}`,
      name: names.person(user),
      person: user,
      role: roleName(role),
      thing,
      remedy,
    };
    if (expires < soon) {
      expiring.push({
        ...row,
        at: expires,
        ...(hasExpired(holding) ? { flag: "Expired", why: "No longer gives access" } : { why: "Will end by itself" }),
      });
    }
    if (hasExpired(holding)) return;
    const inactive = inactivity.get(user);
    if (inactive) unused.push({ ...row, ...inactive });
    else if (dormant !== undefined) unused.push({ ...row, flag: "Not in effect", why: dormant });
  }

  for (const { id, members = [] } of facts.teams ?? []) {
    const thing = { kind: "team" as const, id, name: names.team(id) };
    for (const member of members) {
      const state = membershipState(member, facts);
      note(
        member,
        thing,
        state.inEffect ? undefined : state.words,
        removal(member.user, names.person(member.user), id, thing.name),
      );
    }
  }
  for (const assistant of facts.assistants ?? []) {
    const { id, grants = [] } = assistant;
    const thing = { kind: "assistant" as const, id, name: names.assistant(id) };
    for (const grant of grants) {
      const state = grantState(grant, assistant, facts, true);
      note(grant, thing, state.inEffect ? undefined : state.words, revocation(grant, names.person(grant.user), id, thing.name));
    }
  }
  return { unused, expiring };
}

function linkRows(
  { facts, names }: ReviewInput,
  wanted: (expires: number | undefined) => boolean,
): (Finding & { expires: number | undefined; assistant: Assistant })[] {
  return (facts.assistants ?? []).flatMap((assistant) =>
    (assistant.links ?? [])
      .filter(({ expires }) => wanted(expires))
      .map(({ id, level, expires }) => {
        const name = names.assistant(assistant.id);
        return {
          key: `link ${assistant.id} ${id}`,
          name: `Link ${id}`,
          role: level === "edit" ? "View, chat and edit" : "View and chat",
          thing: { kind: "assistant" as const, id: assistant.id, name },
          why: "",
          expires,
          assistant,
          remedy: {
            label: "Revoke the link",
            question: `Revoke the link ${id} to ${name}?`,
            loss: "Everybody who uses the link loses access, also in open chats. You can’t undo this.",
            command: { type: "revoke_link" as const, assistant: assistant.id, link: id },
            done: `The link ${id} to ${name} no longer works.`,
          },
        };
      }),
  );
}

function expiringLinks(input: ReviewInput): Finding[] {
  return linkRows(input, (expires = Infinity) => expires < input.soon).map(({ expires, assistant: _, ...row }) => ({
    ...row,
    at: expires!,
    ...(hasExpired({ expires: expires! }) ? { flag: "Expired", why: "No longer works" } : { why: "Will end by itself" }),
  }));
}

function lastingLinks(input: ReviewInput): Finding[] {
  return linkRows(input, (expires) => expires === undefined).map(({ expires: _, assistant, ...row }) => ({
    ...row,
    ...(assistant.accessibility === "public"
      ? { why: "Works for everybody who has it, until it is revoked" }
      : {
          flag: "Not in effect",
          why: `Works when the assistant is public; it is now open to: ${ACCESSIBILITY[assistant.accessibility]}`,
        }),
  }));
}

/** Public assistants, and those that every website may embed once they are public. */
function openAssistants({ facts, names }: ReviewInput): Finding[] {
  return (facts.assistants ?? []).flatMap(({ id, owner, accessibility, embed, links = [] }) => {
    const everywhere = embed?.origins.includes("*") ?? false;
    if (accessibility !== "public" && !everywhere) return [];
    const name = names.assistant(id);
    const sites = !embed
      ? "No website may embed it"
      : everywhere
        ? "Every website may embed it"
        : embed.origins.length === 0
          ? "No website may embed it"
          : `Websites that may embed it: ${embed.origins.join(", ")}`;
    const activeLinks = links.filter((link) => !hasExpired(link)).length;
    return [
      {
        key: id,
        name: owner === undefined ? "" : names.person(owner),
        thing: { kind: "assistant" as const, id, name },
        ...(owner !== undefined && { person: owner }),
        ...(everywhere && { flag: accessibility === "public" ? "Every website" : "Every website, when public" }),
        why: `${sites}${activeLinks === 0 ? "" : `. ${activeLinks} ${activeLinks === 1 ? "link" : "links"}`}`,
        ...(everywhere && {
          remedy: {
            label: "Stop embedding",
            question: `Stop embedding ${name}?`,
            loss: "No website can show it until websites are allowed again on its page.",
            command: { type: "set_embed" as const, assistant: id, origins: null },
            done: `No website may embed ${name} now.`,
          },
        }),
      },
    ];
  });
}

function suspend(user: string, name: string): Remedy {
  return {
    label: "Suspend",
    question: `Suspend ${name}?`,
    loss: "They are signed out and have no access until somebody reactivates them. They keep their roles and the assistants that they own.",
    command: { type: "suspend_user", user },
    done: `${name} is suspended.`,
  };
}

function removal(user: string, name: string, team: string, teamName: string): Remedy {
  return {
    label: "Remove from the team",
    question: `Remove ${name} from ${teamName}?`,
    loss: "They lose the access that the membership gives to the team, its projects and its assistants. You can add them again.",
    command: { type: "remove_member", team, user },
    done: `${name} is no longer in the team ${teamName}.`,
  };
}

function revocation({ user, role }: Holding, name: string, assistant: string, assistantName: string): Remedy {
  return {
    label: "Remove the role",
    question: `Remove the role ${roleName(role)} on ${assistantName} from ${name}?`,
    loss: "They lose the access that the role gives to this assistant. You can give it again.",
    command: { type: "revoke_grant", assistant, user, role },
    done: `${name} no longer has the role ${roleName(role)} on ${assistantName}.`,
  };
}

function seen(at: number | undefined): { at?: number } {
  return at === undefined ? {} : { at };
}
