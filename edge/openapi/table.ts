// The table of routes at the hosts of organizations: every route of the authority's Worker, and those of the gate's for programs. Tests compare it with
// the routers.
import type { Route } from "./route";
import { commands } from "./routes/commands";
import { events } from "./routes/events";
import { operator } from "./routes/operator";
import { reading } from "./routes/reading";
import { gate, service } from "./routes/service";
import { signingIn } from "./routes/signing-in";
import { visitors } from "./routes/visitors";

export const routes: Record<string, Route> = {
  ...commands,
  ...reading,
  ...events,
  ...signingIn,
  ...gate,
  ...visitors,
  ...operator,
  ...service,
};
