// Where the link in an invitation's mail leads. The secret in it is in the fragment, which no server sees; it is taken out
// of the address and of the history before anything else happens.
import { useState } from "react";
import { createRoot } from "react-dom/client";
import { ApiError, type Failure, failureOf, startInvitation } from "./api";
import { failureInWords } from "./problems";
import "./styles.css";

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
      <header className="bar"><h1><img src="/icon.svg" alt="" width="28" height="28" /> Wicketgate</h1></header>
      <main>
        <section className="card signed-out">
          <h2>You are invited</h2>
          {token === "" ? (
            <p>This address is not complete. Open the link in the invitation’s mail once more.</p>
          ) : (
            <>
              <p>Accept the invitation by signing in with the e-mail address that it was sent to. It works once.</p>
              <button type="button" className="primary" aria-disabled={busy} onClick={accept}>Accept and sign in</button>
            </>
          )}
          {failure && <p role="alert" className="problem">{failureInWords(failure)}</p>}
        </section>
      </main>
    </>
  );
}

createRoot(document.getElementById("root")!).render(<Invitation />);
