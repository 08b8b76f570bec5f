// What tokens of the measurements name; apart, because it goes into a Worker, too.
export const ISSUER = "https://authority.acme.example";
export const GATE_AUDIENCE = "wicketgate-gate";
export const PASS_ISSUER = "https://gate.acme.example";
export const PASS_AUDIENCE = "wicketgate-chat";
