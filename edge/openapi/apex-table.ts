// The table of routes at the apex of a deployment for many organizations. Tests compare it with the router. What is the same at the hosts of
// organizations stands in their table.
import type { Route } from "./route";
import { organizations } from "./routes/organizations";
import { service } from "./routes/service";
import { visits } from "./routes/visits";

export const routes: Record<string, Route> = {
  ...organizations,
  ...visits,
  "GET /v1/openapi.json": service["GET /v1/openapi.json"],
  "GET /healthz": service["GET /healthz"],
};
