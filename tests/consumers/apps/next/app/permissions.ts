import { open, type JwkSet, type Snapshot } from "wicketgate";

export interface Given {
  token: string;
  keys: JwkSet;
}

/** What a server has from its authority. */
export const given = (): Given => JSON.parse(process.env.SNAPSHOT!);

const opened = new Map<string, Promise<Snapshot>>();

/** Opens a snapshot once: whoever asks again has the same promise. */
export function snapshotOf({ token, keys }: Given): Promise<Snapshot> {
  let snapshot = opened.get(token);
  if (snapshot === undefined) opened.set(token, (snapshot = open(token, { keys })));
  return snapshot;
}

/** The assistants' names, each with whether it may be edited, or why not. */
export function described(snapshot: Snapshot): string {
  const me = snapshot.as();
  return (snapshot.facts().assistants ?? [])
    .map(({ id, name }) => {
      const decision = me.check("assistant.edit", id);
      return `${name}: ${decision.allowed ? me.can("assistant.edit", id) : decision.denied}`;
    })
    .join("; ");
}
