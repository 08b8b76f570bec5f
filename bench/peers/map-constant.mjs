// Not the same work: the bit is a constant, so the capability is not looked at. It answers the
// questions about one capability only, and shows what the look-up of the name costs the floor.

export { prepare } from "./map.mjs";

/** The only capability this one answers. */
export const only = "assistant.view";

/** Client: the Map and a constant bit. */
export function open({ masks: entries }) {
  const masks = new Map(entries);
  return { can: (_, id) => (masks.get(id) & 1) !== 0 };
}
