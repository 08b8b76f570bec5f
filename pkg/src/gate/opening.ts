/** How the gate opens tokens. */
import { open, openHead } from "../snapshot/snapshot.js";

/** The core's own functions. An entry replaces them in a runtime where those of `platform.ts` were measured to be faster. */
export const opening = { open, openHead };
