// The organization and the issuer that this console trusts: built in, or asked of the page's own origin before anything else
// (../../vite.config.ts).
import type { OrganizationAnswer } from "@wicketgate/edge/wire";
import { audiences } from "wicketgate/contract";
import { ApiError, fetchOrganization } from "./api";

export const AUDIENCE = audiences.member;

const STORED = "wicketgate-organization";

let known: OrganizationAnswer | undefined = builtIn();

/** The organization. It is known from the moment on at which the console is shown. */
export function theOrganization(): OrganizationAnswer {
  if (!known) throw new Error("the organization is not known yet");
  return known;
}

/** Makes the organization known. The last answer is used if the network is away. @throws ApiError */
export async function learnOrganization(): Promise<void> {
  if (known) return;
  try {
    known = await fetchOrganization();
    remember(known);
  } catch (error) {
    const last = error instanceof ApiError && error.failure.kind === "network" ? remembered() : undefined;
    if (!last) throw error;
    known = last;
  }
}

function builtIn(): OrganizationAnswer | undefined {
  const { VITE_ORGANIZATION: id, VITE_ISSUER: issuer } = import.meta.env;
  return id && issuer ? { id, name: id, issuer } : undefined;
}

function remembered(): OrganizationAnswer | undefined {
  try {
    const { id, name, issuer } = JSON.parse(localStorage.getItem(STORED) ?? "null") as Partial<OrganizationAnswer>;
    if (typeof id === "string" && typeof name === "string" && typeof issuer === "string") return { id, name, issuer };
  } catch {
    // No storage, or a value of another form.
  }
  return undefined;
}

function remember(organization: OrganizationAnswer): void {
  try {
    localStorage.setItem(STORED, JSON.stringify(organization));
  } catch {
    // No storage: without a network, the page cannot begin.
  }
}
