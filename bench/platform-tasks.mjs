// Opening one token with the core alone and with the platform's Ed25519, equal code in Node and in workerd.

import { open, openHead } from "wicketgate";
// No public subpath exports it: only the gate's entry for Workers uses it.
import { openHeadWithPlatform, openWithPlatform } from "../pkg/dist/gate/platform.js";

/** Opens the token `count` times, one after the other. */
export async function openRepeatedly({ token, keys, head, way, count }) {
  const opens = {
    core: head ? openHead : open,
    platform: head ? openHeadWithPlatform : openWithPlatform,
  }[way];
  for (let i = 0; i < count; i++) (await opens(token, { keys })).free?.();
}
