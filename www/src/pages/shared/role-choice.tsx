// Chooses a role in the organization. Each option says what the role grants.
import type { Organization } from "wicketgate";
import { grantsOf } from "../../data/role-grants";
import { useConsole } from "../../data/console-context";
import { ChoiceField } from "../../ui/choice-field";
import { labelsOf } from "../../data/capabilities";
import { roleName } from "../../why/words";

type Holder = "person" | "key";

export function RoleChoice({
  roles,
  value,
  onChange,
  holder = "person",
}: {
  roles: readonly string[];
  /** None is chosen while it is empty. */
  value: string;
  onChange: (role: string) => void;
  /** Who will have the role. */
  holder?: Holder;
}) {
  const { facts } = useConsole();
  return (
    <ChoiceField
      label="Role"
      value={value}
      onChange={onChange}
      options={roles.map((role) => ({ value: role, label: roleName(role), description: grantsInWords(role, facts, holder) }))}
    />
  );
}

function grantsInWords(role: string, facts: Organization, holder: Holder): string {
  if (role === "global_admin") return "Everything, everywhere.";
  if (role === "user")
    return holder === "person" ? "Only what their teams and assistants give them." : "Nothing, because a key is in no team.";
  const labels = labelsOf(grantsOf(role, facts));
  return labels === "" ? "Nothing by itself." : `${labels}.`;
}
