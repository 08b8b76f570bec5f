// Chooses a role in a team. Each option says what the role grants.
import { ownProperty } from "../../lib/own-property";
import { ChoiceField } from "../../ui/choice-field";
import { labelsOf } from "../../data/capabilities";
import { rolesOn } from "../../why/words";
import { useExtendedFacts } from "../shared/extended-facts";

const BUILT_IN: Record<string, string> = {
  viewer: "Sees the team’s assistants, chats with them, and creates projects and assistants.",
  owner: "Also manages the members and everything in the team, except Only Me assistants.",
};

export function TeamRoleField({ value, onChange }: { value: string; onChange: (role: string) => void }) {
  const { facts } = useExtendedFacts();
  const options = rolesOn("team", facts).map((role) => ({
    ...role,
    description:
      ownProperty(BUILT_IN, role.value) ?? `${labelsOf(facts.roles?.find(({ id }) => id === role.value)?.grants ?? [])}.`,
  }));
  return <ChoiceField label="Role" value={value} onChange={onChange} options={options} />;
}
