// Less work than the floor of map.mjs: the bit is a constant, so the capability is ignored. It answers questions about one capability only,
// and shows the cost of looking up the capability's name.

export { prepare } from "./map.mjs";

/** The only capability that it answers. */
export const only = "assistant.view";

/** Client: the Map and a constant bit. */
export function open({ masks: entries }) {
  const masks = new Map(entries);
  return { can: (_, id) => (masks.get(id) & 1) !== 0 };
}
