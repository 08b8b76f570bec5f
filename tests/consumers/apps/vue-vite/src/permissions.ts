import { open, type Snapshot } from "wicketgate";

/** Opens what the authority gave. */
export async function opened(): Promise<Snapshot> {
  const { token, keys } = await (await fetch("/snapshot.json")).json();
  return open(token, { keys });
}

/** Says of each assistant whether it may be edited, or why not. */
export function described(snapshot: Snapshot): string {
  const me = snapshot.as();
  return (snapshot.facts().assistants ?? [])
    .map(({ id, name }) => {
      const decision = me.check("assistant.edit", id);
      return `${name}: ${decision.allowed ? me.can("assistant.edit", id) : decision.denied}`;
    })
    .join("; ");
}
