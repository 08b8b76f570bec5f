// Which organizations an account is in, as the organizations' objects have said. Accounts are digests.
import { Table } from "../../object/tables/table";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS memberships (account TEXT NOT NULL, organization TEXT NOT NULL, PRIMARY KEY (account, organization)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS memberships_organization ON memberships (organization, account);
`;

export class MembershipTable extends Table {
  constructor(sql: SqlStorage) {
    super(sql, SCHEMA);
  }

  add(account: string, organization: string): void {
    this.sql.exec("INSERT OR IGNORE INTO memberships VALUES (?, ?)", account, organization);
  }

  remove(account: string, organization: string): void {
    this.sql.exec("DELETE FROM memberships WHERE account = ? AND organization = ?", account, organization);
  }

  removeAll(organization: string): void {
    this.sql.exec("DELETE FROM memberships WHERE organization = ?", organization);
  }

  organizationsOf(account: string, limit: number): string[] {
    return this.sql
      .exec<{ organization: string }>(
        "SELECT organization FROM memberships WHERE account = ? ORDER BY organization LIMIT ?",
        account,
        limit,
      )
      .toArray()
      .map(({ organization }) => organization);
  }

  /** In the order of the digests. */
  *accountsIn(organization: string): Generator<string> {
    const rows = this.sql.exec<{ account: string }>(
      "SELECT account FROM memberships WHERE organization = ? ORDER BY account",
      organization,
    );
    for (const { account } of rows) yield account;
  }
}
