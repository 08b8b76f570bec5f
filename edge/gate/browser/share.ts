// The page of a share link. The key is in the address's fragment, which browsers send to no server. It is sent in the body of one request and
// nowhere else. Without a key, the signed-in person's session is the credential.
import { assistantOf } from "./address";
import { openChat } from "./chat";
import { greetingEditor } from "./greeting";
import { ChatClient } from "./client";

// A changed fragment does not load the page by itself, and another key is another chat.
addEventListener("hashchange", () => location.reload());
void begin(location.hash.slice(1));

async function begin(key: string): Promise<void> {
  const main = document.getElementById("chat")!;
  const client = new ChatClient(assistantOf(location), key === "" ? { member: true } : { key });
  const chat = await openChat(client, { main, onError: (focus) => focus() });
  if (!chat) return;
  chat.focus();
  if (chat.capabilities.includes("assistant.edit")) main.querySelector("header")!.after(greetingEditor(client, chat));
}
