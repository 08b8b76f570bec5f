/** The live client in Workers, with the checking module where that finds it. */
import "./workerd.js";

export * from "../client.js";
