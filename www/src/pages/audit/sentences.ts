// Every command as a sentence, with references to the people and things that it concerned.
import type { RoleSet } from "wicketgate/authority";
import type { CommandName, commandAreas } from "wicketgate/contract";
import { ownProperty } from "../../lib/own-property";
import { labelsOf } from "../../data/capabilities";
import { ACCESSIBILITY, roleName, scopesInWords } from "../../why/words";
import { spanInWords, timeInWords } from "../../lib/time";
import { auditEntries } from "./entries";
import type { Executed } from "./entry";

export type RefKind = "person" | "team" | "project" | "assistant" | "api_key";

/** A person or a thing. `label`: its name in the entry itself. */
export interface Ref {
  kind: RefKind;
  id: string;
  label?: string;
}

export type Piece = string | Ref;

type Type = Executed["type"];
type Area = (typeof commandAreas)[number];

/** The labels of the filter, and the sentences: templates, which `auditEntries` explains. */
export const KINDS: Record<Type, { area: Area; label: string; sentence: string }> = {
  ...auditEntries,
  found: {
    area: "Reviews and history",
    label: "history started",
    sentence: "started the history with the organization {text organization} as it was",
  },
};

/** `undefined` for a command that this page does not know: a newer authority may have written it. */
export function kindOf(type: string): { area: Area; label: string; sentence: string } | undefined {
  return ownProperty(KINDS, type);
}

const ROLE_SETS: Record<RoleSet, string> = { built_in: "built-in roles", assigned_agents: "roles for assigned assistants" };

/** A value as it is shown; `undefined` if there is nothing to show. */
type Form = (value: unknown, label: unknown) => Piece[] | undefined;

/** The forms that a template names: `{person user}` names `person`. */
type FormsIn<Template> = Template extends `${string}{${infer Form} ${infer Rest}` ? Form | FormsIn<Rest> : never;

/** The forms of values in the sentences. The compiler asks for each. */
const FORMS: Record<FormsIn<(typeof auditEntries)[CommandName]["sentence"]>, Form> = {
  person: ref("person"),
  team: ref("team"),
  project: ref("project"),
  assistant: ref("assistant"),
  api_key: ref("api_key"),
  text: text((value) => value),
  role: text(roleName),
  role_set: text((set) => ownProperty(ROLE_SETS, set) ?? set),
  accessibility: text((accessibility) => ownProperty(ACCESSIBILITY, accessibility) ?? accessibility),
  level: text((level) => (level === "organization" ? "the organization" : `${level}s`)),
  time: (value) => (typeof value === "number" ? [timeInWords(value)] : undefined),
  end: (value) => (value === null ? ["none"] : typeof value === "number" ? [timeInWords(value)] : undefined),
  span: (value) => (typeof value === "number" && value > 0 ? [spanInWords(value)] : undefined),
  capabilities: list(labelsOf),
  kinds: list((types) => types.map((type) => kindOf(type)?.label ?? type).join(", ")),
  scopes: list(scopesInWords),
  texts: list((texts) => texts.join(", ")),
  networks: (value) => (Array.isArray(value) ? [value.length === 0 ? "everywhere" : value.join(", ")] : undefined),
  origins: list((origins) => origins.map((origin) => (origin === "*" ? "every website" : origin)).join(", ")),
  successors: (value) => {
    const successors = Object.entries((value ?? {}) as Record<string, string>);
    const pieces = successors.flatMap(([id, user]): Piece[] => [
      "; ",
      { kind: "person", id: user },
      " takes over ",
      { kind: "assistant", id },
    ]);
    return pieces.length === 0 ? undefined : pieces;
  },
  if: (value) => (value === undefined || value === null || value === false ? undefined : []),
};

/**
 * What the actor did, to be read after their name: "suspended ed@acme.example".
 * @throws {Error} if the command lacks a field that its sentence needs.
 */
export function sentenceOf(command: Executed): Piece[] {
  const kind = kindOf(command.type);
  if (!kind) return [`did something that this page does not know: ${command.type}`, ...endings(command)];
  const pieces = filled(kind.sentence, command);
  if (!pieces) throw new Error(`${command.type} lacks a field`);
  return joined([...pieces, ...endings(command)]);
}

/** A part of a template: one in brackets, a value (form, field, second field), or text. */
const PART = /\[([^\]]*)\]|\{(\w+) (\w+)(?:\/(\w+))?\}|([^[{]+)/g;

/** The template with the values of the command; `undefined` if one has no value. */
function filled(template: string, command: object): Piece[] | undefined {
  const pieces: Piece[] = [];
  for (const [, choice, form, field, second, plain] of template.matchAll(PART)) {
    const part =
      choice !== undefined
        ? firstFilled(choice.split("|"), command)
        : form !== undefined && field !== undefined
          ? value(command, form, field, second)
          : [plain ?? ""];
    if (!part) return undefined;
    pieces.push(...part);
  }
  return pieces;
}

function firstFilled(templates: readonly string[], command: object): Piece[] {
  for (const template of templates) {
    const pieces = filled(template, command);
    if (pieces) return pieces;
  }
  return [];
}

function value(command: object, form: string, field: string, second: string | undefined): Piece[] | undefined {
  const fields = command as Readonly<Record<string, unknown>>;
  const label = second === undefined ? undefined : ownProperty(fields, second);
  const shown = ownProperty(fields, field);
  return ownProperty<Form>(FORMS, form)?.(shown === undefined ? label : shown, label);
}

function ref(kind: RefKind): Form {
  return (id, label) => (typeof id === "string" ? [{ kind, id, ...(typeof label === "string" && { label }) }] : undefined);
}

function text(show: (value: string) => string): Form {
  return (value) => (typeof value === "string" ? [show(value)] : undefined);
}

function list(show: (values: readonly string[]) => string): Form {
  return (values) => (Array.isArray(values) && values.length > 0 ? [show(values as string[])] : undefined);
}

/** Adjacent texts become one. */
function joined(pieces: readonly Piece[]): Piece[] {
  const all: Piece[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    if (typeof piece === "string" && typeof last === "string") all[all.length - 1] = last + piece;
    else all.push(piece);
  }
  return all;
}

/** The invitations that ended with the command. */
function endings({ ended = [] }: Executed): Piece[] {
  return ended.flatMap((user, index): Piece[] => [
    index === 0 ? "; this ended the invitation of " : ", of ",
    { kind: "person", id: user },
  ]);
}
