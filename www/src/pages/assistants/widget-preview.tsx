// A preview with the real widget, placed into this page. As on any website, it opens only if this page's address is allowed.
import { useEffect, useState } from "react";
import type { Assistant } from "wicketgate";
import { useNames } from "../../data/names";
import { Button } from "../../ui/button";
import { ActionButton } from "../../why/action-button";
import { allows } from "./sites";

interface Props {
  assistant: Assistant;
  sites: readonly string[];
  onAllow: () => void;
}

export function WidgetPreview({ assistant: { id, accessibility }, sites, onAllow }: Props) {
  const names = useNames();
  const [wanted, setWanted] = useState(false);
  const allowed = accessibility === "public" && sites.some((site) => allows(site, location.origin));
  const shown = wanted && allowed;
  const label = `Chat with ${names.assistant(id)}`;
  useEffect(() => (shown ? placeWidget(id, label) : undefined), [shown, id, label]);

  return (
    <section className="card">
      <h2>Preview</h2>
      {allowed ? (
        <>
          <p className="soft">This is the widget as visitors see it. Its button is at the bottom right of this page.</p>
          <div className="actions">
            <Button aria-pressed={shown} onClick={() => setWanted(!shown)}>
              {shown ? "Hide the widget" : "Show the widget here"}
            </Button>
          </div>
        </>
      ) : accessibility !== "public" ? (
        <p className="soft">There is no preview while it is not public. Make it public first, under Access.</p>
      ) : (
        <>
          <p className="soft">
            This console is at <code>{location.origin}</code>, which is not an allowed website. To see the widget here, allow this
            address, and remove it afterwards.
          </p>
          <div className="actions">
            <ActionButton do="assistant.share" on={id} onClick={onAllow}>
              Allow this address
            </ActionButton>
          </div>
        </>
      )}
    </section>
  );
}

/** Adds the script element that customers paste. @returns a function that removes the widget */
function placeWidget(assistant: string, label: string): () => void {
  const script = document.createElement("script");
  script.src = "/widget.js";
  Object.assign(script.dataset, { assistant, label });
  let wanted = true;
  const clear = () => document.querySelector(`wicketgate-widget[data-assistant="${CSS.escape(assistant)}"]`)?.remove();
  // A script element that is removed while it loads still runs.
  script.addEventListener("load", () => wanted || clear());
  document.body.append(script);
  return () => {
    wanted = false;
    script.remove();
    clear();
  };
}
