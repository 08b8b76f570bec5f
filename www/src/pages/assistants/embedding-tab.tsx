// The allowed websites, the script to paste, and a preview of the widget.
import { type FormEvent, useState } from "react";
import type { Assistant } from "wicketgate";
import { useNames } from "../../data/names";
import { failureInWords } from "../../data/problems";
import { useCommand } from "../../data/use-command";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { CopyButton } from "../../ui/copy-button";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { Notice } from "../../ui/notice";
import { TextField } from "../../ui/text-field";
import { ActionButton } from "../../why/action-button";
import { useWhyNot } from "../../why/use-why";
import { ShownToSharers } from "./shown-to-sharers";
import { whatIsWrong, whatItAllows } from "./sites";
import { WidgetPreview } from "./widget-preview";

export function EmbeddingTab({ assistant }: { assistant: Assistant }) {
  const { id, accessibility, embed } = assistant;
  const names = useNames();
  const command = useCommand();
  const whyNot = useWhyNot("assistant.share", id);
  const [typed, setTyped] = useState("");
  const [repeated, setRepeated] = useState(false);
  const sites = embed?.origins ?? [];
  const site = typed.trim().replace(/\/$/, "");
  const { failure } = command;
  const refused = failure?.kind === "refused" && failure.problem.path?.startsWith("origins[");
  const script = `<script src="${location.origin}/widget.js" data-assistant="${id}" async></script>`;

  const set = (origins: string[], words: string) =>
    command.send({ type: "set_embed", assistant: id, origins: origins.length > 0 ? origins : null }, () => words);
  const allow = (site: string) => set([...sites, site], `${whatItAllows(site) ?? site} may embed ${names.assistant(id)}.`);

  async function add(event: FormEvent): Promise<void> {
    event.preventDefault();
    setRepeated(sites.includes(site));
    if (whyNot === undefined && !sites.includes(site) && (await allow(site))) setTyped("");
  }

  function wrong(): string | undefined {
    if (repeated) return "This website is already allowed.";
    return refused ? (whatIsWrong(site) ?? failureInWords(failure)) : undefined;
  }

  return (
    <>
      {accessibility !== "public" && (
        <Notice kind="warn" title="This assistant is not public">
          <p>Websites show it to everybody, so embedding is not in effect until it is public. The list of websites is kept.</p>
        </Notice>
      )}
      <section className="card">
        <div>
          <h2>Allowed websites</h2>
          <p className="soft">
            Only these websites can show it. An address such as https://*.acme.example allows every website below acme.example.
          </p>
        </div>
        {whyNot !== undefined ? (
          <ShownToSharers what="The allowed websites" whyNot={whyNot} />
        ) : sites.length === 0 ? (
          <Empty title="No website may embed it." />
        ) : (
          <ul className="sites" aria-label="Allowed websites">
            {sites.map((site) => (
              <li key={site}>
                <span>
                  <code>{site}</code>{" "}
                  {site === "*" ? <Badge tone="warn">Every website</Badge> : <span className="soft">{whatItAllows(site)}</span>}
                </span>
                <Button
                  variant="quiet"
                  busy={command.busy}
                  aria-label={`Remove ${site}`}
                  onClick={() =>
                    void set(
                      sites.filter((one) => one !== site),
                      `${site} may no longer embed ${names.assistant(id)}.`,
                    )
                  }
                >
                  Remove
                </Button>
              </li>
            ))}
          </ul>
        )}
        <form className="add-site" onSubmit={(event) => void add(event)}>
          <TextField
            label="Add a website"
            value={typed}
            onChange={(text) => {
              setTyped(text);
              setRepeated(false);
              if (refused) command.clear();
            }}
            placeholder="https://docs.acme.example"
            error={wrong()}
          />
          <ActionButton do="assistant.share" on={id} type="submit" busy={command.busy}>
            Allow
          </ActionButton>
        </form>
        <Failure failure={refused ? undefined : failure} />
      </section>
      <section className="card">
        <div>
          <h2>The script</h2>
          <p className="soft">
            Paste it into the body of the pages of an allowed website. It adds a button in the corner, which opens the chat.
          </p>
        </div>
        <pre className="snippet">
          <code>{script}</code>
        </pre>
        <div className="actions">
          <CopyButton text={script} what="the script" />
        </div>
      </section>
      <WidgetPreview assistant={assistant} sites={sites} onAllow={() => void allow(location.origin)} />
    </>
  );
}
