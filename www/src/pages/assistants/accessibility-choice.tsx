// Chooses who an assistant is open to. Each option says what it means.
import type { Accessibility } from "wicketgate";
import { ChoiceField } from "../../ui/choice-field";
import { ACCESSIBILITY } from "../../why/words";

interface Props {
  value: Accessibility;
  onChange: (value: Accessibility) => void;
  /** The name of its team. */
  team: string | undefined;
}

export function AccessibilityChoice({ value, onChange, team }: Props) {
  const options = (Object.keys(ACCESSIBILITY) as Accessibility[]).map((one) => ({
    value: one,
    label: ACCESSIBILITY[one],
    description: whatItMeans(one, team),
  }));
  return (
    <div className="accessibility">
      <ChoiceField label="Open to" value={value} onChange={onChange} options={options} />
    </div>
  );
}

export function whatItMeans(accessibility: Accessibility, team = "its team"): string {
  switch (accessibility) {
    case "only_me":
      return "Only its owner and global admins. Other people’s roles, share links and embedding are kept, but not in effect until it is opened again.";
    case "only_team":
      return `Also the members of ${team}: its owners manage it, its viewers see it and chat. Share links, embedding and the roles of people outside the team are not in effect.`;
    case "public":
      return "Everybody in the organization may see it and chat. So may people with a share link, and visitors of websites that embed it.";
  }
}
