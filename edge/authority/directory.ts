// Where the authority reads the organization. Not where it changes it.
import type { Organization } from "wicketgate";
import type { Env } from "./env";
import { Problem } from "./problem";

export interface Directory {
  version: number;
  facts: Organization;
}

export async function readDirectory(env: Env): Promise<Directory> {
  const { value, metadata } = await env.DIRECTORY.getWithMetadata<Organization, { version: number }>("facts", "json");
  if (!value || !metadata) throw new Problem(503, "no_directory", "The organization has not been set up");
  return { version: metadata.version, facts: value };
}
