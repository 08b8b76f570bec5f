// Confirms that an assistant is deleted, with a list of what is deleted too.
import { useLocation } from "wouter";
import type { Assistant } from "wicketgate";
import { useConsole } from "../../data/console-context";
import { useNames } from "../../data/names";
import { useCommand } from "../../data/use-command";
import { ConfirmDialog } from "../../ui/dialog";
import { listOf } from "../../lib/sentences";
import { quantity } from "../../lib/sentences";
import { useExtendedFacts } from "../shared/extended-facts";

export function DeleteAssistant({ assistant, onClose }: { assistant: Assistant; onClose: () => void }) {
  const { id } = assistant;
  const { me } = useConsole();
  const names = useNames();
  const extended = useExtendedFacts();
  const command = useCommand();
  const [, navigate] = useLocation();
  // Only people who may share the assistant see its links and websites.
  const shares = me.can("assistant.share", id);
  const name = names.assistant(id);
  const { grants = [], links = [], embed } = extended.facts.assistants?.find((one) => one.id === id) ?? assistant;

  async function remove(): Promise<void> {
    if (await command.send({ type: "delete_assistant", assistant: id }, () => `${name} is deleted.`)) navigate("/assistants");
  }

  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      submit={`Delete ${name}`}
      cancel="Keep"
      busy={command.busy}
      failure={command.failure}
      onSubmit={() => void remove()}
      onClose={onClose}
    >
      <p>You can’t undo this. It also deletes:</p>
      <ul className="plain">
        <li>
          {extended.loading || extended.failure
            ? "the roles that people have on it"
            : quantity(grants.length, "role that somebody has on it", "roles that people have on it")}
        </li>
        <li>
          {!shares
            ? "its share links"
            : quantity(links.length, "share link, which stops working", "share links, which stop working")}
        </li>
        <li>
          {!shares
            ? "its widget on websites"
            : embed?.origins.length
              ? `its widget on ${listOf(embed.origins)}`
              : "no widget on a website"}
        </li>
      </ul>
    </ConfirmDialog>
  );
}
