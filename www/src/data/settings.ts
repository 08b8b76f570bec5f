// Whom the console believes, and about what: whoever builds it says so (../../build.mjs).
import { audiences } from "wicketgate/contract";

export const ISSUER = import.meta.env.VITE_ISSUER;
export const ORGANIZATION = import.meta.env.VITE_ORGANIZATION;
export const AUDIENCE = audiences.member;
