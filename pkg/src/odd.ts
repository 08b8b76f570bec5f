/** Arguments of the wrong type. They name nothing, and what is unknown is denied: never an error, and never what they would be as a text. */

declare const process: { env: { NODE_ENV?: string } };

/** What was told of already. */
const told = new Set<string>();

/** Whether it is a text. If not, whoever develops reads so on the console, once for each argument. */
export function isText(value: unknown, name: "capability" | "target" | "user" | "role"): value is string {
  if (typeof value === "string") return true;
  if (!told.has(name) && developing()) {
    told.add(name);
    console.warn(`wicketgate: ${name}: expected a string, so it is denied`);
  }
  return false;
}

/** Whether it is the id of a target, or says that there is none. */
export function isTarget(value: unknown): value is string | undefined {
  return value === undefined || isText(value, "target");
}

/** Bundlers put the value in place of the name; where there is neither, nobody develops. */
function developing(): boolean {
  try {
    return process.env.NODE_ENV !== "production";
  } catch {
    return false;
  }
}
