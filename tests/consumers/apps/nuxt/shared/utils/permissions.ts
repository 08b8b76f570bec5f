import { open, type JwkSet } from "wicketgate";

export interface Given {
  token: string;
  keys: JwkSet;
}

/** Opens what the authority gave, and says of each assistant whether it may be edited, or why not. */
export async function described({ token, keys }: Given): Promise<string> {
  const snapshot = await open(token, { keys });
  const me = snapshot.as();
  return (snapshot.facts().assistants ?? [])
    .map(({ id, name }) => {
      const decision = me.check("assistant.edit", id);
      return `${name}: ${decision.allowed ? me.can("assistant.edit", id) : decision.denied}`;
    })
    .join("; ");
}
