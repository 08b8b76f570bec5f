// The tables of the object's SQLite storage; nothing else touches them. Methods that write are meant to be called in a transaction.
import { AccountTable } from "./account-table";
import { ActivityTable } from "./activity-table";
import { AnswerTable } from "./answer-table";
import { DeliveryTable } from "./delivery-table";
import { EventTable } from "./event-table";
import { GateTable } from "./gate-table";
import { ImportTable } from "./import-table";
import { KeyTable } from "./key-table";
import { KeyUseTable } from "./key-use-table";
import { MailTable } from "./mail-table";
import { ReviewTable } from "./review-table";
import { SessionTable } from "./session-table";
import { StagedTable } from "./staged-table";
import { SettingsTable } from "./settings-table";
import { StateTable } from "./state-table";
import { UpkeepTable } from "./upkeep-table";
import { SignalTable } from "./signal-table";
import { WebhookTable } from "./webhook-table";

export class Tables {
  readonly events: EventTable;
  readonly states: StateTable;
  readonly imports: ImportTable;
  readonly reviews: ReviewTable;
  readonly sessions: SessionTable;
  readonly accounts: AccountTable;
  readonly activity: ActivityTable;
  readonly answers: AnswerTable;
  readonly mails: MailTable;
  readonly keys: KeyTable;
  readonly keyUses: KeyUseTable;
  readonly gate: GateTable;
  readonly staged: StagedTable;
  readonly settings: SettingsTable;
  readonly upkeep: UpkeepTable;
  readonly signals: SignalTable;
  readonly webhooks: WebhookTable;
  readonly deliveries: DeliveryTable;

  constructor(sql: SqlStorage) {
    this.events = new EventTable(sql);
    this.states = new StateTable(sql);
    this.imports = new ImportTable(sql);
    this.reviews = new ReviewTable(sql);
    this.sessions = new SessionTable(sql);
    this.accounts = new AccountTable(sql);
    this.activity = new ActivityTable(sql);
    this.answers = new AnswerTable(sql);
    this.mails = new MailTable(sql);
    this.keys = new KeyTable(sql);
    this.keyUses = new KeyUseTable(sql);
    this.gate = new GateTable(sql);
    this.staged = new StagedTable(sql);
    this.settings = new SettingsTable(sql);
    this.upkeep = new UpkeepTable(sql);
    this.signals = new SignalTable(sql);
    this.webhooks = new WebhookTable(sql);
    this.deliveries = new DeliveryTable(sql);
  }

  /**
   * Removes a user's id from every table, because another person may get the same id later. Signals keep it, as the history does: both say
   * when.
   */
  forget(user: string): void {
    for (const table of [this.sessions, this.accounts, this.answers, this.activity, this.mails]) table.forget(user);
  }

  /** Drops rows that have outlived their use. */
  tidy(now: number): void {
    for (const table of [this.sessions, this.answers, this.mails, this.signals]) table.tidy(now);
  }
}
