// The preview of a command: who would gain or lose access.
import type { Capability } from "wicketgate";
import type { Command, HoldingChange, Preview } from "wicketgate/authority";
import { useNames } from "../../data/names";
import { failureInWords } from "../../data/problems";
import { Badge } from "../../ui/badge";
import { labelsOf } from "../../data/capabilities";
import { listOf } from "../../lib/sentences";
import { roleName } from "../../why/words";
import { endInWords } from "./expiry-field";
import { type PreviewState, usePreview } from "./preview";
import "./shared.css";

/** Of people who gain or lose the same, at most this many are named. */
const NAMED = 8;

/** Shows nothing without a command. */
export function AccessChanges({ command }: { command: Command | undefined }) {
  const state = usePreview(command);
  if (state === undefined) return null;
  return (
    <section className="effects" aria-label="Who gains or loses access">
      <h3>Who gains or loses access</h3>
      <div role="status">
        <PreviewResult state={state} />
      </div>
    </section>
  );
}

function PreviewResult({ state }: { state: NonNullable<PreviewState> }) {
  if (state === "loading") return <p className="soft">Loading the preview…</p>;
  if ("preview" in state) return <Changes preview={state.preview} />;
  const { failure } = state;
  const unknown =
    (failure.kind === "refused" && failure.problem.code === "not_found") ||
    (failure.kind === "unexpected" && failure.code === "404");
  return <p className="soft">There is no preview: {unknown ? "this authority does not offer it." : failureInWords(failure)}</p>;
}

/** The pending invitations that would end with the command. */
export function EndedInvitations({ command }: { command: Command | undefined }) {
  const state = usePreview(command);
  const ended = typeof state === "object" && "preview" in state ? state.preview.ended : undefined;
  return (
    <div role="status">
      {ended && (
        <p>
          <Ended users={ended} />
        </p>
      )}
    </div>
  );
}

function Ended({ users }: { users: string[] }) {
  const names = useNames();
  const people = users.map(names.person).sort();
  return (
    <>
      {people.length === 1 ? "A pending invitation also ends" : `${people.length} pending invitations also end`}:{" "}
      {listOf(people, NAMED)}.
    </>
  );
}

interface Group {
  gained: Capability[];
  lost: Capability[];
  people: string[];
}

function Changes({ preview: { changes, others, holdings = [], visitors, ended } }: { preview: Preview }) {
  const names = useNames();
  const groups: Group[] = grouped(changes).map(({ people, ...same }) => ({ ...same, people: people.map(names.person).sort() }));
  if (visitors.gained.length + visitors.lost.length > 0)
    groups.push({ ...visitors, people: ["Visitors with a share link or on an allowed website"] });
  if (groups.length === 0 && others === 0 && holdings.length === 0 && ended === undefined)
    return <p>Nobody gains or loses anything.</p>;
  return (
    <ul>
      {groups.map(({ people, gained, lost }) => (
        <li key={people.join()}>
          <p>
            <strong>{people.length > NAMED ? `${people.length} people` : listOf(people, NAMED)}</strong>
            {people.length > NAMED && <span className="soft">: {listOf(people, NAMED)}</span>}
          </p>
          {gained.length > 0 && (
            <p>
              <Badge tone="good">Gain</Badge> {labelsOf(gained)}
            </p>
          )}
          {lost.length > 0 && (
            <p>
              <Badge tone="bad">Lose</Badge> {labelsOf(lost)}
            </p>
          )}
        </li>
      ))}
      {holdings.map((change) => (
        <li key={`${change.kind} ${change.target} ${change.user}`}>
          <Held change={change} />
        </li>
      ))}
      {others > 0 && (
        <li>
          {others === 1 ? "1 more person you can’t see gains or loses" : `${others} more people you can’t see gain or lose`} access.
        </li>
      )}
      {ended && (
        <li>
          <Ended users={ended} />
        </li>
      )}
    </ul>
  );
}

/** "Editor until 3 December → Editor without expiry" */
function Held({ change: { user, kind, target, before, after } }: { change: HoldingChange }) {
  const names = useNames();
  return (
    <p>
      <strong>{names.person(user)}</strong>{" "}
      <span className="soft">
        {kind === "team" ? "in" : "on"} {kind === "team" ? names.team(target) : names.assistant(target)}
      </span>
      : {rolesInWords(before)} <span aria-hidden="true">→</span>
      <span className="unseen">, then</span> {rolesInWords(after)}
    </p>
  );
}

function rolesInWords(held: HoldingChange["before"]): string {
  if (held.length === 0) return "no role";
  return listOf(held.map(({ role, expires }) => `${roleName(role)} ${endInWords(expires)}`));
}

/** Groups people who gain and lose the same. A person who occurs with several targets is counted once, with all changes. */
function grouped(changes: Preview["changes"]): Group[] {
  const byPerson = new Map<string, { gained: Set<Capability>; lost: Set<Capability> }>();
  for (const { user, gained, lost } of changes) {
    const all = byPerson.get(user) ?? { gained: new Set(), lost: new Set() };
    for (const capability of gained) all.gained.add(capability);
    for (const capability of lost) all.lost.add(capability);
    byPerson.set(user, all);
  }
  const groups = new Map<string, Group>();
  for (const [user, sets] of byPerson) {
    const [gained, lost] = [[...sets.gained], [...sets.lost]];
    const key = JSON.stringify([gained, lost]);
    const group = groups.get(key) ?? { gained, lost, people: [] };
    group.people.push(user);
    groups.set(key, group);
  }
  return [...groups.values()].sort((one, other) => other.people.length - one.people.length);
}
