// Checkboxes for capabilities, grouped by kind.
import { useId } from "react";
import type { Capability, Kind } from "wicketgate";
import { Badge } from "../../ui/badge";
import { CAPABILITIES, capabilitiesOf } from "../../data/capabilities";
import { KINDS } from "./roles";

interface Props {
  kinds: readonly Kind[];
  value: ReadonlySet<Capability>;
  onChange: (value: Set<Capability>) => void;
  /** Why the capability cannot be chosen. */
  whyNot?: (capability: Capability) => string | undefined;
  /** Capabilities that the plan does not include: they are marked. */
  withheld?: ReadonlySet<string>;
}

export function CapabilityTicks({ kinds, value, onChange, whyNot, withheld }: Props) {
  const id = useId();
  function toggle(capability: Capability): void {
    const next = new Set(value);
    if (!next.delete(capability)) next.add(capability);
    onChange(next);
  }
  return kinds.map((kind) => (
    <fieldset key={kind} className="role-ticks">
      <legend>{KINDS[kind]}</legend>
      <div>
        {capabilitiesOf(kind).map((capability) => {
          const reason = whyNot?.(capability);
          const note = `${id}-${capability}`;
          return (
            <label key={capability} data-capability={capability}>
              <input
                type="checkbox"
                checked={value.has(capability)}
                onChange={() => reason === undefined && toggle(capability)}
                {...(reason !== undefined && { "aria-disabled": true, "aria-describedby": note })}
              />
              <span>
                {CAPABILITIES[capability].label}
                {withheld?.has(capability) && (
                  <>
                    {" "}
                    <Badge tone="warn">Not in the plan</Badge>
                  </>
                )}
                {reason !== undefined && (
                  <span id={note} className="soft">
                    {reason}
                  </span>
                )}
              </span>
            </label>
          );
        })}
      </div>
    </fieldset>
  ));
}
