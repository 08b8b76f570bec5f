// The component of each page, loaded when the page is opened first.
import { type ComponentType, lazy, type LazyExoticComponent } from "react";
import type { PagePath } from "../data/places";

export const PAGE_COMPONENTS: Record<PagePath, LazyExoticComponent<ComponentType>> = {
  "/assistants": lazy(() => import("../pages/assistants")),
  "/assistants/:id/:tab?": lazy(() => import("../pages/assistants/assistant")),
  "/teams": lazy(() => import("../pages/teams")),
  "/teams/:id/:tab?": lazy(() => import("../pages/teams/team")),
  "/settings/team/:tab?": lazy(() => import("../pages/people")),
  "/settings/roles/:tab?": lazy(() => import("../pages/roles")),
  "/settings/webhooks/:id?": lazy(() => import("../pages/webhooks")),
  "/settings/api-keys": lazy(() => import("../pages/api-keys")),
  "/access/matrix": lazy(() => import("../pages/matrix")),
  "/access/view-as/:user?": lazy(() => import("../pages/view-as")),
  "/access/review/:tab?": lazy(() => import("../pages/review")),
  "/access/audit": lazy(() => import("../pages/audit")),
  "/me": lazy(() => import("../pages/me")),
  "/inspector": lazy(() => import("../pages/inspector")),
};
