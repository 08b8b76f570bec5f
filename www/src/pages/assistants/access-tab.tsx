// Whom it is open to, and who has a role of their own on it.
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

type Open = { dialog: "accessibility" | "give" } | { dialog: "change" | "take"; row: HoldingRow };

export function AccessTab({ assistant }: { assistant: Assistant }) {
  const { me, facts, everything } = useConsole();
  const names = useNames();
  const extended = useExtendedFacts();
  const [open, setOpen] = useState<Open>();
  const whyNot = useWhyNot("assistant.share", assistant.id);
  const close = () => setOpen(undefined);
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
          <ActionButton do="assistant.share" on={assistant.id} onClick={() => setOpen({ dialog: "accessibility" })}>
            Change
          </ActionButton>
        </div>
      </section>
      <section className="card">
        <div className="card-head">
          <div>
            <h2>People with a role on it</h2>
            <p className="soft">
              Besides what their team gives them. A role that sleeps counts again when the assistant is open enough.
            </p>
          </div>
          <div className="actions">
            <ActionButton
              do="assistant.share"
              on={assistant.id}
              variant="primary"
              whyNot={
                assistant.accessibility === "only_me"
                  ? "It is open to its owner alone, and a role would not count. Open it first."
                  : undefined
              }
              onClick={() => setOpen({ dialog: "give" })}
            >
              Add person
            </ActionButton>
          </div>
        </div>
        <Failure failure={extended.failure} title="Other people’s roles are missing" onRetry={extended.retry} />
        {whyNot !== undefined && (
          <Notice>
            <p>You see your own roles here. Those of other people are shown to whoever may share it.</p>
          </Notice>
        )}
        {extended.loading ? (
          <Loading what="Asking for people’s roles" />
        ) : (
          <HoldingsTable
            caption="People with a role on it"
            rows={rows}
            whyNot={whyNot}
            onChange={(row) => setOpen({ dialog: "change", row })}
            takeAway={({ role }) => `Take ${roleName(role)} away`}
            onTakeAway={(row) => setOpen({ dialog: "take", row })}
            empty={whyNot === undefined ? "Nobody has a role of their own on it." : "You have no role of your own on it."}
          />
        )}
      </section>
      {open?.dialog === "accessibility" && <ChangeAccessibility assistant={assistant} onClose={close} />}
      {open?.dialog === "give" && <GiveRole assistant={assistant} onClose={close} />}
      {open?.dialog === "change" && <ChangeGrant assistant={assistant} grant={open.row} onClose={close} />}
      {open?.dialog === "take" && <RemoveRole assistant={assistant} grant={open.row} onClose={close} />}
    </>
  );
}
