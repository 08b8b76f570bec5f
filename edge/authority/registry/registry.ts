// The registry: one Durable Object that knows all organizations of the deployment. This file is its surface, as organization.ts is the
// surface of an organization's object.
import { DurableObject } from "cloudflare:workers";
import type { AccountReport, Identity } from "../messages";
import { Alarm } from "../object/alarm";
import type { Organization } from "../object/organization";
import { asyncOutcome, outcome } from "../object/outcome";
import type { OrganizationSettings } from "../organization-settings";
import type { Outcome } from "../problem";
import type { Settings } from "../settings";
import type { OrganizationEntry, OrganizationLink, OrganizationPage } from "../wire";
import { apexOf } from "./apex";
import { Memberships } from "./memberships";
import { type Change, Organizations } from "./organizations";
import { type Description, settingsOf, type State } from "./record";
import { SignUps } from "./sign-ups";
import { MembershipTable } from "./tables/membership-table";
import { OrganizationTable } from "./tables/organization-table";
import { SignUpTable } from "./tables/sign-up-table";
import { VisitTable } from "./tables/visit-table";

/** What the registry gets from the platform. */
interface RegistrySettings extends Settings {
  DIRECTORY: DurableObjectNamespace<Organization>;
}

export class Registry extends DurableObject<RegistrySettings> {
  readonly #table: OrganizationTable;
  readonly #alarm: Alarm;
  readonly #organizations: Organizations;
  readonly #memberships: Memberships;
  readonly #signUps: SignUps;

  constructor(ctx: DurableObjectState, env: RegistrySettings) {
    super(ctx, env);
    const { sql } = ctx.storage;
    const apex = apexOf(env)?.host ?? "";
    this.#table = new OrganizationTable(sql, apex);
    const memberships = new MembershipTable(sql);
    this.#alarm = new Alarm(ctx);
    this.#organizations = new Organizations(this.#table, memberships, env.DIRECTORY, this.#alarm, apex);
    this.#memberships = new Memberships(memberships, this.#table);
    this.#signUps = new SignUps(new VisitTable(sql), new SignUpTable(sql), this.#organizations, this.#table, apex);
    void ctx.blockConcurrencyWhile(() => this.#alarm.load());
  }

  /** The organization at a host. A deleted one is not there. */
  find(host: string): Outcome<OrganizationSettings | null> {
    return outcome(() => {
      const record = this.#table.at(host);
      return record && record.state !== "deleted" ? settingsOf(record) : null;
    });
  }

  // For the operator

  create(id: string, description: Description): Promise<Outcome<{ created: boolean; organization: OrganizationEntry }>> {
    return asyncOutcome(() => this.#organizations.create(id, description));
  }

  list(after: string, limit: number): Outcome<OrganizationPage> {
    return outcome(() => this.#organizations.list(after, limit));
  }

  read(id: string): Outcome<OrganizationEntry> {
    return outcome(() => this.#organizations.read(id));
  }

  /** As {@link Registry.find}, by id, and of a deleted one too. */
  settings(id: string): Outcome<OrganizationSettings> {
    return outcome(() => settingsOf(this.#organizations.record(id)));
  }

  change(id: string, change: Change): Promise<Outcome<OrganizationEntry>> {
    return asyncOutcome(() => this.#organizations.change(id, change));
  }

  setState(id: string, state: State): Promise<Outcome<OrganizationEntry>> {
    return asyncOutcome(() => this.#organizations.setState(id, state));
  }

  tellAgain(id: string): Promise<Outcome<void>> {
    return asyncOutcome(() => this.#organizations.tellAgain(id));
  }

  // For the organizations' objects, and for people

  /** What an organization says of its own accounts. */
  takeAccounts(organization: string, reports: AccountReport[], anew: boolean): Outcome<null> {
    return outcome(() => {
      this.ctx.storage.transactionSync(() => this.#memberships.take(organization, reports, anew));
      return null;
    });
  }

  accountsDigest(organization: string): Outcome<string> {
    return outcome(() => this.#memberships.digest(organization));
  }

  /** @param account its digest */
  organizationsOf(account: string): Outcome<OrganizationLink[]> {
    return outcome(() => this.#memberships.of(account));
  }

  // For people at the apex

  beginVisit(session: string, identity: Identity, earlier: string | undefined): Outcome<null> {
    return outcome(() => {
      this.#signUps.begin(session, identity, earlier);
      return null;
    });
  }

  visitor(session: string): Outcome<Identity> {
    return outcome(() => this.#signUps.visitor(session));
  }

  endVisit(session: string): Outcome<null> {
    return outcome(() => {
      this.#signUps.end(session);
      return null;
    });
  }

  signUp(session: string, name: string, label: string, network: string): Promise<Outcome<{ origin: string }>> {
    return asyncOutcome(() => this.#signUps.signUp(session, name, label, network));
  }

  // For the platform

  override async alarm(): Promise<void> {
    this.#alarm.rang();
    await this.#organizations.catchUp();
    this.#organizations.plan();
  }
}
