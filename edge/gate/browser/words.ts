// What people are told. None of it says why something does not open: that is nobody's business who may not come in.
import type { Trouble } from "./session";

/** What an assistant begins with that has nothing of its own. */
export const GREETING = "Hello! What can I do for you?";

/** Before the chat is there. */
export const NOT_OPENED: Record<Exclude<Trouble, "rejected">, { title: string; text: string }> = {
  refused: {
    title: "Nothing opens here",
    text: "This chat is not available to you. Check the address, or ask whoever gave it to you.",
  },
  limited: { title: "One moment, please", text: "Too many people are coming in just now. Please try again in a minute." },
  unavailable: { title: "Not available right now", text: "The chat cannot be reached at the moment. Please try again." },
};

export const OFFLINE = { title: "You are offline", text: "The chat opens when you are connected again." };

/** After a message that could not be sent. */
export const NOT_SENT: Record<Trouble, string> = {
  refused: "This chat is no longer open to you.",
  rejected: "The assistant could not take this message. A shorter one may do.",
  limited: "That was a lot at once: wait a minute.",
  unavailable: "This did not arrive.",
};

export const NOT_SENT_OFFLINE = "You are offline.";

export const NOT_SAVED: Record<Trouble, string> = {
  refused: "You can no longer change this.",
  rejected: "This greeting could not be taken. A shorter one may do.",
  limited: "That was a lot at once. Please wait a minute and save again.",
  unavailable: "It could not be saved. Please try again.",
};
