// Invites a person, and gives them a team and assistants. These take effect when the person accepts.
import { useEffect, useMemo, useState } from "react";
import type { Command } from "wicketgate/authority";
import { execute, type Failure as Failed, failureOf } from "../../data/api";
import { useConsole } from "../../data/console-context";
import { useNames } from "../../data/names";
import { failureInWords } from "../../data/problems";
import { useAddresses } from "../../data/use-addresses";
import { useCommand, useDone } from "../../data/use-command";
import { DialogForm } from "../../ui/dialog";
import { Notice } from "../../ui/notice";
import { SelectField } from "../../ui/select-field";
import { TextField } from "../../ui/text-field";
import { rolesOn } from "../../why/words";
import { useExtendedFacts } from "../shared/extended-facts";
import { RoleChoice } from "../shared/role-choice";
import { rolesToGive } from "../shared/roles-to-give";
import { type Assignable, AssistantsField } from "./assistants-field";
import { noAddress } from "./parse-people";
import { removedCharacters } from "./removed-characters";

/** The commands after the invitation that failed. */
interface Outcome {
  user: string;
  failures: [what: string, failure: Failed][];
}

export function AddUser({ onClose }: { onClose: () => void }) {
  const context = useConsole();
  const { me, facts } = context;
  const extended = useExtendedFacts();
  const names = useNames();
  const sayDone = useDone();
  const command = useCommand();
  const [email, setEmail] = useState("");
  const [removed, setRemoved] = useState(0);
  const [role, setRole] = useState("user");
  const [team, setTeam] = useState("");
  const [teamRole, setTeamRole] = useState("viewer");
  const [assigned, setAssigned] = useState<string[]>([]);
  const [assistantRole, setAssistantRole] = useState("editor");
  const [giving, setGiving] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();

  // Plain ASCII contains nothing invisible: the authority checks it when the invitation is sent.
  const texts = useMemo(() => (/[^\x20-\x7e]/.test(email) ? [email] : []), [email]);
  const { read } = useAddresses(texts);
  const answer = read.get(email);
  useEffect(() => {
    if (answer?.address === undefined || answer.removed.length === 0) return;
    setEmail(answer.address);
    setRemoved(answer.removed.length);
  }, [answer]);
  const notes = [
    removed > 0 && `From the pasted text: ${removedCharacters(removed)}.`,
    answer?.address !== undefined && answer.address !== email && `It will be stored as ${answer.address}.`,
    "The invitation is sent to this address. It can be accepted once, within 7 days, by signing in with this address.",
  ];

  const teams = useMemo(() => me.list("team.manage_members"), [me]);
  const assignable = useMemo((): Assignable[] => {
    const homes = new Map(facts.projects?.map((project) => [project.id, project.team]));
    const shareable = new Set(me.list("assistant.share"));
    return (
      (facts.assistants ?? [])
        // A role takes effect on public assistants, and on the Only Team assistants of the person's team.
        .filter(
          ({ id, project, accessibility }) =>
            shareable.has(id) &&
            (accessibility === "public" || (accessibility === "only_team" && team !== "" && homes.get(project ?? "") === team)),
        )
        .map(({ id, project }) => ({ id, name: names.assistant(id), place: names.place(project) }))
    );
  }, [me, facts, names, team]);
  const wanted = assigned.filter((id) => assignable.some((one) => one.id === id));

  async function invite(): Promise<void> {
    const accepted = await command.send({ type: "invite_user", email, role });
    if (accepted?.result.user === undefined) return;
    setGiving(true);
    const { user } = accepted.result;
    const { failures, version = accepted.version } = await giveAll([
      ...(team === "" ? [] : [[names.team(team), { type: "add_member", team, user, role: teamRole }] as const]),
      ...wanted.map((assistant) => [names.assistant(assistant), { type: "grant", assistant, user, role: assistantRole }] as const),
    ]);
    const text =
      accepted.mail === "sent"
        ? `${email} is invited. The e-mail is on its way.`
        : `${email} is invited, but the e-mail could not be sent. Send it again.`;
    sayDone(version, text);
    if (failures.length === 0) onClose();
    else setOutcome({ user, failures });
    setGiving(false);
  }

  if (outcome) {
    return (
      <DialogForm title={`${email} is invited`} onClose={onClose}>
        <Notice kind="warn" title="Not every role was given">
          <ul className="plain">
            {outcome.failures.map(([what, failure]) => (
              <li key={what}>
                {what}: {failureInWords(failure)}
              </li>
            ))}
          </ul>
        </Notice>
      </DialogForm>
    );
  }

  return (
    <DialogForm
      title="Add user"
      submit="Invite"
      busy={command.busy || giving}
      failure={command.failure}
      onSubmit={() => void invite()}
      onClose={onClose}
    >
      <TextField
        label="E-mail address"
        inputMode="email"
        value={email}
        onChange={(typed) => {
          setEmail(typed);
          setRemoved(0);
        }}
        required
        autoFocus
        placeholder="name@acme.example"
        description={notes.filter(Boolean).join(" ")}
        error={answer?.fault === undefined ? undefined : noAddress(answer.fault)}
      />
      <RoleChoice roles={rolesToGive(context)} value={role} onChange={setRole} />
      {teams.length > 0 && (
        <div className="pair">
          <SelectField
            label="Team (optional)"
            value={team}
            onChange={setTeam}
            options={[{ value: "", label: "None" }, ...teams.map((id) => ({ value: id as string, label: names.team(id) }))]}
          />
          {team !== "" && (
            <SelectField
              label="Role in the team"
              value={teamRole}
              onChange={setTeamRole}
              options={rolesOn("team", extended.facts)}
            />
          )}
        </div>
      )}
      {assignable.length > 0 && (
        <>
          <AssistantsField label="Assistants to assign (optional)" assistants={assignable} value={wanted} onChange={setAssigned} />
          {wanted.length > 0 && (
            <SelectField
              label="Role on these assistants"
              value={assistantRole}
              onChange={setAssistantRole}
              options={rolesOn("assistant", extended.facts)}
            />
          )}
        </>
      )}
    </DialogForm>
  );
}

/** Sends the commands one after the other. A refusal does not stop the next one. */
async function giveAll(
  commands: (readonly [what: string, command: Command])[],
): Promise<{ failures: Outcome["failures"]; version: number | undefined }> {
  const failures: Outcome["failures"] = [];
  let version: number | undefined;
  for (const [what, command] of commands) {
    try {
      ({ version } = await execute(command));
    } catch (error) {
      failures.push([what, failureOf(error)]);
    }
  }
  return { failures, version };
}
