// Invites the people of a pasted list one after the other, and shows the result of each line.
import { useMemo, useRef, useState } from "react";
import { execute, failureOf } from "../../data/api";
import { useConsole } from "../../data/console-context";
import { useDirectory } from "../../data/names";
import { failureInWords } from "../../data/problems";
import { useAddresses } from "../../data/use-addresses";
import { useDone } from "../../data/use-command";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { CsvButton } from "../../ui/csv-button";
import { DialogForm } from "../../ui/dialog";
import { Failure } from "../../ui/failure";
import { SelectField } from "../../ui/select-field";
import { TextField } from "../../ui/text-field";
import { roleName } from "../../why/words";
import { rolesToGive } from "../shared/roles-to-give";
import { addressesOf, type Line, parsePeople } from "./parse-people";
import { removedCharacters } from "./removed-characters";

type Result = { done: "sent" | "failed"; version: number } | { refused: string } | undefined;

export function InviteMany({ onClose }: { onClose: () => void }) {
  const context = useConsole();
  const { value: directory } = useDirectory();
  const sayDone = useDone();
  const [text, setText] = useState("");
  const [role, setRole] = useState("user");
  const [sent, setSent] = useState<{ line: Line; result: Result }[]>();
  const [busy, setBusy] = useState(false);
  const stopped = useRef(false);

  const roles = useMemo(() => rolesToGive(context), [context]);
  const taken = useMemo(() => new Set(directory?.organization.users?.flatMap(({ email }) => email ?? [])), [directory]);
  const { read, failure } = useAddresses(useMemo(() => addressesOf(text), [text]));
  const { lines, headings } = useMemo(
    () => parsePeople({ text, role, roles, facts: context.facts, taken, read }),
    [text, role, roles, context.facts, taken, read],
  );
  const good = lines.filter(({ fault, pending }) => fault === undefined && !pending);
  const pending = lines.some((line) => line.pending);

  async function invite(): Promise<void> {
    setBusy(true);
    stopped.current = false;
    const results: { line: Line; result: Result }[] = lines.map((line) => ({
      line,
      result: line.fault === undefined ? undefined : { refused: line.fault },
    }));
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
          {busy ? (
            <Button
              onClick={() => {
                stopped.current = true;
              }}
            >
              Stop
            </Button>
          ) : (
            <CsvButton
              name="invitations"
              label="Save the results"
              header={["address", "role", "result"]}
              rows={() => sent.map(({ line, result }) => [line.email, line.role, inWords(result, false)[1]])}
            />
          )}
        </div>
      </DialogForm>
    );
  }

  return (
    <DialogForm
      wide
      title="Add several people"
      submit={good.length === 0 ? "Invite" : `Invite ${good.length}`}
      whyNot={
        pending && failure === undefined
          ? "The addresses are being checked."
          : good.length === 0
            ? "Paste at least one address that can be invited."
            : undefined
      }
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
        description="An address, or an address, a comma and a role. Lists from mail programs and tables from spreadsheets work too."
      />
      <SelectField
        label="Role, if a line names none"
        value={role}
        onChange={setRole}
        options={roles.map((id) => ({ value: id, label: roleName(id) }))}
      />
      {lines.length > 0 && <p role="status">{countsOf(lines)}</p>}
      {headings.length > 0 && <p className="soft">Column headings: {headings.join("; ")}</p>}
      <Failure failure={pending ? failure : undefined} />
      {lines.length > 0 && <Lines rows={lines.map((line) => [line, stateOf(line)])} />}
    </DialogForm>
  );
}

/** The number of lines found, by kind. */
function countsOf(lines: readonly Line[]): string {
  const repeated = lines.filter((line) => line.repeated).length;
  const refused = lines.filter(({ fault, repeated }) => fault !== undefined && !repeated).length;
  return `${lines.length} found: ${lines.length - repeated - refused} to invite, ${repeated} repeated, ${refused} not readable or not possible.`;
}

function stateOf({ fault, pending, removed }: Line): Words {
  if (fault !== undefined) return ["bad", fault];
  if (pending) return ["plain", "Being checked"];
  return ["info", removed === 0 ? "Ready" : `Ready: ${removedCharacters(removed)}`];
}

type Words = [tone: "good" | "info" | "warn" | "bad" | "plain", text: string];

function Lines({ rows }: { rows: [Line, Words][] }) {
  return (
    <ol className="lines" aria-label="Result for each line">
      {rows.map(([line, [tone, text]]) => (
        <li key={line.index}>
          <span>
            {line.email || line.text}{" "}
            <span className="soft">
              {line.name !== undefined && `${line.name} · `}
              {roleName(line.role)}
            </span>
          </span>
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
    // Without a connection, the others would fail too.
    if (failure.kind === "network") stop();
    return { refused: failureInWords(failure) };
  }
}

function inWords(result: Result, busy: boolean): Words {
  if (result === undefined) return busy ? ["plain", "Waiting"] : ["warn", "Not sent"];
  if ("refused" in result) return ["bad", result.refused];
  return result.done === "sent" ? ["good", "Invited"] : ["warn", "Invited, but the e-mail could not be sent"];
}
