// Who signed up lately: digests of the account, the e-mail address and the network address.
import { Table } from "../../object/tables/table";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS sign_ups (account TEXT NOT NULL, address TEXT NOT NULL, network TEXT NOT NULL, at INTEGER NOT NULL);
  CREATE INDEX IF NOT EXISTS sign_ups_at ON sign_ups (at);
`;

export interface Person {
  account: string;
  address: string;
  network: string;
}

export class SignUpTable extends Table {
  constructor(sql: SqlStorage) {
    super(sql, SCHEMA);
  }

  /** Since a time: of the account, of the address, of the network, and of all. */
  since(at: number, { account, address, network }: Person): { account: number; address: number; network: number; all: number } {
    const counted = this.first<{ account: number; address: number; network: number; total: number }>(
      "SELECT total(account = ?) AS account, total(address = ?) AS address, total(network = ?) AS network, count(*) AS total FROM sign_ups WHERE at > ?",
      account,
      address,
      network,
      at,
    );
    return {
      account: counted?.account ?? 0,
      address: counted?.address ?? 0,
      network: counted?.network ?? 0,
      all: counted?.total ?? 0,
    };
  }

  insert({ account, address, network }: Person, at: number): void {
    this.sql.exec("INSERT INTO sign_ups VALUES (?, ?, ?, ?)", account, address, network, at);
  }

  tidy(until: number): void {
    this.sql.exec("DELETE FROM sign_ups WHERE at <= ?", until);
  }
}
