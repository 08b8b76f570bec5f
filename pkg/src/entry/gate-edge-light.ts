/** The gate in edge runtimes, with the checking module where that finds it. */
import "./edge-light.js";

export * from "../gate.js";
