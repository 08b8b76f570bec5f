import { RightsList } from "./rights-list";
import type { Opened } from "./use-live";
import { ORGANIZATION_RIGHTS } from "./words";

export function OrganizationSummary({ opened }: { opened: Opened }) {
  const held = ORGANIZATION_RIGHTS.filter(([capability]) => opened.me.can(capability));
  return (
    <details className="card organization">
      <summary>
        <h2>Organization</h2>
        <span className="count">{held.length} of {ORGANIZATION_RIGHTS.length} rights</span>
        <span className="soft">{held.length > 0 ? held.map(([, label]) => label).join(", ") : "No rights on the organization itself"}</span>
      </summary>
      <RightsList opened={opened} rights={ORGANIZATION_RIGHTS.map(([capability, label]) => [[capability], label])} />
    </details>
  );
}
