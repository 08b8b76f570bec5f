// The tables of the rules that the measured questions touch: capabilities of assistants,
// and what each built-in relation grants. Data only; the logic is in naive.mjs.

/** Every capability that is asked of an assistant, in a fixed order: its place is its bit. */
export const CAPABILITIES = [
  "assistant.view",
  "assistant.chat",
  "assistant.edit",
  "assistant.delete",
  "assistant.share",
  "corpus.view",
  "corpus.manage",
  "conversations.view",
  "conversations.takeover",
  "channels.deploy",
  "actions.manage",
  "analytics.view",
  "evaluation.run",
  "responses.supporting_content",
  "responses.thought_process",
];

const VIEWER = ["assistant.view", "assistant.chat"];
const EDITOR = [...VIEWER, "assistant.edit", "corpus.view"];
const OWNER = CAPABILITIES.slice(0, 12);

/** What each built-in role or relation grants on an assistant. */
export const GRANTS = {
  owner: OWNER,
  team_owner: OWNER,
  team_viewer: VIEWER,
  editor: EDITOR,
  public: VIEWER,
};
