// The page behind a share link. The key is in the address's fragment, which browsers send to nobody; from there it goes into the
// body of one request and nowhere else. Without a key it is asked for whoever is signed in.
import { assistantOf } from "./address";
import { openChat } from "./chat";
import { greetingEditor } from "./greeting";
import { Session } from "./session";

// Another key in the same address does not load the page by itself.
addEventListener("hashchange", () => location.reload());
void begin(location.hash.slice(1));

async function begin(key: string): Promise<void> {
  const main = document.getElementById("chat")!;
  const session = new Session(assistantOf(location), key === "" ? { member: true } : { key });
  const chat = await openChat(session, { main, troubled: (focus) => focus() });
  if (!chat) return;
  chat.focus();
  if (chat.capabilities.includes("assistant.edit")) main.querySelector("header")!.after(greetingEditor(session, chat));
}
