// The part of the authority's HTTP interface that the page of the apex uses.
import type { ApexAnswer, OrganizationLink, SignUpAnswer, VisitAnswer } from "@wicketgate/edge/wire";
import { ApiError, fetchOwnOrganizations, getJson, post } from "./api";

/** Who visits the apex, and their organizations. */
export interface Visit {
  email: string;
  organizations: OrganizationLink[];
}

/** Nothing if this host is not the apex. */
export async function fetchApex(): Promise<ApexAnswer | undefined> {
  return unless("not_found", getJson<ApexAnswer>("/v1/apex"));
}

/** Nothing if nobody is signed in. */
export async function fetchVisit(signal: AbortSignal): Promise<Visit | undefined> {
  const visitor = await unless("not_signed_in", getJson<VisitAnswer>("/v1/session", signal));
  return visitor && { email: visitor.email, organizations: await fetchOwnOrganizations(signal) };
}

/** @returns the address at which the person signs in to their new organization */
export async function signUp(name: string, label: string): Promise<string> {
  const { origin } = await post<SignUpAnswer>("/v1/sign-up", { name, label });
  return `${origin}/v1/sign-in`;
}

async function unless<T>(code: string, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.failure.kind === "refused" && error.failure.problem.code === code) return undefined;
    throw error;
  }
}
