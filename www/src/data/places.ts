// Every page of the console: its address, its title, its heading in the navigation, and what a person needs to open it.
// `shell/page-components.ts` has the component of each.
import type { CapabilityOf } from "wicketgate";
import type { ConsoleContext } from "./console-context";

export const GROUPS = ["Work", "Settings", "Access", "Tools"] as const;

/** A capability on the organization; or "everything", which only the role global admin grants. */
export type Requirement = CapabilityOf<"organization"> | "everything";

interface PlaceEntry {
  /** A route of wouter; the page reads the parameters with `useParams`. */
  path: string;
  title: string;
  /** Heading in the navigation. Absent: the page is not in the navigation. */
  group?: (typeof GROUPS)[number];
  /** Absent: everybody who is signed in may open it. */
  needs?: Requirement;
  /** Also for people who are not signed in. Such a page must not call `useConsole`. */
  anonymous?: true;
}

const TABLE = [
  { path: "/assistants", title: "Assistants", group: "Work" },
  { path: "/assistants/:id/:tab?", title: "Assistant" },
  { path: "/teams", title: "Teams", group: "Work" },
  { path: "/teams/:id/:tab?", title: "Team" },
  { path: "/settings/team/:tab?", title: "Team", group: "Settings", needs: "panel.user_settings" },
  { path: "/settings/roles/:tab?", title: "Roles and plan", group: "Settings" },
  { path: "/settings/webhooks/:id?", title: "Webhooks", group: "Settings", needs: "integrations.manage" },
  { path: "/settings/api-keys", title: "API keys", group: "Settings", needs: "panel.api_keys" },
  { path: "/access/matrix", title: "Access matrix", group: "Access", needs: "everything" },
  { path: "/access/view-as/:user?", title: "View as", group: "Access", needs: "everything" },
  { path: "/access/review/:tab?", title: "Access review", group: "Access", needs: "everything" },
  { path: "/access/audit", title: "Audit log", group: "Access", needs: "audit.view" },
  { path: "/me", title: "Your access" },
  { path: "/inspector", title: "Snapshot inspector", group: "Tools", anonymous: true },
] as const satisfies readonly PlaceEntry[];

export type PagePath = (typeof TABLE)[number]["path"];

export type Place = PlaceEntry & { path: PagePath };

export const PLACES: readonly Place[] = TABLE;

/** The address in the navigation: the path without its optional parameters. */
export function addressOf({ path }: Place): string {
  return path.replace(/\/:.*$/, "");
}

export function mayOpen({ needs }: Place, { me, everything }: Pick<ConsoleContext, "me" | "everything">): boolean {
  return needs === undefined || (needs === "everything" ? everything : me.can(needs));
}
