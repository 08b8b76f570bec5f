// Issuer and organization of the demonstration's first organization.
export const ISSUER = "https://authority.acme.example";
