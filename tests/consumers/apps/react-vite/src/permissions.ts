import type { Snapshot } from "wicketgate";

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
