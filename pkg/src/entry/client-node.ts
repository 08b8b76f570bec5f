/** The live client in Node, Deno and Bun, with the checking module where that finds it. */
import "./node.js";

export * from "../client.js";
