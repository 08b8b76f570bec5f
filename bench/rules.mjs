// The rules' tables for the measured questions: capabilities of assistants, and the grants of each built-in relation. Data only; the logic is
// in naive.mjs.

/** Every capability of the questions, in a fixed order: the position is the bit. */
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

/** The grants of each built-in role or relation on an assistant. */
export const GRANTS = {
  owner: OWNER,
  team_owner: OWNER,
  team_viewer: VIEWER,
  editor: EDITOR,
  public: VIEWER,
};
