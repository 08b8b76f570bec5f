// Signing for the Node tests that also run in pages: Chrome has Ed25519 in Web Crypto only since version 137.
import { ed25519 } from "@noble/curves/ed25519.js";
import { Buffer } from "buffer";

const encoded = (bytes) => Buffer.from(bytes).toString("base64").replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

export const importJWK = async ({ d }) => Buffer.from(d.replace(/-/g, "+").replace(/_/g, "/"), "base64");

export class CompactSign {
  constructor(payload) {
    this.payload = payload;
  }

  setProtectedHeader(header) {
    this.header = header;
    return this;
  }

  async sign(key) {
    const input = `${encoded(Buffer.from(JSON.stringify(this.header)))}.${encoded(this.payload)}`;
    return `${input}.${encoded(ed25519.sign(Buffer.from(input), key))}`;
  }
}
