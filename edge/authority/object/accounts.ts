// Which user an identity is: docs/deploying.md, "Signing in", has the rules. An unknown identity joins, is linked or founds.
import { init, normalAddress } from "wicketgate/authority";
import type { Identity } from "../messages";
import { clock } from "./clock";
import type { History } from "./history";
import { accountDigest, addressDigest, earlierAddressDigest } from "./identity-digests";
import type { OwnSettings } from "./own-settings";
import { mustExist, notFounded, removed, suspended } from "./refusals";
import type { Tables } from "./tables/tables";

export class Accounts {
  readonly #settings: OwnSettings;
  readonly #tables: Tables;
  readonly #history: History;

  constructor(settings: OwnSettings, tables: Tables, history: History) {
    this.#settings = settings;
    this.#tables = tables;
    this.#history = history;
  }

  /** Founds the organization at the first sign-in of its founder's address, with that person as its global admin. */
  async foundFor({ email }: Identity): Promise<void> {
    await init();
    const { founder, id, plan } = this.#settings.current;
    const address = normalAddress(email);
    if (founder === undefined || address === undefined || address !== normalAddress(founder)) throw notFounded();
    const facts = { id, users: [{ id: "founder", role: "global_admin", email }], ...(plan && { plan }) };
    await this.#history.found(JSON.stringify(facts), clock());
  }

  /** The identity's user. @param invitation token of an invitation to accept first */
  identify(identity: Identity, invitation: string | undefined, now: number): string {
    const { directory } = this.#history;
    const { issuer, subject, email } = identity;
    if (invitation !== undefined) {
      this.#history.commit("system", { type: "accept_invitation", token: invitation, issuer, subject, email }, now);
    }
    const known = directory.account(issuer, subject);
    if (known !== undefined) {
      if (directory.user(known)?.status === "suspended") throw suspended();
      return known;
    }
    const expected = directory.userAt(email);
    if (expected === undefined) {
      // The account or the address was a removed user's: only an invitation brings them back.
      const digests = [accountDigest(identity), addressDigest(email), earlierAddressDigest(email)];
      if (digests.some((digest) => this.#tables.accounts.remembers(digest))) throw removed();
    } else if (!this.#tables.accounts.hasAccount(expected)) {
      const { status } = directory.user(expected) ?? mustExist();
      if (status === "suspended") throw suspended();
      // The user has this address and has never signed in: the provider confirms that it is the same person.
      if (status === "active") {
        this.#history.commit("system", { type: "link_account", user: expected, issuer, subject }, now);
        return expected;
      }
    }
    this.#history.commit("system", { type: "join", issuer, subject, email }, now);
    return directory.account(issuer, subject) ?? mustExist();
  }
}
