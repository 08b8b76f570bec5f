// The properties of the assistant, and the reader's rights on it.
import { Link } from "wouter";
import type { Assistant } from "wicketgate";
import { useConsole } from "../../data/console-context";
import { useNames } from "../../data/names";
import { Notice } from "../../ui/notice";
import { capabilitiesOf, labelsOf } from "../../data/capabilities";
import { RightsList } from "../../why/rights-list";
import { ACCESSIBILITY } from "../../why/words";
import { teamOf } from "../shared/holdings";
import { useExtendedFacts } from "../shared/extended-facts";
import { whatItMeans } from "./accessibility-choice";

export function OverviewTab({ assistant }: { assistant: Assistant }) {
  const { me, facts, subject } = useConsole();
  const names = useNames();
  const extended = useExtendedFacts();
  const team = teamOf(assistant, facts);
  const owner = extended.facts.assistants?.find(({ id }) => id === assistant.id)?.owner;
  const shares = me.can("assistant.share", assistant.id);
  const { links = [], embed } = assistant;

  return (
    <>
      <Withheld />
      <section className="card">
        <h2>About it</h2>
        <dl className="facts">
          <dt>Owner</dt>
          <dd>
            {owner === undefined ? (
              <span className="soft">{extended.loading ? "…" : "Not shown to you"}</span>
            ) : (
              `${names.person(owner)}${owner === subject ? " (you)" : ""}`
            )}
          </dd>
          <dt>Team</dt>
          <dd>
            {team ? (
              <Link href={`/teams/${encodeURIComponent(team.id)}`}>{names.team(team.id)}</Link>
            ) : (
              <span className="soft">Not shown to you</span>
            )}
          </dd>
          <dt>Open to</dt>
          <dd>
            {ACCESSIBILITY[assistant.accessibility]}{" "}
            <span className="soft">{whatItMeans(assistant.accessibility, team && names.team(team.id))}</span>
          </dd>
          {shares && (
            <>
              <dt>Share links</dt>
              <dd>{links.length}</dd>
            </>
          )}
          {shares && (
            <>
              <dt>Allowed websites</dt>
              <dd>{embed?.origins.length ? embed.origins.join(", ") : "None"}</dd>
            </>
          )}
        </dl>
      </section>
      <section className="card">
        <h2>What you may do here</h2>
        <RightsList questions={capabilitiesOf("assistant").map((capability) => [capability, assistant.id])} />
      </section>
    </>
  );
}

/** The capabilities on assistants that the plan withholds. */
function Withheld() {
  const { plan } = useConsole().facts;
  const withheld = capabilitiesOf("assistant").filter((capability) => plan?.withholds?.includes(capability));
  if (withheld.length === 0) return null;
  return (
    <Notice title={`Not in the organization’s plan${plan?.name ? ` (${plan.name})` : ""}`}>
      <p>
        {labelsOf(withheld)}: nobody has it, whatever their role. <Link href="/settings/roles">Roles and plan</Link>
      </p>
    </Notice>
  );
}
