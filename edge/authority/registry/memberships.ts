// Which organizations a person is in: one account, a user in each. Organizations say so of themselves, and learn nothing of each other.
import { sha256 } from "../digest";
import type { AccountReport } from "../messages";
import type { OrganizationLink } from "../wire";
import { originOf } from "./hosts";
import type { MembershipTable } from "./tables/membership-table";
import type { OrganizationTable } from "./tables/organization-table";

/** Organizations in a person's list. */
const LISTED = 200;

export class Memberships {
  readonly #table: MembershipTable;
  readonly #organizations: OrganizationTable;

  constructor(table: MembershipTable, organizations: OrganizationTable) {
    this.#table = table;
    this.#organizations = organizations;
  }

  /** Takes what an organization says of its own accounts. @param anew forgets what it said before */
  take(organization: string, reports: AccountReport[], anew: boolean): void {
    if (!this.#organizations.get(organization)) return;
    if (anew) this.#table.removeAll(organization);
    for (const { account, present } of reports) {
      if (present) this.#table.add(account, organization);
      else this.#table.remove(account, organization);
    }
  }

  /** The digest of all accounts of an organization, to compare with its own. */
  digest(organization: string): string {
    return sha256([...this.#table.accountsIn(organization)].join("\n"));
  }

  /** The organizations of an account that let people in. */
  of(account: string): OrganizationLink[] {
    return this.#table.organizationsOf(account, LISTED).flatMap((id) => {
      const record = this.#organizations.get(id);
      if (record?.state !== "active") return [];
      return [{ id, name: record.description.name, origin: originOf(record.description.hosts[0]) }];
    });
  }
}
