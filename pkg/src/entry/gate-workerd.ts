/** The gate in Workers, with the checking module where that finds it. */
import "./workerd.js";

export * from "../gate.js";
