// The issuer and the organization that this console trusts, set when it is built (../../build.mjs).
import { audiences } from "wicketgate/contract";

export const ISSUER = import.meta.env.VITE_ISSUER;
export const ORGANIZATION = import.meta.env.VITE_ORGANIZATION;
export const AUDIENCE = audiences.member;
