// Share links: they open the assistant without signing in.
import { useMemo, useState } from "react";
import type { Assistant, Link } from "wicketgate";
import { useCommand } from "../../data/use-command";
import { ActionTable } from "../../ui/action-table";
import { Badge } from "../../ui/badge";
import type { Column } from "../../ui/data-table";
import { ConfirmDialog } from "../../ui/dialog";
import { Empty } from "../../ui/empty";
import { ActionButton } from "../../why/action-button";
import { useWhyNot } from "../../why/use-why";
import { Expiry } from "../shared/holdings-table";
import { hasExpired } from "../shared/holdings";
import { CreateLink } from "./create-link";
import { ShownToSharers } from "./shown-to-sharers";

export const LEVELS = { view: "View and chat", edit: "View, chat and edit" } as const;

export function LinksTab({ assistant }: { assistant: Assistant }) {
  const { id, accessibility, links = [] } = assistant;
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<Link>();
  const whyNot = useWhyNot("assistant.share", id);
  const isPublic = accessibility === "public";
  const columns = useMemo(() => columnsFor(isPublic), [isPublic]);

  return (
    <section className="card">
      <div className="card-head">
        <div>
          <h2>Share links</h2>
          <p className="soft">
            Everybody who has a share link can open the assistant, signed in or not. The link is shown once, when it is created.
          </p>
        </div>
        <ActionButton
          do="assistant.share"
          on={id}
          variant="primary"
          whyNot={isPublic ? undefined : "Links work only for public assistants. Make it public first, under Access."}
          onClick={() => setCreating(true)}
        >
          New link
        </ActionButton>
      </div>
      {whyNot === undefined ? (
        <ActionTable
          caption="Share links"
          columns={columns}
          rows={links}
          rowId={(link) => link.id}
          rowName={(link) => `link ${link.id}`}
          actions={(link) => [{ id: "revoke", label: "Revoke", danger: true, onAction: () => setRevoking(link) }]}
          empty={<Empty title="There are no links." />}
        />
      ) : (
        <ShownToSharers what="The share links" whyNot={whyNot} />
      )}
      {creating && <CreateLink assistant={assistant} onClose={() => setCreating(false)} />}
      {revoking && <RevokeLink assistant={id} link={revoking} onClose={() => setRevoking(undefined)} />}
    </section>
  );
}

function columnsFor(isPublic: boolean): Column<Link>[] {
  return [
    {
      id: "link",
      header: "Link",
      value: ({ id }) => id,
      cell: (link) => (
        <>
          <code>{link.id}</code>
          <span className="soft below-tablet">
            {LEVELS[link.level]} · {stateOf(link, isPublic)}
          </span>
        </>
      ),
    },
    { id: "level", header: "Allows", value: ({ level }) => LEVELS[level], from: "tablet" },
    {
      id: "state",
      header: "Now",
      value: (link) => stateOf(link, isPublic),
      cell: (link) => <State link={link} isPublic={isPublic} />,
      width: "12rem",
      from: "tablet",
    },
    {
      id: "expires",
      header: "Expires",
      value: ({ expires }) => expires ?? Infinity,
      cell: ({ expires }) => <Expiry at={expires} />,
      width: "9rem",
    },
  ];
}

function stateOf(link: Link, isPublic: boolean): string {
  return hasExpired(link) ? "Expired" : isPublic ? "Active" : "Not in effect";
}

function State({ link, isPublic }: { link: Link; isPublic: boolean }) {
  const state = stateOf(link, isPublic);
  return (
    <>
      <Badge tone={state === "Active" ? "good" : state === "Not in effect" ? "warn" : "bad"}>{state}</Badge>
      {state === "Not in effect" && <div className="soft">The assistant is not public</div>}
    </>
  );
}

function RevokeLink({ assistant, link, onClose }: { assistant: string; link: Link; onClose: () => void }) {
  const command = useCommand();

  async function revoke(): Promise<void> {
    if (await command.send({ type: "revoke_link", assistant, link: link.id }, () => `The link ${link.id} no longer works.`))
      onClose();
  }

  return (
    <ConfirmDialog
      title={`Revoke the link ${link.id}?`}
      submit="Revoke"
      cancel="Keep"
      busy={command.busy}
      failure={command.failure}
      onSubmit={() => void revoke()}
      onClose={onClose}
    >
      <p>Everybody who uses the link loses access, also in open chats. You can’t undo this: a new link has another address.</p>
    </ConfirmDialog>
  );
}
