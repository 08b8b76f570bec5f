/** `wicketgate/client` in Workers, with the checking module that `wicketgate` loads there. */
import "./workerd.js";

export * from "../client.js";
