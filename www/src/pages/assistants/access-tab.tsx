// Who the assistant is open to, and who has a role on it.
import { useMemo, useState } from "react";
import type { Assistant } from "wicketgate";
import { useConsole } from "../../data/console-context";
import { useNames } from "../../data/names";
import { Failure } from "../../ui/failure";
import { Loading } from "../../ui/loading";
import { Notice } from "../../ui/notice";
import { ActionButton } from "../../why/action-button";
import { useWhyNot } from "../../why/use-why";
import { ACCESSIBILITY, roleName } from "../../why/words";
import { grantState, type HoldingRow, teamOf } from "../shared/holdings";
import { HoldingsTable } from "../shared/holdings-table";
import { useExtendedFacts } from "../shared/extended-facts";
import { whatItMeans } from "./accessibility-choice";
import { ChangeAccessibility } from "./change-accessibility";
import { ChangeGrant } from "./change-grant";
import { GiveRole } from "./give-role";
import { RemoveRole } from "./remove-role";

type OpenDialog = { kind: "accessibility" | "give" } | { kind: "change" | "remove"; row: HoldingRow };

export function AccessTab({ assistant }: { assistant: Assistant }) {
  const { me, facts, everything } = useConsole();
  const names = useNames();
  const extended = useExtendedFacts();
  const [dialog, setDialog] = useState<OpenDialog>();
  const whyNot = useWhyNot("assistant.share", assistant.id);
  const closeDialog = () => setDialog(undefined);
  const team = teamOf(assistant, facts);
  const seesMembers = everything || (team !== undefined && me.can("team.manage_members", team.id));
  const rows = useMemo(() => {
    const { grants = [] } = extended.facts.assistants?.find(({ id }) => id === assistant.id) ?? assistant;
    return grants.map(
      (grant): HoldingRow => ({
        ...grant,
        key: `${grant.user} ${grant.role}`,
        name: names.person(grant.user),
        state: grantState(grant, assistant, extended.facts, seesMembers),
      }),
    );
  }, [extended.facts, assistant, names, seesMembers]);

  return (
    <>
      <section className="card">
        <div className="card-head">
          <div>
            <h2>Open to: {ACCESSIBILITY[assistant.accessibility]}</h2>
            <p className="soft">{whatItMeans(assistant.accessibility, team && names.team(team.id))}</p>
          </div>
          <ActionButton do="assistant.share" on={assistant.id} onClick={() => setDialog({ kind: "accessibility" })}>
            Change
          </ActionButton>
        </div>
      </section>
      <section className="card">
        <div className="card-head">
          <div>
            <h2>People with a role on it</h2>
            <p className="soft">
              In addition to the access that their team gives them. A role that is not in effect now takes effect again when more
              people may open the assistant.
            </p>
          </div>
          <div className="actions">
            <ActionButton
              do="assistant.share"
              on={assistant.id}
              variant="primary"
              whyNot={
                assistant.accessibility === "only_me"
                  ? "It is open to its owner only, so a role would not be in effect. Open it to more people first."
                  : undefined
              }
              onClick={() => setDialog({ kind: "give" })}
            >
              Add person
            </ActionButton>
          </div>
        </div>
        <Failure failure={extended.failure} title="Other people’s roles are missing" onRetry={extended.retry} />
        {whyNot !== undefined && (
          <Notice>
            <p>You see only your own roles. People who may share the assistant see all of them.</p>
          </Notice>
        )}
        {extended.loading ? (
          <Loading what="Loading people’s roles" />
        ) : (
          <HoldingsTable
            caption="People with a role on it"
            rows={rows}
            whyNot={whyNot}
            onChange={(row) => setDialog({ kind: "change", row })}
            removeLabel={({ role }) => `Remove ${roleName(role)}`}
            onRemove={(row) => setDialog({ kind: "remove", row })}
            empty={whyNot === undefined ? "Nobody has a role on it." : "You have no role on it."}
          />
        )}
      </section>
      {dialog?.kind === "accessibility" && <ChangeAccessibility assistant={assistant} onClose={closeDialog} />}
      {dialog?.kind === "give" && <GiveRole assistant={assistant} onClose={closeDialog} />}
      {dialog?.kind === "change" && <ChangeGrant assistant={assistant} grant={dialog.row} onClose={closeDialog} />}
      {dialog?.kind === "remove" && <RemoveRole assistant={assistant} grant={dialog.row} onClose={closeDialog} />}
    </>
  );
}
