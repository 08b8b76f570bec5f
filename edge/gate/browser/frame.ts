// The assistant inside a customer's page. The browser tells the embedding site's origin with the first message, and enforces
// `frame-ancestors` for every page around the frame.
import { assistantOf } from "./address";
import { openChat, refuse } from "./chat";
import { type FromFrame, type FromWidget, HELLO, PATIENCE } from "./protocol";
import { ChatClient } from "./client";

const main = document.getElementById("chat")!;
const timeout = setTimeout(() => refuse(main), PATIENCE);

if (window.parent === window) stop();
else addEventListener("message", hello);

function hello({ source, data, origin, ports: [port] }: MessageEvent): void {
  if (source !== window.parent || data?.type !== HELLO || !port) return;
  // Only the first message counts: the pass is for the sender, and the port leads to it.
  removeEventListener("message", hello);
  clearTimeout(timeout);
  void begin(origin, port);
}

function stop(): void {
  clearTimeout(timeout);
  refuse(main);
}

async function begin(embedder: string, port: MessagePort): Promise<void> {
  const say = (type: FromFrame["type"]) => port.postMessage({ type } satisfies FromFrame);
  const close = () => say("close");
  // A page with an opaque origin cannot be allowed. If our own origin is opaque, the gate cannot be asked.
  if (embedder === "null" || self.origin === "null") {
    stop();
    return say("refused");
  }
  let focus = () => {};
  port.onmessage = ({ data }: MessageEvent<FromWidget>) => {
    if (data.type === "opened") focus();
  };
  document.addEventListener("keydown", ({ key, isComposing }) => {
    if (key === "Escape" && !isComposing) close();
  });

  const onError = (focusButton: () => void) => {
    focus = focusButton;
    say("ready");
  };

  const client = new ChatClient(assistantOf(location), { embedder });
  const chat = await openChat(client, { main, close, onError });
  if (!chat) return say("refused");
  focus = chat.focus;
  say("ready");
}
