// The settings of this object's organization: the deployment's variables, or what the registry configured.
import { type OrganizationSettings, singleOrganization } from "../organization-settings";
import { Problem } from "../problem";
import type { Settings } from "../settings";
import { mustExist } from "./refusals";
import type { SettingsTable } from "./tables/settings-table";

export class OwnSettings {
  readonly #table: SettingsTable;
  readonly #single: boolean;
  #settings: OrganizationSettings | undefined;

  constructor(env: Settings, table: SettingsTable) {
    this.#table = table;
    const single = singleOrganization(env);
    this.#single = single !== undefined;
    this.#settings = single ?? table.get();
  }

  /** Whether this is the deployment's only organization, and its settings are the deployment's variables. */
  get single(): boolean {
    return this.#single;
  }

  /** Whether there is such an organization. */
  get known(): boolean {
    return this.#settings !== undefined;
  }

  /** The id for logs, if it is known. */
  get name(): string | undefined {
    return this.#settings?.id;
  }

  get suspended(): boolean {
    return this.#settings?.suspended === true;
  }

  /** @throws Error if the organization was never configured */
  get current(): OrganizationSettings {
    return this.#settings ?? mustExist();
  }

  /** @throws Problem `unknown_organization`, `organization_suspended` */
  requireActive(): void {
    if (!this.known) throw new Problem("unknown_organization", "there is no such organization");
    if (this.suspended) throw new Problem("organization_suspended", "this organization is suspended");
  }

  /** Takes the registry's settings, unless later ones are here. @returns the settings before */
  configure(revision: number, settings: OrganizationSettings): OrganizationSettings | undefined {
    if (this.#single) throw new Problem("not_found", "this deployment has one organization, and its settings are variables");
    const before = this.#settings;
    if (!this.#table.put(revision, settings)) return before;
    this.#settings = settings;
    return before;
  }
}
