// What the Worker gets from the platform.
export type { Settings as Env } from "./settings";
