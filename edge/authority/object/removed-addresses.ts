// The addresses of removed people: nobody comes back with one of them without an invitation.
import type { DirectoryEvent } from "wicketgate/authority";
import { addressDigest } from "./identity-digests";
import type { AccountTable } from "./tables/account-table";

/** Remembers the address that a person had before the event that removes them. */
export function rememberAddress({ sealed }: DirectoryEvent, user: string, accounts: AccountTable): void {
  const { before } = JSON.parse(sealed) as { before: { users?: { id: string; email?: string }[] } };
  const email = before.users?.find(({ id }) => id === user)?.email;
  if (email !== undefined) accounts.remember(addressDigest(email));
}
