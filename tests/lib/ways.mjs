// The ways of opening: the core alone, and with the platform's Ed25519, which only the gate's entry for Workers chooses.
import { open } from "wicketgate";
import { openWithPlatform } from "../../pkg/dist/gate/platform.js";

export const WAYS = { core: open, platform: openWithPlatform };
