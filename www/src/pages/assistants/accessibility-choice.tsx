// Whom an assistant is open to, with what each choice means.
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
      return "Its owner and global admins, nobody else. Roles that others have on it, share links and embedding are kept, and sleep until it is opened again.";
    case "only_team":
      return `The members of ${team} as well: its owners manage it, its viewers see it and chat. Share links and embedding sleep, and so do the roles of people outside the team.`;
    case "public":
      return "Everybody in the organization may see it and chat; so may whoever has a share link, and visitors of the websites that embed it.";
  }
}
