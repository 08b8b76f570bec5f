// Webhooks: the addresses to which the organization's events are sent, how they are doing, and the deliveries of each.
import { useParams } from "wouter";
import { WebhookDetail } from "./webhook-detail";
import { WebhookList } from "./webhook-list";
import "./webhooks.css";

export default function Webhooks() {
  const { id } = useParams();
  return id === undefined ? <WebhookList /> : <WebhookDetail key={id} id={decodeURIComponent(id)} />;
}
