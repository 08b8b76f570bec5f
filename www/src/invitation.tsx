// The page behind the link in an invitation e-mail. The secret is in the fragment, which browsers do not send to servers.
// It is removed from the address and from the history before anything else happens.
import { useState } from "react";
import { createRoot } from "react-dom/client";
import { ApiError, type Failure, failureOf, startInvitation } from "./data/api";
import { failureInWords } from "./data/problems";
import { Button } from "./ui/button";
import "./styles/index.css";
import { BrandBar } from "./shell/brand-bar";

const token = location.hash.slice(1);
history.replaceState(null, "", location.pathname);

function Invitation() {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();

  async function accept(): Promise<void> {
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      const next = new URL(await startInvitation(token), location.href);
      if (next.protocol !== "https:" && next.protocol !== "http:") throw new ApiError({ kind: "network" });
      location.assign(next);
    } catch (error) {
      setFailure(failureOf(error));
      setBusy(false);
    }
  }

  return (
    <>
      <BrandBar />
      <main className="alone">
        <section className="card signed-out">
          <h1>You are invited</h1>
          {token === "" ? (
            <p>This address is incomplete. Open the link in the invitation e-mail again.</p>
          ) : (
            <>
              <p>To accept, sign in with the e-mail address that the invitation was sent to. The link works once.</p>
              <Button variant="primary" busy={busy} onClick={() => void accept()}>
                Accept and sign in
              </Button>
            </>
          )}
          {failure && (
            <p role="alert" className="problem">
              {failureInWords(failure)}
            </p>
          )}
        </section>
      </main>
    </>
  );
}

createRoot(document.getElementById("root")!).render(<Invitation />);
