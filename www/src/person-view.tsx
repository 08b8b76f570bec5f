// Everything one person sees: their rights on the organization, the people they look after, their assistants, and the chosen one of these.
import { memo, useEffect, useMemo, useRef, useState } from "react";
import type { DemoLink } from "./api";
import { type AssistantRow, AssistantList } from "./assistant-list";
import { AssistantPanel } from "./assistant-panel";
import { OrganizationSummary } from "./organization-summary";
import { PeoplePanel } from "./people-panel";
import type { Opened } from "./use-live";

interface Props {
  opened: Opened;
  expired: boolean;
  refresh: () => void;
  links: DemoLink[];
}

/** Drawn anew when its answers may have changed, and not at every sign of life. */
export const PersonView = memo(function PersonView({ opened, expired, refresh, links }: Props) {
  const rows = useMemo(() => visibleAssistants(opened), [opened]);
  const [chosen, setChosen] = useState(rows[0]?.id);
  const panel = useRef<HTMLDivElement>(null);
  const row = rows.find(({ id }) => id === chosen) ?? rows[0];

  useEffect(() => {
    document.title = `${opened.snapshot.subject} – Wicketgate`;
  }, [opened]);

  if (expired) {
    return (
      <section role="alert" className="card failure">
        <h2>The snapshot has expired</h2>
        <p>What this page knew is too old to rely on, and a newer one could not be fetched.</p>
        <button type="button" className="primary" onClick={refresh}>Try again</button>
      </section>
    );
  }

  function choose(id: string, by: "pointer" | "keyboard"): void {
    setChosen(id);
    // On a phone the panel is below the list, out of sight.
    if (by === "pointer" && matchMedia("(width < 48rem)").matches) panel.current?.scrollIntoView();
  }

  return (
    <>
      <OrganizationSummary opened={opened} />
      {opened.me.can("panel.user_settings") && <PeoplePanel opened={opened} />}
      <div className="columns">
        <AssistantList rows={rows} chosen={row?.id} onChoose={choose} />
        <div ref={panel} className="panel">
          {row && <AssistantPanel key={row.id} opened={opened} row={row} links={links.filter(({ assistant }) => assistant === row.id)} />}
        </div>
      </div>
    </>
  );
});

function visibleAssistants({ me, facts }: Opened): AssistantRow[] {
  const visible = new Set(me.list("assistant.view"));
  const teams = new Map(facts.teams?.map(({ id, name }) => [id, name ?? id]));
  const places = new Map(facts.projects?.map(({ id, name, team }) => [id, `${teams.get(team) ?? team} · ${name ?? id}`]));
  return (facts.assistants ?? [])
    .filter(({ id }) => visible.has(id))
    .map(({ id, name, project, accessibility }) => ({ id, name: name ?? id, place: places.get(project ?? "") ?? "Elsewhere", accessibility }))
    .sort((one, other) => one.name.localeCompare(other.name));
}
