// Digests by which accounts and addresses are remembered, also after their user was removed.
import { normalAddress } from "wicketgate/authority";
import { sha256 } from "../digest";

export function accountDigest({ issuer, subject }: { issuer: string; subject: string }): string {
  return sha256(JSON.stringify([issuer, subject]));
}

/** Of the normal form. An address from before there was a normal form may have none and is taken as it is. */
export function addressDigest(email: string): string {
  return sha256(normalAddress(email) ?? email);
}

/** The digest that was remembered before there was a normal form. */
export function earlierAddressDigest(email: string): string {
  return sha256(email.toLowerCase());
}
