/** `wicketgate/client` in edge runtimes, with the checking module that `wicketgate` loads there. */
import "./edge-light.js";

export * from "../client.js";
