// Chooses a role in the organization. Each option says what the role grants.
import type { Organization } from "wicketgate";
import { grantsOf } from "../../data/role-grants";
import { useConsole } from "../../data/console-context";
import { ChoiceField } from "../../ui/choice-field";
import { labelsOf } from "../../data/capabilities";
import { roleName } from "../../why/words";

export function RoleChoice({
  roles,
  value,
  onChange,
}: {
  roles: readonly string[];
  value: string;
  onChange: (role: string) => void;
}) {
  const { facts } = useConsole();
  return (
    <ChoiceField
      label="Role"
      value={value}
      onChange={onChange}
      options={roles.map((role) => ({ value: role, label: roleName(role), description: grantsInWords(role, facts) }))}
    />
  );
}

function grantsInWords(role: string, facts: Organization): string {
  if (role === "global_admin") return "Everything, everywhere.";
  if (role === "user") return "Only what their teams and assistants give them.";
  const labels = labelsOf(grantsOf(role, facts));
  return labels === "" ? "Nothing by itself." : `${labels}.`;
}
