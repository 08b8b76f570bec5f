// The part of `node:crypto` that the Node tests use which also run in pages.
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
