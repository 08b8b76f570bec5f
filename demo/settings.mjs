// Whose the demonstration is: the page is built for it, and the Workers are told.
export const ISSUER = "https://authority.acme.example";
export const ORGANIZATION = "acme";
