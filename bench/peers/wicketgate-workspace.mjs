// Wicketgate: the snapshot of the whole organization, from which anybody's answers can be had.

import { issued } from "./wicketgate.mjs";

export { open } from "./wicketgate.mjs";

/** Server: issues the workspace snapshot; the measured user asks the first question. */
export async function prepare({ facts, subject }) {
  const { material, wire } = await issued(facts, "workspace");
  return { material: { ...material, user: subject }, wire };
}
