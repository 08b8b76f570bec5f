// Wicketgate: the snapshot of the whole organization, which can answer for every user.

import { issued, openWith } from "./wicketgate.mjs";

/** Client: opens with the module that opens every snapshot. */
export function open(given) {
  return openWith("wicketgate.wasm", given);
}

/** Server: issues the workspace snapshot; the measured user asks the first question. */
export async function prepare({ facts, subject }) {
  const { material, wire } = await issued(facts, "workspace");
  return { material: { ...material, user: subject }, wire };
}
