// The form of an edit link, above the chat: changes the assistant's greeting.
import { MAX_TEXT } from "../max-text";
import { type Chat, failureOf } from "./chat";
import { element } from "./element";
import type { ChatClient } from "./client";
import { NOT_SAVED } from "./words";

export function greetingEditor(client: ChatClient, chat: Chat): HTMLElement {
  const text = element("textarea", { id: "greeting", rows: "3", maxlength: String(MAX_TEXT) });
  text.value = chat.greeting;
  const save = element("button", { type: "submit" }, "Save");
  const result = element("p", { class: "said", role: "status" });
  const form = element(
    "form",
    {},
    element("label", { for: "greeting" }, "The assistant’s greeting"),
    text,
    element("div", { class: "row" }, save, result),
  );
  let busy = false;

  const saveGreeting = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    result.textContent = "Saving…";
    try {
      const greeting = text.value.trim();
      await client.request("PUT", "/greeting", { greeting });
      chat.greet(greeting);
      result.textContent = "Saved.";
    } catch (error) {
      result.textContent = NOT_SAVED[failureOf(error)];
    }
    busy = false;
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void saveGreeting();
  });
  return element("details", { class: "editor" }, element("summary", {}, "Edit the greeting"), form);
}
