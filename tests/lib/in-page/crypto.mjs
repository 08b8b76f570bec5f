// What the tests of Node that also run in pages use of `node:crypto`.
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { Buffer } from "buffer";

export function createHash() {
  let text = "";
  const hash = {
    update: (more) => ((text += more), hash),
    digest: () =>
      Buffer.from(sha256(utf8ToBytes(text)))
        .toString("base64")
        .replace(/\+/g, "-")
        .replace(/\//g, "_")
        .replace(/=+$/, ""),
  };
  return hash;
}
