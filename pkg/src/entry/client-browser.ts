/** `wicketgate/client` in browsers and bundlers, with the checking module that `wicketgate` loads there. */
import "./browser.js";

export * from "../client.js";
