/** `wicketgate/gate` in Node, Deno and Bun, with the checking module that `wicketgate` loads there. */
import "./node.js";

export * from "../gate.js";
