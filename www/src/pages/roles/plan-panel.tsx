// The plan: what it includes and what it does not. It is only shown here: the operator of the service sets it.
import type { Capability, Organization } from "wicketgate";
import { capabilitiesOf, labelsOf } from "../../data/capabilities";
import { KINDS } from "./roles";

const ORDER = ["organization", "team", "project", "assistant"] as const;

export function PlanPanel({ facts: { plan } }: { facts: Organization }) {
  const withheld = new Set<Capability>(plan?.withholds as Capability[]);
  return (
    <section className="card plan" aria-label="Plan">
      <h2>{plan?.name ?? (withheld.size > 0 ? "A plan without a name" : "No plan")}</h2>
      <p className="soft">
        {withheld.size === 0
          ? "Everything is included: only roles decide what people may do."
          : "People may do what is included, if their roles grant it. Nobody may do what is not included, not even global admins. Roles keep it, and it takes effect again when the plan includes it."}{" "}
        The operator of the service sets the plan; nobody in the organization can change it.
      </p>
      <CapabilityList title="Included" has={(capability) => !withheld.has(capability)} />
      {withheld.size > 0 && <CapabilityList title="Not included in your plan" has={(capability) => withheld.has(capability)} />}
    </section>
  );
}

function CapabilityList({ title, has }: { title: string; has: (capability: Capability) => boolean }) {
  const kinds = ORDER.map((kind) => ({ kind, capabilities: capabilitiesOf(kind).filter(has) })).filter(
    ({ capabilities }) => capabilities.length > 0,
  );
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <dl className="plan-list">
        {kinds.map(({ kind, capabilities }) => (
          <div key={kind}>
            <dt>{KINDS[kind]}</dt>
            <dd>{labelsOf(capabilities)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
