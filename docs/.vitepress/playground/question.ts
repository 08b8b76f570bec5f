// What is asked in the playground. Everything is text, as it stands in the fields.

export interface Asked {
  /** The organization, as JSON. */
  facts: string;
  /** A user's id; empty for a visitor. */
  user: string;
  /** A share-link key, and the origin of an embedding page; empty for none. */
  link: string;
  origin: string;
  capability: string;
  /** An id of the kind that the capability is asked of; empty for the organization. */
  target: string;
  /** The time, as the field for it writes it (`2026-09-21T14:13:20`, UTC); empty for now. */
  at: string;
}

const FIELDS = ["facts", "user", "link", "origin", "capability", "target", "at"] as const satisfies readonly (keyof Asked)[];

/** What was read from somewhere, if it is a question. */
export function askedOf(value: unknown): Asked | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const fields = FIELDS.map((name) => [name, Object.hasOwn(value, name) ? (Reflect.get(value, name) as unknown) : undefined]);
  return fields.every(([, field]) => typeof field === "string") ? (Object.fromEntries(fields) as Asked) : undefined;
}

/** Unix seconds. */
export function timeOf({ at }: Asked): number {
  const time = at === "" ? Date.now() : Date.parse(`${at}Z`);
  return Math.floor((Number.isNaN(time) ? Date.now() : time) / 1000);
}

/** As the field for the time writes it. */
export const fieldOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 19);
