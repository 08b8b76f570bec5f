// The assistant inside a customer's page. Who embeds it is what the browser says of the message's sender; that this is true for
// every page around it, the browser enforces by `frame-ancestors`.
import { assistantOf } from "./address";
import { openChat, refuse } from "./chat";
import { type FromFrame, type FromWidget, HELLO, PATIENCE } from "./protocol";
import { Session } from "./session";

const main = document.getElementById("chat")!;
const nobody = setTimeout(() => refuse(main), PATIENCE);

if (window.parent === window) stop();
else addEventListener("message", hello);

function hello({ source, data, origin, ports: [port] }: MessageEvent): void {
  if (source !== window.parent || data?.type !== HELLO || !port) return;
  // The first one counts: who holds the port is who the pass is for.
  removeEventListener("message", hello);
  clearTimeout(nobody);
  void begin(origin, port);
}

function stop(): void {
  clearTimeout(nobody);
  refuse(main);
}

async function begin(embedder: string, port: MessagePort): Promise<void> {
  const say = (type: FromFrame["type"]) => port.postMessage({ type } satisfies FromFrame);
  const close = () => say("close");
  // A page without an origin of its own is no site that could be allowed; without one of ours, we cannot ask.
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

  const troubled = (there: () => void) => {
    focus = there;
    say("ready");
  };

  const session = new Session(assistantOf(location), { embedder });
  const chat = await openChat(session, { main, close, troubled });
  if (!chat) return say("refused");
  focus = chat.focus;
  say("ready");
}
