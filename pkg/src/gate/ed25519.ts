/** Whether this engine supports Ed25519 in `crypto.subtle`: Chrome from 137, Firefox from 129, Safari from 17. */
import { WicketgateError } from "../lib/error.js";

/** The public key of RFC 8037, appendix A. */
const PUBLIC_KEY = { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" };

/**
 * Called after a failure, so that a missing algorithm is not reported as a wrong key or signature.
 * @throws {WicketgateError} `unsupported_engine`
 */
export async function requireEd25519(): Promise<void> {
  try {
    await crypto.subtle.importKey("jwk", PUBLIC_KEY, "Ed25519", false, ["verify"]);
  } catch {
    throw new WicketgateError(
      "unsupported_engine",
      "this engine has no Ed25519 in `crypto.subtle`, or this page is not served over https",
    );
  }
}
