// Defines a custom role, or changes what one grants.
import { useState } from "react";
import type { Capability, Level, Organization } from "wicketgate";
import { useConsole } from "../../data/console-context";
import { grantsOf } from "../../data/role-grants";
import { useCommand } from "../../data/use-command";
import { ChoiceField } from "../../ui/choice-field";
import { DialogForm } from "../../ui/dialog";
import { TextField } from "../../ui/text-field";
import { labelsOf } from "../../data/capabilities";
import { CapabilityTicks } from "./capability-ticks";
import { fits, type Holder, idOf, LEVELS, type RoleColumn } from "./roles";

interface Props {
  facts: Organization;
  roles: RoleColumn[];
  holders: Map<string, Holder[]>;
  /** The role to change. Absent: a new role. */
  role?: RoleColumn;
  onClose: () => void;
}

export function RoleForm({ facts, roles, holders, role, onClose }: Props) {
  const { role: ownRole, facts: known } = useConsole();
  const command = useCommand();
  const [name, setName] = useState("");
  const [on, setOn] = useState<Level>(role?.on ?? "assistant");
  const [chosen, setChosen] = useState<ReadonlySet<Capability>>(role?.grants ?? new Set());
  const mine = grantsOf(ownRole, known);
  const id = role?.id ?? idOf(name);
  const taken = role === undefined && roles.some((one) => one.id === id);
  // Choices for another level are kept, in case that level is chosen again.
  const grants = [...chosen].filter((capability) => fits(capability, on));
  const gained = grants.filter((capability) => !role?.grants.has(capability));
  const lost = [...(role?.grants ?? [])].filter((capability) => !chosen.has(capability));
  const held = new Set(holders.get(id)?.map(({ user }) => user)).size;

  function whyNot(): string | undefined {
    if (id === "") return "Enter a name.";
    if (taken) return "There is already a role with this name.";
    if (grants.length === 0) return "Choose what it grants.";
    return role && gained.length + lost.length === 0 ? "Nothing has been changed." : undefined;
  }

  async function define(): Promise<void> {
    const what = role?.name ?? name.trim();
    if (
      await command.send({ type: "define_role", id, on, grants }, () =>
        role ? `${what} grants ${count(grants.length)} now.` : `The role ${what} is defined. You can give it now.`,
      )
    )
      onClose();
  }

  return (
    <DialogForm
      title={role ? `Edit ${role.name}` : "New role"}
      submit={role ? "Save" : "Define"}
      wide
      busy={command.busy}
      failure={command.failure}
      whyNot={whyNot()}
      onSubmit={() => void define()}
      onClose={onClose}
    >
      {role ? (
        <p className="soft">{LEVELS[role.on].held}</p>
      ) : (
        <>
          <TextField
            label="Name"
            value={name}
            onChange={setName}
            maxLength={64}
            required
            autoFocus
            error={taken ? "There is already a role with this name." : undefined}
            description={
              id === "" ? (
                "For example “Agent lead”."
              ) : (
                <>
                  Its id is <code>{id}</code>, and does not change later.
                </>
              )
            }
          />
          <ChoiceField
            label="Level"
            value={on}
            onChange={setOn}
            options={(Object.keys(LEVELS) as Level[]).map((value) => ({
              value,
              label: LEVELS[value].label,
              description: LEVELS[value].held,
            }))}
          />
        </>
      )}
      <CapabilityTicks
        kinds={LEVELS[on].kinds}
        value={chosen}
        onChange={setChosen}
        withheld={new Set(facts.plan?.withholds)}
        whyNot={(capability) => (mine.has(capability) ? undefined : "Your own role does not grant this.")}
      />
      {role && (gained.length > 0 || lost.length > 0) && (
        <div role="status">
          {gained.length > 0 && <p>Gains: {labelsOf(gained)}.</p>}
          {lost.length > 0 && <p>Loses: {labelsOf(lost)}.</p>}
          <p className="soft">
            {held === 0
              ? "Nobody has this role now."
              : `It applies immediately to the ${held === 1 ? "person" : `${held} people`} with this role.`}
          </p>
        </div>
      )}
    </DialogForm>
  );
}

function count(capabilities: number): string {
  return capabilities === 1 ? "one capability" : `${capabilities} capabilities`;
}
