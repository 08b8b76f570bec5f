import { open } from 'wicketgate'

/** Opens what the authority gave, and says of each assistant whether it may be edited, or why not. */
export async function described(): Promise<string> {
  const { token, keys } = await (await fetch('/snapshot.json')).json()
  const snapshot = await open(token, { keys })
  const me = snapshot.as()
  return (snapshot.facts().assistants ?? []).map(({ id, name }) => {
    const decision = me.check('assistant.edit', id)
    return `${name}: ${decision.allowed ? me.can('assistant.edit', id) : decision.denied}`
  }).join('; ')
}
