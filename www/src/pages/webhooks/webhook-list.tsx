// All webhooks, and the keys that verify what they send.
import { useMemo, useState } from "react";
import { Link } from "wouter";
import { ActionTable } from "../../ui/action-table";
import { Badge } from "../../ui/badge";
import type { Column } from "../../ui/data-table";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { Loading } from "../../ui/loading";
import { Page } from "../../ui/page";
import { Time } from "../../ui/time";
import { ActionButton } from "../../why/action-button";
import { SigningKeys } from "./signing-keys";
import { useWebhookActions } from "./use-webhook-actions";
import { useWebhooks } from "./use-webhooks";
import { WebhookForm } from "./webhook-form";
import { nameOf, outcomeOf, stateOf, type WebhookRow } from "./words";

export function WebhookList() {
  const { value, failure, pending, retry } = useWebhooks();
  const [creating, setCreating] = useState(false);
  const { actions, dialog } = useWebhookActions(retry);
  const columns = useMemo(columnsOf, []);

  return (
    <Page
      title="Webhooks"
      description="Each change of the organization is sent to these addresses, in order, signed."
      actions={
        <ActionButton do="integrations.manage" variant="primary" onClick={() => setCreating(true)}>
          New webhook
        </ActionButton>
      }
    >
      <Failure failure={failure} title={value ? "This may be out of date" : "Nothing can be shown yet"} onRetry={retry} />
      {pending && <Loading what="Loading the webhooks" />}
      {value && (
        <ActionTable
          caption="Webhooks"
          columns={columns}
          rows={value.webhooks}
          rowId={(row) => row.id}
          rowName={nameOf}
          actions={actions}
          empty={
            <Empty title="There are no webhooks.">
              <p>A webhook tells another service of yours at once what changes here: who was suspended, which team was created.</p>
            </Empty>
          }
        />
      )}
      {value && <SigningKeys keys={value.keys} />}
      {creating && <WebhookForm onClose={() => setCreating(false)} />}
      {dialog}
    </Page>
  );
}

function columnsOf(): Column<WebhookRow>[] {
  return [
    {
      id: "name",
      header: "Webhook",
      value: nameOf,
      cell: (row) => (
        <>
          <Link href={`/settings/webhooks/${encodeURIComponent(row.id)}`}>{nameOf(row)}</Link>
          <span className="soft webhook-address">{new URL(row.url).host}</span>
        </>
      ),
    },
    { id: "events", header: "Events", value: eventsOf, from: "tablet", width: "8rem" },
    {
      id: "state",
      header: "State",
      value: (row) => stateOf(row).word,
      cell: (row) => <State row={row} />,
      width: "11rem",
    },
    {
      id: "last",
      header: "Last delivery",
      value: ({ last }) => last?.at,
      cell: ({ last }) =>
        last ? (
          <>
            <Time at={last.at} />
            <span className="soft webhook-address">{outcomeOf(last).word}</span>
          </>
        ) : (
          <span className="soft">None yet</span>
        ),
      width: "13rem",
      from: "tablet",
    },
    { id: "behind", header: "Waiting", value: ({ behind }) => behind, width: "6rem", align: "end", from: "desktop" },
  ];
}

function eventsOf({ events }: WebhookRow): string {
  return events ? (events.length === 1 ? "1 kind" : `${events.length} kinds`) : "All";
}

export function State({ row }: { row: WebhookRow }) {
  const { tone, word, more } = stateOf(row);
  return (
    <>
      <Badge tone={tone}>{word}</Badge>
      {more !== undefined && <span className="soft webhook-address">{more}</span>}
    </>
  );
}
