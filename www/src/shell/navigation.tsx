// Links to the pages that the person may open. On a narrow screen they are behind a button.
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useConsole } from "../data/console-context";
import { addressOf, GROUPS, mayOpen, type Place, PLACES } from "../data/places";
import { Icon } from "../ui/icon";

export function Navigation() {
  const context = useConsole();
  const [path] = useLocation();
  // The address at which the menu was opened: on another page it is closed.
  const [openedAt, setOpenedAt] = useState<string>();
  const expanded = openedAt === path;
  const places = PLACES.filter((place) => place.group !== undefined && mayOpen(place, context));

  return (
    <nav className="navigation" aria-label="Console" onKeyDown={({ key }) => key === "Escape" && setOpenedAt(undefined)}>
      <button
        type="button"
        className="button quiet toggle"
        aria-expanded={expanded}
        aria-controls="places"
        onClick={() => setOpenedAt(expanded ? undefined : path)}
      >
        <Icon name={expanded ? "close" : "menu"} />
        Menu
      </button>
      <div id="places" className="places" data-open={expanded}>
        {GROUPS.map((group) => (
          <Group key={group} title={group} places={places.filter((place) => place.group === group)} path={path} />
        ))}
      </div>
    </nav>
  );
}

function Group({ title, places, path }: { title: string; places: Place[]; path: string }) {
  if (places.length === 0) return null;
  return (
    <div role="group" aria-label={title}>
      <p aria-hidden="true">{title}</p>
      <ul>
        {places.map((place) => {
          const address = addressOf(place);
          const here = path === address || path.startsWith(`${address}/`);
          return (
            <li key={address}>
              <Link href={address} aria-current={here ? "page" : undefined}>
                {place.title}
              </Link>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
