// Wicketgate: the snapshot of the whole organization, which can answer for every user.

import { issued } from "./wicketgate.mjs";

export { open } from "./wicketgate.mjs";

/** Server: issues the workspace snapshot; the measured user asks the first question. */
export async function prepare({ facts, subject }) {
  const { material, wire } = await issued(facts, "workspace");
  return { material: { ...material, user: subject }, wire };
}
