// The members of the team, with role and expiry.
import { useMemo, useState } from "react";
import type { Team } from "wicketgate";
import { useConsole } from "../../data/console-context";
import { useNames } from "../../data/names";
import { Notice } from "../../ui/notice";
import { ActionButton } from "../../why/action-button";
import { useWhyNot } from "../../why/use-why";
import { type HoldingRow, inTeam, membershipState } from "../shared/holdings";
import { HoldingsTable } from "../shared/holdings-table";
import { useExtendedFacts } from "../shared/extended-facts";
import { AddMember } from "./add-member";
import { ChangeMember } from "./change-member";
import { RemoveMember } from "./remove-member";

export function MembersTab({ team }: { team: Team }) {
  const { facts } = useConsole();
  const names = useNames();
  const extended = useExtendedFacts();
  const [dialog, setDialog] = useState<{ kind: "add" } | { kind: "change" | "remove"; row: HoldingRow }>();
  const whyNot = useWhyNot("team.manage_members", team.id);
  const closeDialog = () => setDialog(undefined);
  const rows = useMemo(
    () =>
      (team.members ?? []).map(
        (member): HoldingRow => ({
          ...member,
          key: `${member.user} ${member.role}`,
          name: names.person(member.user),
          state: membershipState(member, facts),
        }),
      ),
    [team, facts, names],
  );
  const creator = extended.facts.teams?.find(({ id }) => id === team.id)?.creator;

  return (
    <section className="card">
      <div className="card-head">
        <div>
          <h2>Members</h2>
          {creator !== undefined && (
            <p className="soft">
              Created by {names.person(creator)}
              {actsAsOwner(creator, team, extended.facts) && ", who therefore acts as an owner"}. Global admins act as owners of
              every team.
            </p>
          )}
        </div>
        <ActionButton do="team.manage_members" on={team.id} variant="primary" onClick={() => setDialog({ kind: "add" })}>
          Add member
        </ActionButton>
      </div>
      {whyNot !== undefined && (
        <Notice>
          <p>You see only your own membership. People who manage the members see all of them.</p>
        </Notice>
      )}
      <HoldingsTable
        caption="Members"
        rows={rows}
        whyNot={whyNot}
        onChange={(row) => setDialog({ kind: "change", row })}
        removeLabel={() => "Remove from the team"}
        onRemove={(row) => setDialog({ kind: "remove", row })}
        empty={whyNot === undefined ? "Nobody has been added yet." : "You have not been added."}
      />
      {dialog?.kind === "add" && <AddMember team={team} onClose={closeDialog} />}
      {dialog?.kind === "change" && <ChangeMember team={team.id} member={dialog.row} onClose={closeDialog} />}
      {dialog?.kind === "remove" && <RemoveMember team={team.id} member={dialog.row} onClose={closeDialog} />}
    </section>
  );
}

/** Whether the creator acts as an owner even without a membership. */
function actsAsOwner(creator: string, team: Team, facts: Parameters<typeof inTeam>[2]): boolean {
  return inTeam(creator, { id: team.id, creator }, facts);
}
