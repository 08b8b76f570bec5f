/** The live client in edge runtimes, with the checking module where that finds it. */
import "./edge-light.js";

export * from "../client.js";
