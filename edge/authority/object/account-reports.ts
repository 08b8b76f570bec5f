// Tells the registry which accounts are in this organization, so that a person finds theirs. The registry learns digests alone. What it was
// told is kept, so a failure or a crash leaves a difference, which the next report repairs.
import { sha256 } from "../digest";
import { type Outcome, report, unwrap } from "../problem";
import type { AccountReport } from "../messages";
import type { Alarm } from "./alarm";
import type { OwnSettings } from "./own-settings";
import type { AccountTable } from "./tables/account-table";

/** Accounts in one report. */
const SLICE = 500;
/** Milliseconds until a failed report is repeated. */
const RETRY = 60_000;

/** The registry, as far as this needs it. */
export interface AccountRegistry {
  takeAccounts(organization: string, reports: AccountReport[], anew: boolean): Promise<Outcome<null>>;
  accountsDigest(organization: string): Promise<Outcome<string>>;
}

export class AccountReports {
  readonly #settings: OwnSettings;
  readonly #accounts: AccountTable;
  readonly #registry: () => AccountRegistry;
  readonly #alarm: Alarm;
  #running = false;

  constructor(settings: OwnSettings, accounts: AccountTable, registry: () => AccountRegistry, alarm: Alarm) {
    this.#settings = settings;
    this.#accounts = accounts;
    this.#registry = registry;
    this.#alarm = alarm;
  }

  /** Reports what the registry does not know, if anything. The alarm repeats it if that fails. */
  async send(): Promise<void> {
    if (this.#settings.single || this.#running) return;
    this.#running = true;
    try {
      for (let reports = this.#accounts.unreported(SLICE); reports.length > 0; reports = this.#accounts.unreported(SLICE)) {
        this.#alarm.wakeBy(Date.now() + RETRY);
        unwrap(await this.#registry().takeAccounts(this.#settings.current.id, reports, false));
        this.#accounts.recordReported(reports);
      }
    } catch (error) {
      report(error, this.#settings.name);
      this.#alarm.wakeBy(Date.now() + RETRY);
    } finally {
      this.#running = false;
    }
  }

  /** Compares with the registry, and reports everything anew if it differs: one of the two may have gone back to an earlier state. */
  async verify(): Promise<void> {
    if (this.#settings.single) return;
    await this.send();
    const { id } = this.#settings.current;
    const reported = this.#accounts.reported();
    if (unwrap(await this.#registry().accountsDigest(id)) === sha256(reported.join("\n"))) return;
    unwrap(await this.#registry().takeAccounts(id, [], true));
    this.#accounts.forgetReported();
    await this.send();
  }
}
