// Issuer and organization of the demonstration, for the console's build and for the Workers.
export const ISSUER = "https://authority.acme.example";
export const ORGANIZATION = "acme";
