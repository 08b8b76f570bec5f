// What an edit link opens beside the chat: a form for what the assistant begins with.
import { LONGEST } from "../longest";
import { type Chat, troubleOf } from "./chat";
import { element } from "./element";
import type { Session } from "./session";
import { NOT_SAVED } from "./words";

export function greetingEditor(session: Session, chat: Chat): HTMLElement {
  const text = element("textarea", { id: "greeting", rows: "3", maxlength: String(LONGEST) });
  text.value = chat.greeting;
  const save = element("button", { type: "submit" }, "Save");
  const said = element("p", { class: "said", role: "status" });
  const form = element(
    "form",
    {},
    element("label", { for: "greeting" }, "What the assistant begins with"),
    text,
    element("div", { class: "row" }, save, said),
  );
  let busy = false;

  const saveGreeting = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    said.textContent = "Saving…";
    try {
      const greeting = text.value.trim();
      await session.request("PUT", "/greeting", { greeting });
      chat.greet(greeting);
      said.textContent = "Saved.";
    } catch (error) {
      said.textContent = NOT_SAVED[troubleOf(error)];
    }
    busy = false;
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void saveGreeting();
  });
  return element("details", { class: "editor" }, element("summary", {}, "Edit the greeting"), form);
}
