// The organizations, the hosts at which each is reached, and the ids of erased ones, which nobody gets again.
import { Table } from "../../object/tables/table";
import { skeleton } from "../looks";
import type { Description, OrganizationRecord, State } from "../record";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS organizations (id TEXT PRIMARY KEY, state TEXT NOT NULL, description TEXT NOT NULL, created INTEGER NOT NULL, until INTEGER, revision INTEGER NOT NULL, pushed INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS organizations_pending ON organizations (id) WHERE pushed < revision;
  CREATE INDEX IF NOT EXISTS organizations_until ON organizations (until) WHERE until IS NOT NULL;
  CREATE TABLE IF NOT EXISTS hosts (host TEXT PRIMARY KEY, organization TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS hosts_organization ON hosts (organization);
  CREATE TABLE IF NOT EXISTS looks (skeleton TEXT NOT NULL, organization TEXT NOT NULL, PRIMARY KEY (skeleton, organization)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS looks_organization ON looks (organization);
  CREATE TABLE IF NOT EXISTS erased (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
`;

type Row = {
  id: string;
  state: string;
  description: string;
  created: number;
  until: number | null;
  revision: number;
  pushed: number;
};

export class OrganizationTable extends Table {
  readonly #below: string;

  /** @param apex the host below which organizations have labels */
  constructor(sql: SqlStorage, apex: string) {
    super(sql, SCHEMA);
    this.#below = `.${apex}`;
  }

  /** Whether an organization has an id, a name or a label that looks like this. */
  looksTaken(look: string): boolean {
    return this.first("SELECT 1 FROM looks WHERE skeleton = ?", look) !== undefined;
  }

  get(id: string): OrganizationRecord | undefined {
    const row = this.first<Row>("SELECT * FROM organizations WHERE id = ?", id);
    return row && recordOf(row);
  }

  at(host: string): OrganizationRecord | undefined {
    const row = this.first<Row>(
      "SELECT organizations.* FROM hosts JOIN organizations ON organizations.id = hosts.organization WHERE host = ?",
      host,
    );
    return row && recordOf(row);
  }

  /** In the order of their ids. */
  list(after: string, limit: number): OrganizationRecord[] {
    return this.sql.exec<Row>("SELECT * FROM organizations WHERE id > ? ORDER BY id LIMIT ?", after, limit).toArray().map(recordOf);
  }

  /** The organization that has a host. */
  holder(host: string): string | undefined {
    return this.first<{ organization: string }>("SELECT organization FROM hosts WHERE host = ?", host)?.organization;
  }

  /** The organization, another than `id`, whose tokens have this issuer. */
  withIssuer(issuer: string, id: string): string | undefined {
    return this.first<{ id: string }>(
      "SELECT id FROM organizations WHERE json_extract(description, '$.issuer') = ? AND id <> ?",
      issuer,
      id,
    )?.id;
  }

  put({ id, state, description, created, until, revision, pushed }: OrganizationRecord): void {
    this.sql.exec(
      "INSERT OR REPLACE INTO organizations VALUES (?, ?, ?, ?, ?, ?, ?)",
      id,
      state,
      JSON.stringify(description),
      created,
      until ?? null,
      revision,
      pushed,
    );
    this.sql.exec("DELETE FROM hosts WHERE organization = ?", id);
    for (const host of description.hosts) this.sql.exec("INSERT INTO hosts VALUES (?, ?)", host, id);
    const labels = description.hosts.filter((host) => host.endsWith(this.#below)).map((host) => host.slice(0, -this.#below.length));
    this.sql.exec("DELETE FROM looks WHERE organization = ?", id);
    for (const look of new Set([id, description.name, ...labels].map(skeleton)))
      this.sql.exec("INSERT INTO looks VALUES (?, ?)", look, id);
  }

  recordPushed(id: string, revision: number): void {
    this.sql.exec("UPDATE organizations SET pushed = max(pushed, ?) WHERE id = ?", revision, id);
  }

  /** Organizations whose objects have not got the last change, in any order: some that always fail do not hold up others. */
  pending(limit: number): OrganizationRecord[] {
    return this.sql
      .exec<Row>("SELECT * FROM organizations WHERE pushed < revision ORDER BY random() LIMIT ?", limit)
      .toArray()
      .map(recordOf);
  }

  /** The deleted organization that is erased first. */
  nextErased(): OrganizationRecord | undefined {
    const row = this.first<Row>("SELECT * FROM organizations WHERE until IS NOT NULL ORDER BY until LIMIT 1");
    return row && recordOf(row);
  }

  erase(id: string, at: number): void {
    this.sql.exec("DELETE FROM hosts WHERE organization = ?", id);
    this.sql.exec("DELETE FROM looks WHERE organization = ?", id);
    this.sql.exec("DELETE FROM organizations WHERE id = ?", id);
    this.sql.exec("INSERT OR REPLACE INTO erased VALUES (?, ?)", id, at);
  }

  wasErased(id: string): boolean {
    return this.first("SELECT 1 FROM erased WHERE id = ?", id) !== undefined;
  }
}

function recordOf({ id, state, description, created, until, revision, pushed }: Row): OrganizationRecord {
  return {
    id,
    state: state as State,
    description: JSON.parse(description) as Description,
    created,
    ...(until !== null && { until }),
    revision,
    pushed,
  };
}
