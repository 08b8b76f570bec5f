// View as: the console as another person sees it, with the reason for each button. The buttons do nothing.
import { useState } from "react";
import { useLocation, useParams } from "wouter";
import type { Overview } from "../../data/overview";
import { useOverview } from "../../data/use-overview";
import { useNames } from "../../data/names";
import { Button } from "../../ui/button";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { Loading } from "../../ui/loading";
import { Page } from "../../ui/page";
import { PersonPicker } from "../../ui/person-picker";
import { PersonView } from "./person-view";
import "./view-as.css";

const ADDRESS = "/access/view-as";

export default function ViewAs() {
  const { overview, pending, failure, retry } = useOverview();
  const { user } = useParams();
  const names = useNames();
  const [, navigate] = useLocation();
  const view = (id: string) => navigate(`${ADDRESS}/${encodeURIComponent(id)}`);
  const known = user !== undefined && overview?.facts.users?.find(({ id }) => id === user);

  return (
    <Page
      title={known ? `View as ${names.person(known.id)}` : "View as"}
      description="The console as another person sees it: what they see, what they may do, and why."
    >
      <Failure failure={failure} title={overview ? "This may be out of date" : "Nothing can be shown yet"} onRetry={retry} />
      {pending && <Loading what="Loading the organization" />}
      {overview && known && (
        <PersonView
          key={known.id}
          overview={overview}
          user={known}
          name={names.person(known.id)}
          onLeave={() => navigate(ADDRESS)}
        />
      )}
      {overview && user !== undefined && !known && (
        <Empty title="This person does not exist.">
          <p>They may have been removed.</p>
          <Button onClick={() => navigate(ADDRESS)}>Choose another person</Button>
        </Empty>
      )}
      {overview && user === undefined && <Choose overview={overview} onView={view} />}
    </Page>
  );
}

function Choose({ overview, onView }: { overview: Overview; onView: (user: string) => void }) {
  const [chosen, setChosen] = useState<string>();
  return (
    <form
      className="card view-as-choose"
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen !== undefined) onView(chosen);
      }}
    >
      <PersonPicker
        label="Person to view as"
        people={overview.facts.users ?? []}
        value={chosen}
        onChange={setChosen}
        required
        description="They are not notified, and nothing is done in their name."
      />
      <div className="actions">
        <Button type="submit" variant="primary">
          View
        </Button>
      </div>
    </form>
  );
}
