// What the Worker gets from the platform. The object takes `Settings` alone, so that it does not depend on the Worker.
import type { Organization } from "./object/organization";
import type { Settings } from "./settings";

export interface Env extends Settings {
  /** The objects that are the authorities, each named by the id of its organization. */
  DIRECTORY: DurableObjectNamespace<Organization>;
}
