// Entropy for commands, from the platform.

/** Bytes of entropy for one command. */
const ENTROPY = 32;
/** The most bytes that the platform gives at once. */
const MOST_ENTROPY = 65_536;

/** Entropy for one command after another. Each part is asked for at twice the length of the one before: a call costs as much as a decision. */
export function entropySource(): () => Uint8Array {
  let part = new Uint8Array(0);
  let at = 0;
  return () => {
    if (at === part.length) {
      part = crypto.getRandomValues(new Uint8Array(Math.min(Math.max(ENTROPY, 2 * part.length), MOST_ENTROPY)));
      at = 0;
    }
    at += ENTROPY;
    return part.subarray(at - ENTROPY, at);
  };
}
