// Names in the measurements' tokens. In its own file, because a Worker needs it too.
export const ISSUER = "https://authority.acme.example";
export const GATE_AUDIENCE = "wicketgate-gate";
export const PASS_ISSUER = "https://gate.acme.example";
export const PASS_AUDIENCE = "wicketgate-chat";
