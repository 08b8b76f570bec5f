import type { AssistantRow } from "./assistant-list";
import type { DemoLink } from "./api";
import { RightsList } from "./rights-list";
import type { Opened } from "./use-live";
import { VisitorView } from "./visitor-view";
import { ACCESSIBILITY, ASSISTANT_ACTIONS } from "./words";

interface Props {
  opened: Opened;
  row: AssistantRow;
  links: DemoLink[];
}

export function AssistantPanel({ opened, row, links }: Props) {
  return (
    <section className="card assistant" aria-label={row.name}>
      <header>
        <h2>{row.name}</h2>
        <span className={`badge ${row.accessibility}`}>{ACCESSIBILITY[row.accessibility]}</span>
        <p className="soft">{row.place}</p>
      </header>
      <h3>What you may do</h3>
      <RightsList opened={opened} rights={ASSISTANT_ACTIONS.map(([capability, label]) => [[capability, row.id], label])} />
      <VisitorView row={row} links={links} />
    </section>
  );
}
