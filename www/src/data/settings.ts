// Whom the console believes, and about what.
export const ISSUER = import.meta.env.VITE_ISSUER ?? "https://authority.acme.example";
export const ORGANIZATION = import.meta.env.VITE_ORGANIZATION ?? "acme";
export const AUDIENCE = "wicketgate-console";
