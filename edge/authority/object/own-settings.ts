// The settings of this object's organization: the deployment's variables, or what the registry configured.
import { type OrganizationSettings, singleOrganization } from "../organization-settings";
import type { Settings } from "../settings";
import { mustExist } from "./refusals";
import type { SettingsTable } from "./tables/settings-table";

export class OwnSettings {
  readonly #settings: OrganizationSettings | undefined;

  constructor(env: Settings, table: SettingsTable) {
    this.#settings = singleOrganization(env) ?? table.get();
  }

  /** @throws Error if the organization was never configured */
  get current(): OrganizationSettings {
    return this.#settings ?? mustExist();
  }
}
