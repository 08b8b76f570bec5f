// Invites a pasted list of people, one after the other, and says of each line what became of it.
import { useMemo, useRef, useState } from "react";
import { execute, failureOf } from "../../data/api";
import { useConsole } from "../../data/console";
import { useDirectory } from "../../data/names";
import { failureInWords } from "../../data/problems";
import { useDone } from "../../data/use-command";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { CsvButton } from "../../ui/csv-button";
import { DialogForm } from "../../ui/dialog";
import { SelectField } from "../../ui/select-field";
import { TextField } from "../../ui/text-field";
import { roleName } from "../../why/words";
import { type Line, MOST_LINES, parsePeople } from "./parse-people";
import { rolesToInvite } from "./why-not";

type Result = { done: "sent" | "failed"; version: number } | { refused: string } | undefined;

export function InviteMany({ onClose }: { onClose: () => void }) {
  const console = useConsole();
  const { value: directory } = useDirectory();
  const sayDone = useDone();
  const [text, setText] = useState("");
  const [role, setRole] = useState("user");
  const [sent, setSent] = useState<{ line: Line; result: Result }[]>();
  const [busy, setBusy] = useState(false);
  const stopped = useRef(false);

  const roles = rolesToInvite(console);
  const taken = useMemo(() => new Set(directory?.organization.users?.flatMap(({ email }) => email ?? [])), [directory]);
  const lines = parsePeople({ text, role, roles, facts: console.facts, taken });
  const good = lines.filter(({ fault }) => fault === undefined);

  async function invite(): Promise<void> {
    setBusy(true);
    stopped.current = false;
    const results: { line: Line; result: Result }[] = lines.map((line) => ({ line, result: line.fault === undefined ? undefined : { refused: line.fault } }));
    setSent(results);
    for (const [index, { line, result }] of results.entries()) {
      if (result !== undefined || stopped.current) continue;
      results[index] = { line, result: await inviteOne(line, () => (stopped.current = true)) };
      setSent([...results]);
    }
    const versions = results.flatMap(({ result }) => (result && "done" in result ? result.version : []));
    sayDone(versions.at(-1) ?? 0, `${versions.length} of ${results.length} invited.`);
    setBusy(false);
  }

  if (sent) {
    const waiting = sent.filter(({ result }) => result === undefined).length;
    return (
      <DialogForm wide title={busy ? `Inviting: ${waiting} to go` : "Invited"} busy={busy} onClose={onClose}>
        <Lines rows={sent.map(({ line, result }) => [line, inWords(result, busy)])} />
        <div className="actions">
          {busy
            ? <Button onClick={() => { stopped.current = true; }}>Stop</Button>
            : <CsvButton name="invitations" label="Save the results" header={["address", "role", "result"]} rows={() => sent.map(({ line, result }) => [line.email, line.role, inWords(result, false)[1]])} />}
        </div>
      </DialogForm>
    );
  }

  return (
    <DialogForm
      wide
      title="Add several people"
      submit={good.length === 0 ? "Invite" : `Invite ${good.length}`}
      whyNot={good.length === 0 ? "Paste at least one address that can be invited." : undefined}
      onSubmit={() => void invite()}
      onClose={onClose}
    >
      <TextField
        label="People, one to a line"
        rows={6}
        value={text}
        onChange={setText}
        autoFocus
        placeholder={"nina@acme.example\nOtto <otto@acme.example>\npia@acme.example, application admin"}
        description={`An address, and after a comma a role if it is another one. At most ${MOST_LINES} lines at once.`}
      />
      <SelectField label="Role, where a line names none" value={role} onChange={setRole} options={roles.map((id) => ({ value: id, label: roleName(id) }))} />
      {lines.length > 0 && <Lines rows={lines.map((line) => [line, line.fault === undefined ? ["info", "Ready"] : ["bad", line.fault]])} />}
    </DialogForm>
  );
}

type Words = [tone: "good" | "info" | "warn" | "bad" | "plain", text: string];

function Lines({ rows }: { rows: [Line, Words][] }) {
  return (
    <ol className="lines" aria-label="What becomes of each line">
      {rows.map(([line, [tone, text]], index) => (
        <li key={index}>
          <span>{line.email || line.text} <span className="soft">{roleName(line.role)}</span></span>
          {tone === "bad" ? <span className="problem">{text}</span> : <Badge tone={tone}>{text}</Badge>}
        </li>
      ))}
    </ol>
  );
}

async function inviteOne({ email, role }: Line, stop: () => void): Promise<Result> {
  try {
    const { mail, version } = await execute({ type: "invite_user", email, role });
    return { done: mail === "sent" ? "sent" : "failed", version };
  } catch (error) {
    const failure = failureOf(error);
    // Then none of the others arrives either.
    if (failure.kind === "network") stop();
    return { refused: failureInWords(failure) };
  }
}

function inWords(result: Result, busy: boolean): Words {
  if (result === undefined) return busy ? ["plain", "Waiting"] : ["warn", "Not sent"];
  if ("refused" in result) return ["bad", result.refused];
  return result.done === "sent" ? ["good", "Invited"] : ["warn", "Invited, but the mail could not be sent"];
}
