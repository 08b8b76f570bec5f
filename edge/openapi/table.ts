// The table of routes: every route of the authority's Worker. A test compares it with the router.
import type { Route } from "./route";
import { commands } from "./routes/commands";
import { operator } from "./routes/operator";
import { reading } from "./routes/reading";
import { gate, service } from "./routes/service";
import { signingIn } from "./routes/signing-in";

export const routes: Record<string, Route> = { ...commands, ...reading, ...signingIn, ...gate, ...operator, ...service };
