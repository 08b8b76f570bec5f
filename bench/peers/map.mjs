// A lower bound: a JavaScript Map from id to bits, and a lookup of the capability's bit by its name.
// The server decided everything; nothing is signed.

import { CAPABILITIES } from "../rules.mjs";

/** Server: the bits of every visible assistant. */
export function prepare({ held }) {
  const material = { masks: [...held] };
  return { material, wire: { body: JSON.stringify(material) } };
}

/** Client: the least work for an answer to (capability, id). */
export function open({ masks: entries }) {
  const masks = new Map(entries);
  const bits = Object.fromEntries(CAPABILITIES.map((capability, bit) => [capability, 1 << bit]));
  return {
    can: (capability, id) => (masks.get(id) & bits[capability]) !== 0,
    list(capability) {
      const bit = bits[capability];
      const ids = [];
      for (const [id, mask] of masks) if (mask & bit) ids.push(id);
      return ids;
    },
  };
}
