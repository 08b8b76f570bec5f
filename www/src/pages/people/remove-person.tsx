// Confirms that a person is removed: what they lose, and who will own their assistants.
import { useMemo, useState } from "react";
import type { Organization } from "wicketgate";
import type { Failure } from "../../data/api";
import { useConsole } from "../../data/console-context";
import { useNames } from "../../data/names";
import { useOverview } from "../../data/use-overview";
import { useCommand } from "../../data/use-command";
import { ConfirmDialog } from "../../ui/dialog";
import { PersonPicker } from "../../ui/person-picker";
import { SelectField } from "../../ui/select-field";
import { quantity } from "../../lib/sentences";
import { EndedInvitations } from "../shared/access-changes";
import type { PersonRow } from "./rows";

interface Props {
  row: PersonRow;
  onClose: () => void;
}

export function RemovePerson(props: Props) {
  return useConsole().everything ? <WithOverview {...props} /> : <Removal {...props} allFacts={undefined} loading={false} />;
}

/** Readers who hold everything see beforehand what the person has. */
function WithOverview(props: Props) {
  const { overview, pending } = useOverview();
  return <Removal {...props} allFacts={overview?.facts} loading={pending} />;
}

function Removal({ row: { id }, onClose, allFacts, loading }: Props & { allFacts: Organization | undefined; loading: boolean }) {
  const { facts } = useConsole();
  const names = useNames();
  const name = names.person(id);
  const command = useCommand();
  const [successor, setSuccessor] = useState<string>();
  const [successors, setSuccessors] = useState<ReadonlyMap<string, string>>(new Map());
  const [perAssistant, setPerAssistant] = useState(false);

  const lost = useMemo(() => lossesOf(id, allFacts ?? facts), [id, allFacts, facts]);
  // Without the overview, only the authority's refusal names the assistants.
  const owned = lost.owned.length > 0 ? lost.owned : ownedOf(command.failure);
  const others = (facts.users ?? []).filter((user) => user.id !== id && (user.status ?? "active") === "active");
  const complete = perAssistant ? owned.every((assistant) => successors.get(assistant) ?? successor) : successor !== undefined;
  const removal = {
    type: "remove_user",
    user: id,
    ...(successor !== undefined && { successor }),
    ...(perAssistant && { successors: Object.fromEntries(successors) }),
  } as const;
  const explained = command.failure && ownedOf(command.failure).length > 0 ? undefined : command.failure;

  async function remove(): Promise<void> {
    const accepted = await command.send(removal, () =>
      owned.length === 0
        ? `${name} is removed.`
        : perAssistant
          ? `${name} is removed. Their assistants have new owners.`
          : `${name} is removed. ${names.person(successor!)} owns their assistants now.`,
    );
    if (accepted) onClose();
  }

  return (
    <ConfirmDialog
      title={`Remove ${name}?`}
      submit={`Remove ${name}`}
      cancel="Keep"
      busy={command.busy}
      failure={explained}
      whyNot={
        loading ? "Loading their roles…" : owned.length > 0 && !complete ? "Choose a new owner for their assistants." : undefined
      }
      onSubmit={() => void remove()}
      onClose={onClose}
    >
      <p>
        They lose all access immediately, wherever they are signed in. To come back they need a new invitation, and they will not
        get back:
      </p>
      <ul className="plain">
        <li>
          {quantity(lost.memberships, "membership of a team", "memberships of teams")}
          {lost.memberships > 0 && `: ${lost.teams.map(names.team).join(", ")}`}
        </li>
        <li>{quantity(lost.grants, "assistant they were assigned to", "assistants they were assigned to")}</li>
        {allFacts === undefined && <li>other roles that you can’t see</li>}
      </ul>
      <p>Everything they created stays, and the audit log keeps what they did.</p>
      <EndedInvitations command={owned.length > 0 && !complete ? undefined : removal} />
      {owned.length > 0 && (
        <>
          <p>They own {owned.length === 1 ? "an assistant, which needs" : `${owned.length} assistants, which need`} a new owner:</p>
          {!perAssistant && (
            <ul className="plain owned">
              {owned.map((assistant) => (
                <li key={assistant}>{names.assistant(assistant)}</li>
              ))}
            </ul>
          )}
          <PersonPicker
            label={perAssistant ? "New owner, unless you choose another below" : "New owner"}
            people={others}
            value={successor}
            onChange={setSuccessor}
          />
          {owned.length > 1 && (
            <label className="check">
              <input type="checkbox" checked={perAssistant} onChange={() => setPerAssistant(!perAssistant)} />
              Choose for each assistant
            </label>
          )}
          {perAssistant &&
            owned.map((assistant) => (
              <SelectField
                key={assistant}
                label={names.assistant(assistant)}
                value={successors.get(assistant) ?? ""}
                onChange={(user) =>
                  setSuccessors(
                    (successors) =>
                      new Map(
                        [...successors].filter(([other]) => other !== assistant).concat(user === "" ? [] : [[assistant, user]]),
                      ),
                  )
                }
                options={[
                  { value: "", label: "The person above" },
                  ...others.map((user) => ({ value: user.id, label: names.person(user.id) })),
                ]}
              />
            ))}
        </>
      )}
    </ConfirmDialog>
  );
}

function ownedOf(failure: Failure | undefined): string[] {
  return failure?.kind === "refused" && failure.problem.code === "owns_assistants" ? (failure.problem.ids ?? []) : [];
}

function lossesOf(user: string, { teams = [], assistants = [] }: Organization) {
  const teamIds = teams.filter(({ members = [] }) => members.some((member) => member.user === user)).map(({ id }) => id);
  return {
    teams: teamIds,
    memberships: teamIds.length,
    grants: assistants.filter(({ grants = [] }) => grants.some((grant) => grant.user === user)).length,
    owned: assistants.filter(({ owner }) => owner === user).map(({ id }) => id),
  };
}
