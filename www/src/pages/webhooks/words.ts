// States of webhooks and outcomes of deliveries, in words.
import type { Delivery, WebhooksAnswer } from "@wicketgate/edge/wire";
import { timeAway } from "../../lib/time";

export type WebhookRow = WebhooksAnswer["webhooks"][number];

export type Tone = "good" | "warn" | "bad" | "plain";

export function nameOf({ id, name }: Pick<WebhookRow, "id" | "name">): string {
  return name ?? id;
}

export function stateOf({ paused, failing_since: since }: WebhookRow): { tone: Tone; word: string; more?: string } {
  switch (paused) {
    case "disabled":
      return { tone: "plain", word: "Switched off", ...(since !== undefined && { more: `It failed since ${timeAway(since)}.` }) };
    case "plan":
      return { tone: "warn", word: "Not in the plan" };
    case "address":
      return { tone: "bad", word: "Address not allowed" };
    default:
      return since === undefined
        ? { tone: "good", word: "Active" }
        : { tone: "bad", word: "Failing", more: `Since ${timeAway(since)}.` };
  }
}

export function outcomeOf({ outcome, status }: Delivery): { tone: Tone; word: string } {
  switch (outcome) {
    case "delivered":
      return { tone: "good", word: `Accepted (${status})` };
    case "status":
      return { tone: "bad", word: `Refused (${status})` };
    case "redirect":
      return { tone: "bad", word: `Redirect, not followed (${status})` };
    case "timeout":
      return { tone: "bad", word: "No answer in 15 seconds" };
    case "connection":
      return { tone: "bad", word: "No connection" };
  }
}

/** The outcome as a sentence for the status line. */
export function outcomeSentence(delivery: Delivery): string {
  return delivery.outcome === "delivered"
    ? `The receiver accepted it (${delivery.status}).`
    : `The receiver did not accept it: ${outcomeOf(delivery).word}.`;
}
