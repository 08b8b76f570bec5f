// The page of the present address: to whoever may open it, and a word on why to everybody else.
import { memo, Suspense } from "react";
import { Redirect, Route, Switch } from "wouter";
import { useConsole } from "../data/console";
import { NotAllowed } from "../why/not-allowed";
import { Loading } from "../ui/loading";
import { NotFound } from "./not-found";
import { mayOpen, type Place, PLACES } from "./places";
import { PageBoundary } from "./page-boundary";

/** Drawn anew when the address changes; each page itself when its answers do. */
export const Pages = memo(function Pages() {
  return (
    <Switch>
      <Route path="/">
        <Redirect to="/assistants" replace />
      </Route>
      {PLACES.map((place) => (
        <Route key={place.path} path={place.path}>
          <Opened place={place} />
        </Route>
      ))}
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
});

function Opened({ place }: { place: Place }) {
  return place.open ? <PageOf place={place} /> : <Guarded place={place} />;
}

function Guarded({ place }: { place: Place }) {
  const console = useConsole();
  if (mayOpen(place, console)) return <PageOf place={place} />;
  return <NotAllowed title={place.title} needs={place.needs === "everything" ? undefined : place.needs} />;
}

function PageOf({ place: { page: Its, path } }: { place: Place }) {
  return (
    <PageBoundary key={path}>
      <Suspense fallback={<Loading />}>
        <Its />
      </Suspense>
    </PageBoundary>
  );
}
