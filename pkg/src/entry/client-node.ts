/** `wicketgate/client` in Node, Deno and Bun, with the checking module that `wicketgate` loads there. */
import "./node.js";

export * from "../client.js";
