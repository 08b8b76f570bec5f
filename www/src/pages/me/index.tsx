// What the signed-in person may do in the organization, and why.
import { Link } from "wouter";
import { useConsole } from "../../data/console-context";
import { useNames } from "../../data/names";
import { Page } from "../../ui/page";
import { capabilitiesOf, labelsOf } from "../../data/capabilities";
import { RightsList } from "../../why/rights-list";
import { roleName } from "../../why/words";

export default function Me() {
  const { me, role } = useConsole();
  const names = useNames();
  const rights = capabilitiesOf("organization");
  const held = rights.filter((capability) => me.can(capability));
  const teams = me.list("team.view");

  return (
    <Page title="Your access" description={`Your role is ${roleName(role)}`}>
      <section className="card">
        <h2>
          Organization{" "}
          <span className="soft count">
            {held.length} of {rights.length} rights
          </span>
        </h2>
        <RightsList questions={rights.map((capability) => [capability])} />
      </section>
      <section className="card">
        <h2>Teams</h2>
        {teams.length === 0 && <p className="soft">You are not in a team.</p>}
        <ul className="my-teams">
          {teams.map((team) => (
            <li key={team}>
              <Link href={`/teams/${encodeURIComponent(team)}`}>{names.team(team)}</Link>{" "}
              <span className="soft">{labelsOf(me.capabilities({ team }))}</span>
            </li>
          ))}
        </ul>
      </section>
      <p className="soft">The page of each assistant shows what you may do with it.</p>
      <p className="soft">
        <a href="/third-party-notices.txt" target="_blank" rel="noreferrer">
          Third-party notices
        </a>
      </p>
    </Page>
  );
}
