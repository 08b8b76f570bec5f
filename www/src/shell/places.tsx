// Every page: its address, what it needs to be opened, and where it stands in the navigation. Pages load when they are opened.
import { type ComponentType, lazy, type LazyExoticComponent } from "react";
import type { CapabilityOf } from "wicketgate";
import type { Console } from "../data/console";

/** A capability of the organization, or everything: an own role that grants all there is. */
export type Needs = CapabilityOf<"organization"> | "everything";

export interface Place {
  /** As wouter takes it; the page reads its parts with `useParams`. */
  path: string;
  title: string;
  /** Under which heading it is in the navigation. Without one, it is not. */
  group?: (typeof GROUPS)[number];
  /** Nothing: it is open to everybody signed in. */
  needs?: Needs;
  /** Open to those who are not signed in, too. It can use neither `useConsole` nor what hangs on it. */
  open?: boolean;
  page: LazyExoticComponent<ComponentType>;
}

export const GROUPS = ["Work", "Settings", "Access", "Tools"] as const;

export const PLACES: Place[] = [
  { path: "/assistants", title: "Assistants", group: "Work", page: lazy(() => import("../pages/assistants")) },
  { path: "/assistants/:id/:tab?", title: "Assistant", page: lazy(() => import("../pages/assistants/assistant")) },
  { path: "/teams", title: "Teams", group: "Work", page: lazy(() => import("../pages/teams")) },
  { path: "/teams/:id/:tab?", title: "Team", page: lazy(() => import("../pages/teams/team")) },
  {
    path: "/settings/team/:tab?",
    title: "Team",
    group: "Settings",
    needs: "panel.user_settings",
    page: lazy(() => import("../pages/people")),
  },
  { path: "/settings/roles/:tab?", title: "Roles and plan", group: "Settings", page: lazy(() => import("../pages/roles")) },
  {
    path: "/access/matrix",
    title: "Access matrix",
    group: "Access",
    needs: "everything",
    page: lazy(() => import("../pages/matrix")),
  },
  {
    path: "/access/view-as/:user?",
    title: "View as",
    group: "Access",
    needs: "everything",
    page: lazy(() => import("../pages/view-as")),
  },
  {
    path: "/access/review/:tab?",
    title: "Access review",
    group: "Access",
    needs: "everything",
    page: lazy(() => import("../pages/review")),
  },
  { path: "/access/audit", title: "Audit log", group: "Access", needs: "audit.view", page: lazy(() => import("../pages/audit")) },
  { path: "/me", title: "Your access", page: lazy(() => import("../pages/me")) },
  { path: "/inspector", title: "Snapshot inspector", group: "Tools", open: true, page: lazy(() => import("../pages/inspector")) },
];

/** The address that the navigation leads to: without what may be left out. */
export function addressOf({ path }: Place): string {
  return path.replace(/\/:.*$/, "");
}

export function mayOpen({ needs }: Place, { me, everything }: Pick<Console, "me" | "everything">): boolean {
  return needs === undefined || (needs === "everything" ? everything : me.can(needs));
}
