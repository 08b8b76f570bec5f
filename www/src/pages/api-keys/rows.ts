// The API keys with the names of those who created them, and their states.
import type { ApiKeyState } from "@wicketgate/edge/wire";
import type { Names } from "../../data/names";
import { authorityTime } from "../../lib/clock";
import { roleName, scopesInWords } from "../../why/words";

export interface KeyRow {
  key: ApiKeyState;
  /** "gina@acme.example", "gina@acme.example, with the API key “Sync”" */
  creator: string;
  /** The searched text. */
  words: string;
}

export function keyRows(keys: readonly ApiKeyState[], names: Names): KeyRow[] {
  const nameOf = new Map(keys.map(({ id, name }) => [id, name]));
  return keys.map((key) => {
    const { id, name, role, scopes, addresses = [] } = key;
    const creator = creatorOf(key, names, (via) => nameOf.get(via) ?? via);
    return { key, creator, words: [name, id, roleName(role), scopesInWords(scopes), ...addresses, creator].join(" ") };
  });
}

function creatorOf({ created_by: user, created_via: via }: ApiKeyState, names: Names, keyName: (id: string) => string): string {
  const key = via === undefined ? undefined : `the API key “${keyName(via)}”`;
  if (user === undefined) return key ?? "a person who was removed";
  return key === undefined ? names.person(user) : `${names.person(user)}, with ${key}`;
}

/** Until when the secret before the last rotation is accepted, Unix seconds; `undefined` if it is not. */
export function previousUntil({ previous_until: until, expires = Infinity }: ApiKeyState): number | undefined {
  const now = authorityTime();
  return until !== undefined && now < until && now < expires ? until : undefined;
}
