// The console: header, navigation and the open page.
import { Link, useRoute } from "wouter";
import { ConsoleProvider } from "./data/console-context";
import { type LiveState, useLive } from "./data/use-live";
import { Account } from "./shell/account";
import { Expired } from "./shell/expired";
import { FailureNotice } from "./shell/failure-notice";
import { Navigation } from "./shell/navigation";
import { OrganizationsMenu } from "./shell/organizations-menu";
import { Pages } from "./shell/pages";
import { SignedOut } from "./shell/signed-out";
import { Loading } from "./ui/loading";
import { StatusProvider } from "./ui/status-line";

export function App() {
  const [state, retry] = useLive();
  const [onInspector] = useRoute("/inspector");
  const ready = state.phase === "ready" ? state : undefined;
  return (
    <StatusProvider>
      <ConsoleProvider opened={ready?.opened}>
        <a className="skip" href="#main">
          Skip to the page
        </a>
        <header className="bar">
          <Link href="/" className="brand">
            <img src="/icon.svg" alt="" width="26" height="26" />
            Wicketgate
          </Link>
          {ready && <OrganizationsMenu />}
          {ready && <Account freshness={ready.freshness} clockOffset={ready.clockOffset} />}
        </header>
        <div className="frame">
          {ready && ready.freshness !== "expired" && <Navigation />}
          <main id="main" tabIndex={-1}>
            {onInspector ? <Pages /> : <Content state={state} retry={retry} />}
          </main>
        </div>
      </ConsoleProvider>
    </StatusProvider>
  );
}

function Content({ state, retry }: { state: LiveState; retry: () => void }) {
  switch (state.phase) {
    case "connecting":
      return <Loading what="Connecting to the authority" />;
    case "signed_out":
      return <SignedOut code={state.code} />;
    case "failed":
      return <FailureNotice failure={state.failure} onRetry={retry} />;
    case "ready":
      return state.freshness === "expired" ? <Expired onRetry={state.refresh} /> : <Pages />;
  }
}
