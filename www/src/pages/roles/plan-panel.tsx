// The plan: what nobody may do, whatever their role.
import { useState } from "react";
import type { Capability, Organization } from "wicketgate";
import { useCommand } from "../../data/use-command";
import { DialogForm } from "../../ui/dialog";
import { Notice } from "../../ui/notice";
import { TextField } from "../../ui/text-field";
import { ActionButton } from "../../why/action-button";
import { CAPABILITIES, capabilitiesOf } from "../../why/capabilities";
import { CapabilityTicks } from "./capability-ticks";
import { ALL, KINDS } from "./roles";

const ORDER = ["organization", "team", "project", "assistant"] as const;

export function PlanPanel({ facts }: { facts: Organization }) {
  const [editing, setEditing] = useState(false);
  const withheld = new Set<string>(facts.plan?.withholds);
  return (
    <section className="card" aria-label="Plan">
      <div className="role-set-head">
        <h2>{facts.plan?.name ?? (withheld.size > 0 ? "A plan without a name" : "No plan")}</h2>
        <ActionButton do="settings.manage" onClick={() => setEditing(true)}>Change plan</ActionButton>
      </div>
      {withheld.size === 0
        ? <p className="soft">Nothing is withheld: what people may do is decided by their roles alone.</p>
        : (
          <>
            <p className="soft">The plan withholds this from everybody, global admins included. Roles stay as they are: taken out of this list, it counts again.</p>
            <dl className="plan-list">
              {ORDER.filter((kind) => capabilitiesOf(kind).some((capability) => withheld.has(capability))).map((kind) => (
                <div key={kind}>
                  <dt>{KINDS[kind]}</dt>
                  <dd>{capabilitiesOf(kind).filter((capability) => withheld.has(capability)).map((capability) => CAPABILITIES[capability].label).join(", ")}</dd>
                </div>
              ))}
            </dl>
          </>
        )}
      {editing && <PlanForm facts={facts} onClose={() => setEditing(false)} />}
    </section>
  );
}

function PlanForm({ facts: { plan = {} }, onClose }: { facts: Organization; onClose: () => void }) {
  const command = useCommand();
  const before = new Set(ALL.filter((capability) => plan.withholds?.includes(capability)));
  const [name, setName] = useState(plan.name ?? "");
  const [chosen, setChosen] = useState<ReadonlySet<Capability>>(before);
  const [sure, setSure] = useState(false);
  const final = chosen.has("settings.manage") && !before.has("settings.manage");
  const same = name.trim() === (plan.name ?? "") && chosen.size === before.size && [...chosen].every((capability) => before.has(capability));

  async function change(): Promise<void> {
    const withholds = ALL.filter((capability) => chosen.has(capability));
    const called = name.trim();
    if (await command.send({ type: "set_plan", withholds, ...(called !== "" && { name: called }) }, () => "The plan is changed. It counts at once, for everybody.")) onClose();
  }

  return (
    <DialogForm
      title="Change plan"
      submit="Change plan"
      wide
      busy={command.busy}
      failure={command.failure}
      whyNot={same ? "This is the plan as it is." : final && !sure ? "Confirm that you want to give the settings away." : undefined}
      onSubmit={() => void change()}
      onClose={onClose}
    >
      <TextField label="Name (optional)" value={name} onChange={setName} maxLength={200} description="People read it where something is not in the plan." />
      <p>What is ticked, nobody may do, global admins included.</p>
      <CapabilityTicks kinds={ORDER} value={chosen} onChange={setChosen} />
      {final && (
        <div ref={intoView} role="alert">
          <Notice kind="warn" title="Nobody here could change the plan again">
            <p>Settings are what changing the plan needs. Without them, only whoever operates the service can give anything back.</p>
            <label className="role-sure"><input type="checkbox" checked={sure} onChange={({ target }) => setSure(target.checked)} /> I understand, and want that</label>
          </Notice>
        </div>
      )}
    </DialogForm>
  );
}

/** What was ticked may be far above it. */
function intoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest" });
}
