// What the Worker gets from the platform. The objects take `Settings` alone, so that they do not depend on the Worker and on each other.
import type { Organization } from "./object/organization";
import type { Registry } from "./registry/registry";
import type { Settings } from "./settings";

export interface Env extends Settings {
  /** The objects of the organizations, each named by the id of its organization. */
  DIRECTORY: DurableObjectNamespace<Organization>;
  /** The one object that knows all organizations. A deployment for a single organization does not ask it. */
  REGISTRY: DurableObjectNamespace<Registry>;
}

/** The one object that knows all organizations. */
export function theRegistry({ REGISTRY }: Env): DurableObjectStub<Registry> {
  return REGISTRY.get(REGISTRY.idFromName("registry"));
}
