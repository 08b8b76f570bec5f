// One webhook: its address, its state, and its latest deliveries, which can be sent again.
import type { Delivery } from "@wicketgate/edge/wire";
import { useMemo } from "react";
import { sendAgain } from "../../data/api";
import { ActionTable } from "../../ui/action-table";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import type { Column } from "../../ui/data-table";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { Loading } from "../../ui/loading";
import { Notice } from "../../ui/notice";
import { Page } from "../../ui/page";
import { Time } from "../../ui/time";
import { useByHand } from "./use-by-hand";
import { useDeliveries, useWebhooks } from "./use-webhooks";
import { useWebhookActions } from "./use-webhook-actions";
import { State } from "./webhook-list";
import { nameOf, outcomeOf, type WebhookRow } from "./words";

const PARENT = { title: "Webhooks", path: "/settings/webhooks" };

export function WebhookDetail({ id }: { id: string }) {
  const { value, failure, pending, retry } = useWebhooks();
  const webhook = value?.webhooks.find((row) => row.id === id);
  if (webhook) return <Detail webhook={webhook} retry={retry} failure={<Failure failure={failure} onRetry={retry} />} />;
  return (
    <Page title="Webhook" parent={PARENT}>
      {pending && <Loading what="Loading the webhook" />}
      <Failure failure={failure} title="Nothing can be shown yet" onRetry={retry} />
      {value && <Empty title="There is no such webhook. It may have been deleted." />}
    </Page>
  );
}

function Detail({ webhook, retry, failure }: { webhook: WebhookRow; retry: () => void; failure: React.ReactNode }) {
  const deliveries = useDeliveries(webhook.id);
  const again = () => {
    retry();
    deliveries.retry();
  };
  const { actions, dialog } = useWebhookActions(again);
  const byHand = useByHand(again);
  const columns = useMemo(columnsOf, []);

  return (
    <Page
      title={nameOf(webhook)}
      parent={PARENT}
      description={<code className="webhook-address">{webhook.url}</code>}
      actions={actions(webhook).map(({ id, label, danger, onAction }) => (
        <Button key={id} variant={danger ? "danger" : undefined} onClick={onAction}>
          {label}
        </Button>
      ))}
    >
      {failure}
      {dialog}
      <Failure failure={byHand.failure} />
      <Warning webhook={webhook} />
      <section className="card">
        <div className="card-head">
          <div>
            <h2>Deliveries</h2>
            <p className="soft">The latest ones. An event that was not accepted is sent again by itself, before later ones.</p>
          </div>
          <div>
            <State row={webhook} />
          </div>
        </div>
        <Failure failure={deliveries.failure} onRetry={deliveries.retry} />
        {deliveries.pending && <Loading what="Loading the deliveries" />}
        {deliveries.value && (
          <ActionTable
            caption="Deliveries"
            columns={columns}
            rows={deliveries.value}
            rowId={(row) => String(row.id)}
            rowName={({ type, version }) => (version === undefined ? "the test event" : `${type}, version ${version}`)}
            actions={({ id, version }) => [
              {
                id: "again",
                label: "Send again",
                onAction: () => void byHand.send(() => sendAgain(webhook.id, id)),
                whyNot: version === undefined ? "A test is about no event. Send a new one." : undefined,
              },
            ]}
            empty={
              <Empty title="Nothing has been sent yet.">It sends each event after its creation. Try it with a test event.</Empty>
            }
          />
        )}
      </section>
    </Page>
  );
}

/** Why nothing is sent, and what to do. */
function Warning({ webhook: { paused, failing_since: since, next_attempt: next, behind } }: { webhook: WebhookRow }) {
  const waiting = behind === 1 ? "One event is waiting." : `${behind} events are waiting.`;
  if (paused === "disabled") {
    return (
      <Notice kind="warn" title="It is switched off">
        <p>
          {behind > 0 && `${waiting} `}When you switch it on, it goes on after the last event that was accepted. Nothing is lost.
        </p>
      </Notice>
    );
  }
  if (paused === "plan") return <Notice kind="warn" title="The plan does not include webhooks" />;
  if (paused === "address") {
    return (
      <Notice kind="warn" title="Its address may not be called">
        <p>It leads into a private network. Change it to an address on the internet.</p>
      </Notice>
    );
  }
  if (since === undefined) return null;
  return (
    <Notice kind="warn" title="The receiver does not accept events">
      <p>
        It began <Time at={since} />. {waiting}{" "}
        {next !== undefined && (
          <>
            The next attempt is <Time at={next} />.{" "}
          </>
        )}
        After three days without success it is switched off, and you get a mail.
      </p>
    </Notice>
  );
}

function columnsOf(): Column<Delivery>[] {
  return [
    { id: "type", header: "Event", value: ({ type }) => type, cell: ({ type }) => <code>{type}</code> },
    { id: "version", header: "Version", value: ({ version }) => version, width: "6rem", align: "end", from: "tablet" },
    {
      id: "outcome",
      header: "Outcome",
      value: (row) => outcomeOf(row).word,
      cell: (row) => <Badge tone={outcomeOf(row).tone}>{outcomeOf(row).word}</Badge>,
      width: "45%",
    },
    { id: "attempts", header: "Attempts", value: ({ attempts }) => attempts, width: "6rem", align: "end", from: "desktop" },
    { id: "at", header: "When", value: ({ at }) => at, cell: ({ at }) => <Time at={at} />, width: "9rem", from: "tablet" },
  ];
}
