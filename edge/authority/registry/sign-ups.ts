// Signing up: a person who is signed in at the apex makes an organization. What others could take for another organization is refused, and so
// are floods.
import { init, normalAddress } from "wicketgate/authority";
import { SESSION } from "../lifetimes";
import type { Identity } from "../messages";
import { clock } from "../object/clock";
import { accountDigest, addressDigest } from "../object/identity-digests";
import { Problem, problemAtPath } from "../problem";
import { sha256 } from "../digest";
import { originOf } from "./hosts";
import { isPlainName, isReserved, skeleton } from "./looks";
import type { Organizations } from "./organizations";
import type { OrganizationTable } from "./tables/organization-table";
import type { SignUpTable } from "./tables/sign-up-table";
import type { VisitTable } from "./tables/visit-table";

const DAY = 24 * 60 * 60;
/** Sign-ups in a day: enough for a person who tries, and for an office behind one address. */
const MOST = { account: 3, address: 3, network: 20, all: 1000 };

export class SignUps {
  readonly #visits: VisitTable;
  readonly #table: SignUpTable;
  readonly #organizations: Organizations;
  readonly #organizationTable: OrganizationTable;
  readonly #apex: string;

  constructor(
    visits: VisitTable,
    table: SignUpTable,
    organizations: Organizations,
    organizationTable: OrganizationTable,
    apex: string,
  ) {
    this.#visits = visits;
    this.#table = table;
    this.#organizations = organizations;
    this.#organizationTable = organizationTable;
    this.#apex = apex;
  }

  begin(session: string, identity: Identity, earlier: string | undefined): void {
    const now = clock();
    if (earlier) this.#visits.delete(earlier);
    this.#visits.insert(session, identity, now, now + SESSION);
  }

  /** @throws Problem `not_signed_in` */
  visitor(session: string): Identity {
    const identity = this.#visits.get(session, clock());
    if (!identity) throw new Problem("not_signed_in", "nobody is signed in");
    return identity;
  }

  end(session: string): void {
    this.#visits.delete(session);
  }

  /**
   * Makes an organization at a label below the apex. The visitor's first sign-in there founds it.
   * @param network the visitor's network address
   * @returns its origin
   */
  async signUp(session: string, name: string, label: string, network: string): Promise<{ origin: string }> {
    await init();
    const identity = this.visitor(session);
    const founder = normalAddress(identity.email);
    if (founder === undefined) throw new Problem("email_not_verified", "this e-mail address cannot be used");
    this.#requireFree(name, label);
    const now = clock();
    this.#count({ account: accountDigest(identity), address: addressDigest(founder), network: sha256(network) }, now);
    const host = `${label}.${this.#apex}`;
    await this.#organizations.create(label, { name, hosts: [host], issuer: originOf(host), founder });
    return { origin: originOf(host) };
  }

  #requireFree(name: string, label: string): void {
    if (!isPlainName(name)) throw taken("name", "use letters of one script");
    if (isReserved(label)) throw taken("label", "this address is reserved");
    for (const [path, text] of [
      ["label", label],
      ["name", name],
    ] as const) {
      if (this.#organizationTable.looksTaken(skeleton(text))) throw taken(path, "it is taken, or looks like another one");
    }
  }

  #count(person: { account: string; address: string; network: string }, now: number): void {
    this.#table.tidy(now - DAY);
    const counted = this.#table.since(now - DAY, person);
    for (const kind of ["account", "address", "network", "all"] as const) {
      if (counted[kind] >= MOST[kind])
        throw new Problem("rate_limited", "there were too many new organizations in a day", { retry_after: DAY });
    }
    this.#table.insert(person, now);
  }
}

function taken(path: string, title: string): Problem {
  return problemAtPath("name_taken", path, title);
}
