// The organizations of the deployment: what the operator does with them. The registry is written first; then the organization's object is
// told, and an alarm repeats that until it succeeds, so that a crash leaves nothing half done.
import { isDeepStrictEqual } from "node:util";
import { Directory, init, normalAddress, WicketgateError } from "wicketgate/authority";
import type { Organization } from "../object/organization";
import { Problem, report, unwrap, problemAtPath } from "../problem";
import type { Alarm } from "../object/alarm";
import { clock } from "../object/clock";
import type { OrganizationEntry, OrganizationPage, OrganizationPlan } from "../wire";
import { type Description, entryOf, type OrganizationRecord, settingsOf, type State } from "./record";
import type { MembershipTable } from "./tables/membership-table";
import type { OrganizationTable } from "./tables/organization-table";

/** Seconds in which a deleted organization can be brought back. */
const KEPT = 30 * 24 * 60 * 60;
/** Milliseconds until a failed message to an object is repeated. */
const RETRY = 5000;
/** Organizations that one alarm tells. */
const SLICE = 50;

/** What the operator may change. `null` takes a value away. */
export type Change = { [Key in keyof Description]?: Description[Key] | null };

export class Organizations {
  readonly #table: OrganizationTable;
  readonly #memberships: MembershipTable;
  readonly #objects: DurableObjectNamespace<Organization>;
  readonly #alarm: Alarm;
  readonly #apex: string;

  /** @param apex the host of the deployment itself, which no organization gets */
  constructor(
    table: OrganizationTable,
    memberships: MembershipTable,
    objects: DurableObjectNamespace<Organization>,
    alarm: Alarm,
    apex: string,
  ) {
    this.#table = table;
    this.#memberships = memberships;
    this.#objects = objects;
    this.#alarm = alarm;
    this.#apex = apex;
  }

  /** Creates an organization. The same call again changes nothing, and repairs a creation that was interrupted. */
  async create(id: string, description: Description): Promise<{ created: boolean; organization: OrganizationEntry }> {
    await this.#check(description);
    const earlier = this.#table.get(id);
    if (earlier && !isDeepStrictEqual(earlier.description, description))
      throw taken("id", "an organization with this id and other settings exists");
    if (!earlier) {
      if (this.#table.wasErased(id)) throw taken("id", "an erased organization had this id");
      this.#put({ id, state: "active", description, created: clock(), revision: 1, pushed: 0 });
    }
    return { created: !earlier, organization: await this.#tell(id) };
  }

  list(after: string, limit: number): OrganizationPage {
    const records = this.#table.list(after, limit + 1);
    const page = records.slice(0, limit);
    const last = page.at(-1);
    return { organizations: page.map(entryOf), ...(records.length > limit && last && { next: last.id }) };
  }

  read(id: string): OrganizationEntry {
    return entryOf(this.record(id));
  }

  async change(id: string, change: Change): Promise<OrganizationEntry> {
    const { description } = this.record(id);
    const changed = Object.fromEntries(Object.entries({ ...description, ...change }).filter(([, value]) => value !== null));
    await this.#check(changed as unknown as Description);
    // After the last `await`: what was read before it may have changed.
    const record = this.record(id);
    this.#put({ ...record, description: changed as unknown as Description, revision: record.revision + 1 });
    return this.#tell(id);
  }

  /** `active`: resumes, and brings a deleted organization back. */
  async setState(id: string, state: State): Promise<OrganizationEntry> {
    const { until, ...record } = this.record(id);
    if (record.state !== state) {
      const erased = state === "deleted" && { until: clock() + KEPT };
      this.#put({ ...record, state, ...erased, revision: record.revision + 1 });
    }
    return this.#tell(id);
  }

  /** Tells the object again, for instance after its storage went back to an earlier state. */
  async tellAgain(id: string): Promise<void> {
    const record = this.record(id);
    this.#put({ ...record, revision: record.revision + 1 });
    await this.#tell(id);
  }

  /** Plans the alarm for what is left to do. */
  plan(): void {
    if (this.#table.pending(1).length > 0) this.#alarm.wakeBy(Date.now() + RETRY);
    const { until } = this.#table.nextErased() ?? {};
    if (until !== undefined) this.#alarm.wakeBy(Math.max(until * 1000, Date.now()));
  }

  /** Tells objects what they have not got, and erases what was deleted long ago. */
  async catchUp(): Promise<void> {
    for (const { id } of this.#table.pending(SLICE)) await this.#tell(id).catch(report);
    const next = this.#table.nextErased();
    if (next?.until !== undefined && next.until <= clock()) await this.#erase(next).catch(report);
  }

  async #erase({ id }: OrganizationRecord): Promise<void> {
    const object = this.#object(id);
    let more: boolean;
    do ({ more } = unwrap(await object.erase()));
    while (more);
    this.#memberships.removeAll(id);
    this.#table.erase(id, clock());
  }

  #put(record: OrganizationRecord): void {
    const { description, id } = record;
    for (const [index, host] of description.hosts.entries()) {
      const holder = this.#table.holder(host);
      if (host === this.#apex || (holder !== undefined && holder !== id)) {
        throw taken(`hosts[${index}]`, "this host belongs to another organization");
      }
    }
    if (this.#table.withIssuer(description.issuer, id) !== undefined) throw taken("issuer", "another organization has this issuer");
    this.#table.put(record);
    this.#alarm.wakeBy(Date.now() + RETRY);
  }

  /** Gives the present settings to the organization's object. */
  async #tell(id: string): Promise<OrganizationEntry> {
    const record = this.record(id);
    if (record.pushed < record.revision) {
      const { openid, ...settings } = settingsOf(record);
      unwrap(await this.#object(id).configure(record.revision, settings));
      this.#table.recordPushed(id, record.revision);
    }
    this.plan();
    return entryOf(this.record(id));
  }

  #object(id: string): DurableObjectStub<Organization> {
    return this.#objects.get(this.#objects.idFromName(id));
  }

  /** @throws Problem `unknown_organization` */
  record(id: string): OrganizationRecord {
    const record = this.#table.get(id);
    if (!record) throw new Problem("unknown_organization", "there is no organization with this id");
    return record;
  }

  async #check({ founder, plan }: Description): Promise<void> {
    await init();
    if (plan) await checkPlan(plan);
    if (founder !== undefined && normalAddress(founder) === undefined) {
      throw new Problem("bad_request", "founder: expected an e-mail address", { path: "founder" });
    }
  }
}

function taken(path: string, title: string): Problem {
  return problemAtPath("already_exists", path, title);
}

/** Refuses a plan that an organization's object would refuse, in an organization that nobody sees: the registry would tell the object without end. */
async function checkPlan(plan: OrganizationPlan): Promise<void> {
  const facts = { id: "plan", users: [{ id: "founder", role: "global_admin" }], plan };
  try {
    const { directory } = await Directory.found(JSON.stringify(facts), { now: clock() });
    directory.free();
  } catch (error) {
    if (!(error instanceof WicketgateError)) throw error;
    throw new Problem("bad_request", error.message, { path: error.path ?? "plan" });
  }
}
