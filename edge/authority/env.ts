// What the Worker gets from the platform. The object takes `Settings` alone, so that it does not depend on the Worker.
import type { Organization } from "./object/organization";
import type { Settings } from "./settings";

export interface Env extends Settings {
  /** The object that is the authority; the Worker uses the one named by `ORGANIZATION`. */
  DIRECTORY: DurableObjectNamespace<Organization>;
}
