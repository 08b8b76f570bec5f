/** The gate in Node, Deno and Bun, with the checking module where that finds it. */
import "./node.js";

export * from "../gate.js";
