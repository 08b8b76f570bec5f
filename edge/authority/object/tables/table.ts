// What all tables share: their schema is made when the object starts, and a query for one row.

export abstract class Table {
  protected readonly sql: SqlStorage;

  /** @param schema `CREATE … IF NOT EXISTS` statements */
  constructor(sql: SqlStorage, schema: string) {
    this.sql = sql;
    sql.exec(schema);
  }

  protected first<T extends Record<string, SqlStorageValue>>(query: string, ...values: SqlStorageValue[]): T | undefined {
    return this.sql.exec<T>(query, ...values).toArray()[0];
  }
}
