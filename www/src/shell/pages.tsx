// The page at the present address, or the reason why the person may not open it.
import { memo, Suspense } from "react";
import { Redirect, Route, Switch } from "wouter";
import { useConsole } from "../data/console-context";
import { mayOpen, type PagePath, type Place, PLACES } from "../data/places";
import { Loading } from "../ui/loading";
import { NotAllowed } from "../why/not-allowed";
import { NotFound } from "./not-found";
import { PageBoundary } from "./page-boundary";
import { PAGE_COMPONENTS } from "./page-components";

/** Rendered again when the address changes, not when the snapshot does: each page follows that itself. */
export const Pages = memo(function Pages() {
  return (
    <Switch>
      <Route path="/">
        <Redirect to="/assistants" replace />
      </Route>
      {PLACES.map((place) => (
        <Route key={place.path} path={place.path}>
          {place.anonymous ? <PageAt path={place.path} /> : <GuardedPage place={place} />}
        </Route>
      ))}
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
});

function GuardedPage({ place }: { place: Place }) {
  const context = useConsole();
  if (mayOpen(place, context)) return <PageAt path={place.path} />;
  return <NotAllowed title={place.title} needs={place.needs === "everything" ? undefined : place.needs} />;
}

function PageAt({ path }: { path: PagePath }) {
  const Page = PAGE_COMPONENTS[path];
  return (
    <PageBoundary key={path}>
      <Suspense fallback={<Loading />}>
        <Page />
      </Suspense>
    </PageBoundary>
  );
}
