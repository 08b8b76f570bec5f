// The organizations that the signed-in person's account is in, to switch between them. Each has its own address and its own sessions.
import { useEffect, useState } from "react";
import type { OrganizationLink } from "@wicketgate/edge/wire";
import { fetchOwnOrganizations } from "../data/api";
import { theOrganization } from "../data/settings";
import { Button } from "../ui/button";

/** Nothing for a person in one organization. */
export function OrganizationsMenu() {
  const organizations = useOwnOrganizations();
  const { id, name } = theOrganization();
  if (organizations.length < 2) return null;
  return (
    <div className="organizations">
      <Button variant="quiet" popoverTarget="organizations" aria-label={`Organization ${name}: switch to another`}>
        {name}
      </Button>
      <nav id="organizations" className="popover" popover="auto" aria-label="Your organizations">
        <ul>
          {organizations.map((organization) => (
            <li key={organization.id}>
              <a href={`${organization.origin}/`} aria-current={organization.id === id ? "true" : undefined}>
                {organization.name}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </div>
  );
}

function useOwnOrganizations(): OrganizationLink[] {
  const [organizations, setOrganizations] = useState<OrganizationLink[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    // Without an answer there is no menu: the page works without it.
    fetchOwnOrganizations(abort.signal).then(setOrganizations, () => {});
    return () => abort.abort();
  }, []);
  return organizations;
}
