// The latest deliveries of each webhook: one row for each event, with the outcome of its last attempt.
import { Table } from "./table";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS deliveries (id INTEGER PRIMARY KEY AUTOINCREMENT, webhook TEXT NOT NULL, version INTEGER, type TEXT NOT NULL, at INTEGER NOT NULL, attempts INTEGER NOT NULL, outcome TEXT NOT NULL, status INTEGER, by_hand INTEGER NOT NULL);
  CREATE INDEX IF NOT EXISTS deliveries_webhook ON deliveries (webhook, id);
`;

/** Rows of one webhook. */
const KEPT = 200;

/** What came of an attempt. */
export type AttemptOutcome = "delivered" | "status" | "redirect" | "timeout" | "connection";

export interface DeliveryRow {
  id: number;
  webhook: string;
  /** Absent for a test event. */
  version: number | null;
  /** The `type` of the event's command, or `test`. */
  type: string;
  /** Of the last attempt, Unix seconds. */
  at: number;
  attempts: number;
  outcome: AttemptOutcome;
  /** The HTTP status, where there was an answer. */
  status: number | null;
  /** 1 if somebody asked for it: a test, or an event that was sent again. */
  by_hand: number;
}

export type Attempt = Pick<DeliveryRow, "webhook" | "version" | "type" | "at" | "outcome" | "status"> & { byHand: boolean };

export class DeliveryTable extends Table {
  constructor(sql: SqlStorage) {
    super(sql, SCHEMA);
  }

  /** Records an attempt: in the row of the same event if it was tried before, else in a new one. @returns the row's id */
  record({ webhook, version, type, at, outcome, status, byHand }: Attempt): number {
    if (!byHand) {
      const tried = this.first<{ id: number }>(
        "UPDATE deliveries SET at = ?, attempts = attempts + 1, outcome = ?, status = ? WHERE webhook = ? AND version = ? AND by_hand = 0 AND outcome <> 'delivered' RETURNING id",
        at,
        outcome,
        status,
        webhook,
        version,
      );
      if (tried) return tried.id;
    }
    const made = this.first<{ id: number }>(
      "INSERT INTO deliveries (webhook, version, type, at, attempts, outcome, status, by_hand) VALUES (?, ?, ?, ?, 1, ?, ?, ?) RETURNING id",
      webhook,
      version,
      type,
      at,
      outcome,
      status,
      byHand ? 1 : 0,
    );
    this.sql.exec(
      "DELETE FROM deliveries WHERE webhook = ? AND id <= (SELECT id FROM deliveries WHERE webhook = ? ORDER BY id DESC LIMIT 1 OFFSET ?)",
      webhook,
      webhook,
      KEPT,
    );
    return made?.id ?? 0;
  }

  /** The latest ones, newest first. */
  latest(webhook: string, limit: number): DeliveryRow[] {
    return this.#rows("WHERE webhook = ? ORDER BY id DESC LIMIT ?", webhook, limit);
  }

  get(webhook: string, id: number): DeliveryRow | undefined {
    return this.#rows("WHERE webhook = ? AND id = ?", webhook, id)[0];
  }

  /** How many were asked for by hand since a time. */
  byHandSince(webhook: string, at: number): number {
    return (
      this.first<{ count: number }>(
        "SELECT count(*) AS count FROM deliveries WHERE webhook = ? AND by_hand = 1 AND at > ?",
        webhook,
        at,
      )?.count ?? 0
    );
  }

  forget(webhook: string): void {
    this.sql.exec("DELETE FROM deliveries WHERE webhook = ?", webhook);
  }

  #rows(where: string, ...values: SqlStorageValue[]): DeliveryRow[] {
    return this.sql.exec(`SELECT * FROM deliveries ${where}`, ...values).toArray() as unknown as DeliveryRow[];
  }
}
