// Visible sentences. None of them says why a chat does not open, because a refused visitor must not learn the reason.
import type { Failure } from "./client";

/** The greeting of an assistant that has none of its own. */
export const GREETING = "Hello! What can I do for you?";

/** Instead of the chat. */
export const NOT_OPENED: Record<Exclude<Failure, "rejected">, { title: string; text: string }> = {
  refused: {
    title: "This chat isn’t available",
    text: "Check the address, or ask the person who gave it to you.",
  },
  limited: { title: "One moment, please", text: "Too many people are opening this chat right now. Please try again in a minute." },
  unavailable: { title: "Not available right now", text: "The chat cannot be reached at the moment. Please try again." },
};

export const OFFLINE = { title: "You are offline", text: "Connect to the internet, then try again." };

/** After a message that could not be sent. */
export const NOT_SENT: Record<Failure, string> = {
  refused: "You can no longer use this chat.",
  rejected: "The assistant cannot accept this message. Try a shorter one.",
  limited: "Too many messages at once. Please wait a minute.",
  unavailable: "This message was not sent.",
};

export const NOT_SENT_OFFLINE = "You are offline.";

export const NOT_SAVED: Record<Failure, string> = {
  refused: "You can no longer change this.",
  rejected: "This greeting cannot be accepted. Try a shorter one.",
  limited: "Too many changes at once. Please wait a minute, then save again.",
  unavailable: "The greeting was not saved. Please try again.",
};
