// Whom a signature is for, so that what is made for one is refused by the other.
export const MEMBER_AUDIENCE = "wicketgate-console";
export const GATE_AUDIENCE = "wicketgate-gate";
