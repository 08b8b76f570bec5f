/** Whether this engine supports Ed25519 in `crypto.subtle`: Chrome from 137, Firefox from 129, Safari from 17. */
import { WicketgateError } from "../lib/error.js";

import { decoded } from "../lib/base64.js";

/** The public key of RFC 8037, appendix A. */
const PUBLIC_KEY = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

/** Imports the 32 bytes of a public key, to verify with. */
export function importPublicKey(bytes: Uint8Array<ArrayBuffer>, subtle = crypto.subtle): Promise<CryptoKey> {
  return subtle.importKey("raw", bytes, "Ed25519", false, ["verify"]);
}

/**
 * Called after a failure, so that a missing algorithm is not reported as a wrong key or signature.
 * @throws {WicketgateError} `unsupported_engine`
 */
export async function requireEd25519(): Promise<void> {
  try {
    await importPublicKey(decoded(PUBLIC_KEY));
  } catch {
    throw new WicketgateError(
      "unsupported_engine",
      "this engine has no Ed25519 in `crypto.subtle`, or this page is not served over https",
    );
  }
}
