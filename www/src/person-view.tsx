// Everything one person sees: their rights on the organization, their assistants, and the chosen one of these.
import { useEffect, useMemo, useRef, useState } from "react";
import { type AssistantRow, AssistantList } from "./assistant-list";
import { AssistantPanel } from "./assistant-panel";
import type { DemoLink, Opened } from "./authority";
import { FailureNotice } from "./failure-notice";
import { OrganizationSummary } from "./organization-summary";
import { useSnapshot } from "./use-snapshot";

export function PersonView({ user, links }: { user: string; links: DemoLink[] }) {
  const [state, retry] = useSnapshot(user);
  if (state.phase === "loading") return <p role="status" className="card loading">Fetching and verifying what {user} may do…</p>;
  if (state.phase === "failed") return <FailureNotice failure={state.failure} onRetry={retry} />;
  return <Rights opened={state.opened} links={links} />;
}

function Rights({ opened, links }: { opened: Opened; links: DemoLink[] }) {
  const rows = useMemo(() => visibleAssistants(opened), [opened]);
  const [chosen, setChosen] = useState(rows[0]?.id);
  const panel = useRef<HTMLDivElement>(null);
  const row = rows.find(({ id }) => id === chosen) ?? rows[0];
  const inactive = opened.me.check("user.invite");

  useEffect(() => {
    document.title = `${opened.snapshot.subject} – Wicketgate`;
  }, [opened]);

  function choose(id: string, by: "pointer" | "keyboard"): void {
    setChosen(id);
    // On a phone the panel is below the list, out of sight.
    if (by === "pointer" && matchMedia("(width < 48rem)").matches) panel.current?.scrollIntoView();
  }

  return (
    <>
      {!inactive.allowed && inactive.denied === "inactive" && (
        <p role="status" className="card notice">This account is not active, so it holds nothing.</p>
      )}
      <OrganizationSummary opened={opened} />
      <div className="columns">
        <AssistantList rows={rows} chosen={row?.id} onChoose={choose} />
        <div ref={panel} className="panel">
          {row && <AssistantPanel key={row.id} opened={opened} row={row} links={links.filter(({ assistant }) => assistant === row.id)} />}
        </div>
      </div>
    </>
  );
}

function visibleAssistants({ me, facts }: Opened): AssistantRow[] {
  const visible = new Set(me.list("assistant.view"));
  const teams = new Map(facts.teams?.map(({ id, name }) => [id, name ?? id]));
  const places = new Map(facts.projects?.map(({ id, name, team }) => [id, `${teams.get(team) ?? team} · ${name ?? id}`]));
  return (facts.assistants ?? [])
    .filter(({ id }) => visible.has(id))
    .map(({ id, name, project, accessibility }) => ({ id, name: name ?? id, place: places.get(project ?? "") ?? "Elsewhere", accessibility }))
    .sort((one, other) => one.name.localeCompare(other.name));
}
