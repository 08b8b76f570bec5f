// Roles and plan: what each role grants, the role sets that ship, and what the plan withholds from everybody.
import { type ReactNode, useMemo, useState } from "react";
import { useLocation, useParams } from "wouter";
import type { Organization } from "wicketgate";
import { useConsole } from "../../data/console-context";
import { useOverview } from "../../data/use-overview";
import { Failure } from "../../ui/failure";
import { Loading } from "../../ui/loading";
import { Page } from "../../ui/page";
import { Tabs } from "../../ui/tabs";
import { ActionButton } from "../../why/action-button";
import { useExtendedFacts } from "../shared/extended-facts";
import { DeleteRole } from "./delete-role";
import { HeldBy } from "./held-by";
import { PlanPanel } from "./plan-panel";
import { RoleForm } from "./role-form";
import { RoleGrid } from "./role-grid";
import { RoleSets } from "./role-sets-panel";
import { holdersOf, type RoleColumn, rolesOf } from "./roles";
import "./roles.css";

export default function Roles() {
  return useConsole().everything ? <AllRoles /> : <PartialRoles />;
}

/** For readers who do not hold everything: the roles that they may know. */
function PartialRoles() {
  const { facts, failure, retry } = useExtendedFacts();
  return <RolesView facts={facts} partly failure={<Failure failure={failure} title="Some roles are missing" onRetry={retry} />} />;
}

/** A global admin's own snapshot contains only the roles that somebody holds; the overview contains all of them. */
function AllRoles() {
  const { overview, failure, retry } = useOverview();
  if (overview)
    return (
      <RolesView facts={overview.facts} failure={<Failure failure={failure} title="This may be out of date" onRetry={retry} />} />
    );
  return (
    <Page title="Roles and plan">
      {failure ? (
        <Failure failure={failure} title="Nothing can be shown yet" onRetry={retry} />
      ) : (
        <Loading what="Loading the roles" />
      )}
    </Page>
  );
}

type OpenDialog = { kind: "define" } | { kind: "edit" | "delete" | "holders"; role: RoleColumn };

function RolesView({ facts, partly = false, failure }: { facts: Organization; partly?: boolean; failure?: ReactNode }) {
  const { me } = useConsole();
  const { tab } = useParams();
  const [, navigate] = useLocation();
  const [dialog, setDialog] = useState<OpenDialog>();
  const roles = useMemo(() => rolesOf(facts), [facts]);
  const holders = useMemo(() => holdersOf(facts), [facts]);
  const closeDialog = () => setDialog(undefined);
  const shared = { facts, roles, holders };

  return (
    <Page
      title="Roles and plan"
      description="What each role grants, and what the plan does not include."
      actions={
        <ActionButton do="role.define" variant="primary" onClick={() => setDialog({ kind: "define" })}>
          New role
        </ActionButton>
      }
    >
      {failure}
      <Tabs
        label="Roles and plan"
        selected={tab === "sets" || tab === "plan" ? tab : "roles"}
        onSelect={(id) => navigate(id === "roles" ? "/settings/roles" : `/settings/roles/${id}`)}
        tabs={[
          {
            id: "roles",
            label: "Roles",
            content: () => (
              <>
                {partly && !me.can("role.define") && (
                  <p className="soft">You see the built-in roles, and the custom roles that concern you.</p>
                )}
                <RoleGrid
                  {...shared}
                  partly={partly}
                  onHolders={(role) => setDialog({ kind: "holders", role })}
                  onEdit={(role) => setDialog({ kind: "edit", role })}
                  onDelete={(role) => setDialog({ kind: "delete", role })}
                />
              </>
            ),
          },
          { id: "sets", label: "Role sets", content: () => <RoleSets facts={facts} /> },
          { id: "plan", label: "Plan", content: () => <PlanPanel facts={facts} /> },
        ]}
      />
      {dialog?.kind === "define" && <RoleForm {...shared} onClose={closeDialog} />}
      {dialog?.kind === "edit" && <RoleForm {...shared} role={dialog.role} onClose={closeDialog} />}
      {dialog?.kind === "delete" && (
        <DeleteRole role={dialog.role} holders={holders.get(dialog.role.id) ?? []} onClose={closeDialog} />
      )}
      {dialog?.kind === "holders" && (
        <HeldBy role={dialog.role} holders={holders.get(dialog.role.id) ?? []} facts={facts} onClose={closeDialog} />
      )}
    </Page>
  );
}
