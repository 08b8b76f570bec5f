// The floor of map.mjs with the capabilities' names in a Map too, in case that is faster.

import { CAPABILITIES } from "../rules.mjs";
import * as map from "./map.mjs";

export { prepare } from "./map.mjs";

/** Client: two Maps instead of a Map and an object. */
export function open(material) {
  const masks = new Map(material.masks);
  const bits = new Map(CAPABILITIES.map((capability, bit) => [capability, 1 << bit]));
  return {
    can: (capability, id) => (masks.get(id) & bits.get(capability)) !== 0,
    list: map.open(material).list,
  };
}
