// The console as another person sees it, in a frame that names the person.
import { useEffect, useMemo, useState } from "react";
import type { User } from "wicketgate";
import type { Overview } from "../../data/overview";
import { holdsEverything } from "../../data/role-grants";
import { addressOf, mayOpen, PLACES } from "../../data/places";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { Notice } from "../../ui/notice";
import { Tabs } from "../../ui/tabs";
import { roleName, STATUS } from "../../why/words";
import { TheirAssistants } from "./their-assistants";
import { TheirButtons } from "./their-buttons";
import { theirAssistants, theirTeams } from "./their-console";
import { TheirTeams } from "./their-teams";

interface Props {
  overview: Overview;
  user: User;
  name: string;
  onLeave: () => void;
}

export function PersonView({ overview: { snapshot, facts }, user, name, onLeave }: Props) {
  const [tab, setTab] = useState("assistants");
  const principal = useMemo(() => snapshot.as({ user: user.id }), [snapshot, user.id]);
  const assistants = useMemo(() => theirAssistants(principal, facts), [principal, facts]);
  const teams = useMemo(() => theirTeams(principal, facts), [principal, facts]);
  const pages = useMemo(() => {
    const viewer = { me: principal, everything: holdsEverything(user.role) };
    return PLACES.filter((place) => place.group !== undefined && mayOpen(place, viewer));
  }, [principal, user.role, facts]);
  const status = user.status ?? "active";
  const shared = { principal, name, facts };

  useEffect(() => {
    function leave(event: KeyboardEvent): void {
      // In a field, a menu or a dialog, Escape has another meaning.
      const overlayOpen = [...document.querySelectorAll(".overlay, .popover")].some((one) => one.getClientRects().length > 0);
      const taken = event.defaultPrevented || event.target instanceof HTMLInputElement || overlayOpen;
      if (event.key === "Escape" && !taken) onLeave();
    }
    document.addEventListener("keydown", leave);
    return () => document.removeEventListener("keydown", leave);
  }, [onLeave]);

  return (
    <section className="person-view" aria-label={`Console of ${name}`}>
      <div className="person-view-bar">
        <p>
          <strong>You are viewing the console as {name}.</strong> The buttons here do nothing.
        </p>
        <Button onClick={onLeave} aria-keyshortcuts="Escape">
          Leave <kbd aria-hidden="true">Esc</kbd>
        </Button>
      </div>
      <div className="person-view-body">
        <p className="person-view-role">
          {roleName(user.role)} <Badge tone={status === "active" ? "good" : "warn"}>{STATUS[status]}</Badge>
        </p>
        {status !== "active" && (
          <Notice kind="warn">
            <p>
              {status === "invited"
                ? "They have not accepted the invitation yet. Until then they have no access and can’t sign in."
                : "They are suspended: they have no access and can’t sign in."}
            </p>
          </Notice>
        )}
        <Tabs
          label="Their console"
          selected={tab}
          onSelect={setTab}
          tabs={[
            {
              id: "assistants",
              label: `Assistants (${assistants.length})`,
              content: () => <TheirAssistants assistants={assistants} {...shared} />,
            },
            { id: "teams", label: `Teams (${teams.length})`, content: () => <TheirTeams teams={teams} {...shared} /> },
            {
              id: "organization",
              label: "Organization",
              content: () => (
                <>
                  <section className="card">
                    <h2>Pages they can open</h2>
                    <ul className="their-pages">
                      {pages.map((place) => (
                        <li key={addressOf(place)}>{place.title}</li>
                      ))}
                    </ul>
                  </section>
                  <section className="card">
                    <h2>In the organization</h2>
                    <TheirButtons {...shared} kind="organization" />
                  </section>
                </>
              ),
            },
          ]}
        />
      </div>
    </section>
  );
}
