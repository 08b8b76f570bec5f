/** The gate in browsers and bundlers, with the checking module where that finds it. */
import "./browser.js";

export * from "../gate.js";
