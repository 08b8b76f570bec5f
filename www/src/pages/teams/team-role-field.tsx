// Which role in a team, with a word on what it gives.
import { own } from "../../data/own";
import { ChoiceField } from "../../ui/choice-field";
import { labelOf } from "../../why/capabilities";
import { rolesOn } from "../../why/words";
import { useWhole } from "../shared/whole";

const BUILT_IN: Record<string, string> = {
  viewer: "Sees the team’s assistants, chats with them, and creates projects and assistants of their own.",
  owner: "Besides, manages the members and everything in the team but what is Only Me.",
};

export function TeamRoleField({ value, onChange }: { value: string; onChange: (role: string) => void }) {
  const { facts } = useWhole();
  const options = rolesOn("team", facts).map((role) => ({
    ...role,
    description: own(BUILT_IN, role.value) ?? labels(facts.roles?.find(({ id }) => id === role.value)?.grants ?? []),
  }));
  return <ChoiceField label="Role" value={value} onChange={onChange} options={options} />;
}

function labels(grants: readonly string[]): string {
  return `${grants.map(labelOf).join(", ")}.`;
}
