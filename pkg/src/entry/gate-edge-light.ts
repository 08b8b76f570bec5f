/** `wicketgate/gate` in edge runtimes, with the checking module that `wicketgate` loads there. */
import "./edge-light.js";

export * from "../gate.js";
