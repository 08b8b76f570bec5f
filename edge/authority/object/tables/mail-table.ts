// Mails that were sent lately: to which address (its digest), by which user, and when.
import { MAILS_COUNTED } from "../../bounds";
import { Table } from "./table";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS mails (address TEXT NOT NULL, actor TEXT NOT NULL, at INTEGER NOT NULL);
  CREATE INDEX IF NOT EXISTS mails_address ON mails (address, at);
  CREATE INDEX IF NOT EXISTS mails_actor ON mails (actor, at);
  CREATE INDEX IF NOT EXISTS mails_at ON mails (at);
`;

export class MailTable extends Table {
  constructor(sql: SqlStorage) {
    super(sql, SCHEMA);
  }

  insert(address: string, actor: string, at: number): void {
    this.sql.exec("INSERT INTO mails VALUES (?, ?, ?)", address, actor, at);
  }

  /**
   * The time of the `count`-th latest mail: to one address, by one user, or of all.
   * @returns Unix seconds; nothing if there were fewer
   */
  timeOf(count: number, by?: "address" | "actor", value = ""): number | undefined {
    const [where, values] = by === undefined ? ["", []] : [`WHERE ${by} = ?`, [value]];
    return this.first<{ at: number }>(`SELECT at FROM mails ${where} ORDER BY at DESC LIMIT 1 OFFSET ?`, ...values, count - 1)?.at;
  }

  /** Takes the user's id out. The rows stay, because they count for the addresses too. */
  forget(user: string): void {
    this.sql.exec("UPDATE mails SET actor = '' WHERE actor = ?", user);
  }

  tidy(now: number): void {
    this.sql.exec("DELETE FROM mails WHERE at <= ?", now - MAILS_COUNTED);
  }
}
