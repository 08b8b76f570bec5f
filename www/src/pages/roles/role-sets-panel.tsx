// Role sets: predefined roles. Applying a set adds its missing roles, and changes nothing else.
import type { Organization } from "wicketgate";
import { refusedAs } from "../../data/problems";
import { listOf } from "../../lib/sentences";
import { useCommand } from "../../data/use-command";
import { Badge } from "../../ui/badge";
import { Failure } from "../../ui/failure";
import { ActionButton } from "../../why/action-button";
import { CAPABILITIES } from "../../data/capabilities";
import { roleName } from "../../why/words";
import { ROLE_SETS, type ShippedSet } from "./role-sets";

type State = "present" | "missing" | "other";

export function RoleSets({ facts }: { facts: Organization }) {
  return ROLE_SETS.map((set) => <SetCard key={set.id} set={set} facts={facts} />);
}

function SetCard({ set, facts }: { set: ShippedSet; facts: Organization }) {
  const command = useCommand();
  const states = set.roles.map((role) => stateOf(role, facts));
  const missing = set.roles.filter((_, index) => states[index] === "missing").map(({ id }) => roleName(id));
  const others = set.roles.filter((_, index) => states[index] === "other").map(({ id }) => roleName(id));

  const whyNot =
    others.length > 0
      ? `${listOf(others)}: a custom role with this name grants something else. Delete it, or edit it to grant the same.`
      : missing.length === 0
        ? "All its roles exist already."
        : undefined;

  return (
    <section className="card" aria-label={set.name} data-set={set.id}>
      <div className="role-set-head">
        <h2>{set.name}</h2>
        <ActionButton
          do="role.define"
          whyNot={whyNot}
          busy={command.busy}
          onClick={() => void command.send({ type: "apply_role_set", set: set.id }, () => `Added: ${listOf(missing)}.`)}
        >
          {missing.length === 0 ? "Apply" : missing.length === 1 ? "Add 1 role" : `Add ${missing.length} roles`}
        </ActionButton>
      </div>
      <p className="soft">{set.description}</p>
      <Failure failure={refusedAs(command.failure, { already_exists: "A role with this name grants something else." })} />
      {set.roles.length > 0 && (
        <ul className="role-set">
          {set.roles.map(({ id, on, grants }, index) => (
            <li key={id} data-role={id}>
              <p>
                <strong>{roleName(id)}</strong>{" "}
                <span className="soft">on {on === "organization" ? "the organization" : `single ${on}s`}</span>{" "}
                <Badge tone={TONES[states[index]!]}>{WORDS[states[index]!]}</Badge>
              </p>
              <p className="soft">
                {grants
                  .map(
                    (capability) =>
                      CAPABILITIES[capability].label + (facts.plan?.withholds?.includes(capability) ? " (not in the plan)" : ""),
                  )
                  .join(", ")}
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function stateOf({ id, on, grants }: ShippedSet["roles"][number], { roles = [] }: Organization): State {
  const present = roles.find((role) => role.id === id);
  if (!present) return "missing";
  return present.on === on &&
    present.grants.length === grants.length &&
    grants.every((capability) => present.grants.includes(capability))
    ? "present"
    : "other";
}

const WORDS: Record<State, string> = { present: "Exists", missing: "Will be added", other: "Differs" };
const TONES = { present: "plain", missing: "good", other: "warn" } as const;
