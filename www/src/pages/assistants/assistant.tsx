// One assistant: the reader's rights, access, share links, embedding and settings.
import { useLocation, useParams } from "wouter";
import { useConsole } from "../../data/console-context";
import { useNames } from "../../data/names";
import { Badge } from "../../ui/badge";
import { Empty } from "../../ui/empty";
import { Page } from "../../ui/page";
import { Tabs } from "../../ui/tabs";
import { ACCESSIBILITY } from "../../why/words";
import { AccessTab } from "./access-tab";
import { EmbeddingTab } from "./embedding-tab";
import { LinksTab } from "./links-tab";
import { OverviewTab } from "./overview-tab";
import { TONES } from "./rows";
import { SettingsTab } from "./settings-tab";
import "../shared/shared.css";
import "./assistants.css";

const PARENT = { title: "Assistants", path: "/assistants" };

export default function AssistantPage() {
  const { id = "", tab = "overview" } = useParams();
  const { me, facts } = useConsole();
  const names = useNames();
  const [, navigate] = useLocation();
  const assistant = facts.assistants?.find((one) => one.id === id);
  if (!assistant || !me.can("assistant.view", id)) {
    return (
      <Page title="Assistant" parent={PARENT}>
        <Empty title="This assistant does not exist, or you can’t see it.">
          <p>Ask the person who sent you here, or the owner, for access.</p>
        </Empty>
      </Page>
    );
  }

  const tabs = [
    { id: "overview", label: "Overview", content: () => <OverviewTab assistant={assistant} /> },
    { id: "access", label: "Access", content: () => <AccessTab assistant={assistant} /> },
    { id: "links", label: "Share links", content: () => <LinksTab assistant={assistant} /> },
    { id: "embedding", label: "Embedding", content: () => <EmbeddingTab assistant={assistant} /> },
    { id: "settings", label: "Settings", content: () => <SettingsTab assistant={assistant} /> },
  ];
  return (
    <Page
      title={names.assistant(id)}
      parent={PARENT}
      description={
        <>
          {names.place(assistant.project)}{" "}
          <Badge tone={TONES[assistant.accessibility]}>{ACCESSIBILITY[assistant.accessibility]}</Badge>
        </>
      }
      actions={
        assistant.accessibility === "public" &&
        me.can("assistant.chat", id) && (
          <a className="button" href={`/a/${encodeURIComponent(id)}`} target="_blank" rel="noreferrer">
            Open the chat
          </a>
        )
      }
    >
      <Tabs
        label="About this assistant"
        tabs={tabs}
        selected={tabs.some((one) => one.id === tab) ? tab : "overview"}
        onSelect={(next) => navigate(`/assistants/${encodeURIComponent(id)}${next === "overview" ? "" : `/${next}`}`)}
      />
    </Page>
  );
}
