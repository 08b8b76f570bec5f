// CASL with ids: the server decides everything and lists the ids. Each id is a subject type, so a check is two lookups in CASL's index.
// Unsigned here; casl-ids-jose.mjs signs the rules.

import { createMongoAbility } from "@casl/ability";
import { packRules, unpackRules } from "@casl/ability/extra";
import { CAPABILITIES } from "../rules.mjs";

/** Server: one rule for each set of capabilities, with the ids that have it. */
export function prepare({ held }) {
  const idsOf = new Map();
  for (const [id, bits] of held) idsOf.set(bits, [...(idsOf.get(bits) ?? []), id]);
  const rules = [...idsOf].map(([bits, subject]) => ({
    action: CAPABILITIES.filter((_, bit) => bits & (1 << bit)),
    subject,
  }));
  const material = { rules: packRules(rules) };
  return { material, wire: { body: JSON.stringify(material) } };
}

/** Client: rules become an ability; lists come from the ids in them. */
export function open({ rules }) {
  const unpacked = unpackRules(rules);
  const ability = createMongoAbility(unpacked);
  const ids = unpacked.flatMap((rule) => rule.subject);
  return {
    can: (capability, id) => ability.can(capability, id),
    list: (capability) => ids.filter((id) => ability.can(capability, id)),
  };
}
