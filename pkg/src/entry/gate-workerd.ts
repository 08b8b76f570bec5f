/** `wicketgate/gate` in Workers, with the checking module that `wicketgate` loads there, and with the Ed25519 of the platform. */
import "./workerd.js";
import { opening } from "../gate/opening.js";
import { openHeadWithPlatform, openWithPlatform } from "../gate/platform.js";

opening.open = openWithPlatform;
opening.openHead = openHeadWithPlatform;

export * from "../gate.js";
