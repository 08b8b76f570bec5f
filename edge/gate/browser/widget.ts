// `<script src="https://…/widget.js" data-assistant="helper" async></script>`: a button in the corner of a customer's page, and
// the assistant in a frame behind it. Whether it may be shown there is not decided here: the browser keeps the frame to its
// `frame-ancestors`, and the gate decides by the origin that the browser tells the frame. Runs in Chrome 80, Firefox 78 and Safari 14.
import { BUBBLE, CROSS, element, icon } from "./element";
import { type FromFrame, type FromWidget, HELLO, type Hello, PATIENCE } from "./protocol";
import { STYLE } from "./widget-style";

const HOST = "wicketgate-widget";
/** Told to the other widgets of the page, which close then: two open panels would lie on each other. */
const OPENED = "wicketgate:opened";
const ASSISTANT_ID = /^[\w.:@-]{1,128}$/;
/** So often it puts itself back: more than any site replaces its whole document, and an end for one that takes it out each time. */
const MOST_RETURNS = 100;

// An image of the page's content that is called so would be found in its place, and its address would be the gate's.
const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;
const assistant = script?.dataset.assistant ?? "";
if (script && ASSISTANT_ID.test(assistant)) {
  const start = quietly(() => place(script));
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
} else {
  console.error('wicketgate: the script element must say data-assistant="<the assistant\'s id>"');
}

/** What fails here is never an error of the customer's page. An engine that is too old for the widget shows none. */
function quietly<Given extends unknown[]>(act: (...given: Given) => void, failed?: () => void): (...given: Given) => void {
  return (...given) => {
    try {
      act(...given);
    } catch {
      failed?.();
    }
  };
}

/**
 * Of two ways the one that no policy of the page forbids. Firefox before 101 and Safari before 16.4 have the other alone.
 * @returns the element, where it takes one
 */
function dress(shadow: ShadowRoot, nonce: string): HTMLStyleElement | undefined {
  if ("adoptedStyleSheets" in shadow) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    (shadow as ShadowRoot).adoptedStyleSheets = [sheet];
    return undefined;
  }
  const style = element("style", { nonce }, STYLE);
  (shadow as ShadowRoot).append(style);
  return style;
}

/** Whether a widget of the assistant is there. What a page made of its own markup looks like one and is empty: it is taken out. */
function present(): boolean {
  const hosts = [...document.querySelectorAll(`${HOST}[data-assistant="${assistant}"]`)];
  for (const one of hosts) if (!one.shadowRoot) one.remove();
  return hosts.some((one) => one.isConnected);
}

function place({ src, nonce = "", dataset: { label, position } }: HTMLScriptElement): void {
  // A page that draws itself anew runs the script again.
  if (present()) return;

  const gate = new URL(src).origin;
  const name = label || "Chat";
  const side = position === "left" ? "left" : "right";
  const host = element(HOST as "div", { class: side, "data-assistant": assistant });
  host.style.setProperty("--up", `${document.querySelectorAll(`${HOST}.${side}`).length * 68}px`);

  const button = element(
    "button",
    { type: "button", class: "launch", "aria-expanded": "false", "aria-controls": "panel" },
    icon(BUBBLE, CROSS),
  );
  if (label) button.append(element("span", {}, label));
  else button.setAttribute("aria-label", name);
  const words = element("p", { role: "status" });
  const leave = element("button", { type: "button" }, "Close");
  const panel = element(
    "div",
    { id: "panel", class: "panel", role: "dialog", "aria-label": name, tabindex: "-1", hidden: "" },
    element("div", { class: "notice" }, words, leave),
  );
  const root = element("div", {}, panel, button);
  const shadow = host.attachShadow({ mode: "open" });

  let frame: HTMLIFrameElement | undefined;
  let port: MessagePort | undefined;
  let waiting: number | undefined;

  /** Whether the keyboard is in the panel, or in the frame. */
  function held(): boolean {
    return !panel.hidden && panel.contains(shadow.activeElement);
  }

  function say(message: FromWidget): void {
    port?.postMessage(message);
  }

  function show(text: string, state = ""): void {
    panel.className = `panel ${state}`;
    words.textContent = text;
  }

  const failed = quietly(() => {
    clearTimeout(waiting);
    // The next time it is opened is a new try.
    frame?.remove();
    frame = undefined;
    show("This chat cannot be reached here.", "failed");
    if (held()) leave.focus();
  });

  const hear = quietly(({ data }: MessageEvent<FromFrame>): void => {
    if (data.type === "close") return close();
    if (data.type === "refused") return failed();
    clearTimeout(waiting);
    show("", "ready");
    // Not from somebody who went on in the page meanwhile.
    if (held()) enter();
  }, failed);

  function enter(): void {
    frame?.focus();
    say({ type: "opened" });
  }

  function wait(): void {
    show("Opening the chat…");
    clearTimeout(waiting);
    waiting = setTimeout(failed, PATIENCE);
  }

  function load(): void {
    frame = element("iframe", {
      src: `${gate}/embed/${encodeURIComponent(assistant)}`,
      title: name,
      sandbox: "allow-scripts allow-same-origin allow-forms",
      referrerpolicy: "no-referrer",
    });
    listen();
    wait();
    panel.append(frame);
  }

  /** Again where the frame is led elsewhere: what it shows then is not the chat until it has answered. */
  const greet = quietly(() => {
    wait();
    port?.close();
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = hear;
    const hello: Hello = { type: HELLO };
    // To the gate and nobody else: a frame that the browser blocked, or that was led elsewhere, does not hear it.
    frame?.contentWindow?.postMessage(hello, gate, [channel.port2]);
  }, failed);

  function open(): void {
    document.dispatchEvent(new CustomEvent(OPENED, { detail: host }));
    panel.hidden = false;
    root.className = "open";
    button.setAttribute("aria-expanded", "true");
    if (!frame) load();
    if (panel.classList.contains("ready")) enter();
    else panel.focus();
  }

  function close(): void {
    const focused = held();
    panel.hidden = true;
    root.className = "";
    button.setAttribute("aria-expanded", "false");
    if (focused) button.focus();
  }

  const toggle = quietly(() => (panel.hidden ? open() : close()), failed);
  const shut = quietly(close);
  const closeOnEscape = quietly(({ key }: KeyboardEvent) => key === "Escape" && !panel.hidden && close());
  const yieldTo = quietly((event: Event) => (event as CustomEvent).detail !== host && close());

  /** Again and again: who writes a document ends all listening in it. The same twice counts once. */
  function listen(): void {
    button.addEventListener("click", toggle);
    leave.addEventListener("click", shut);
    root.addEventListener("keydown", closeOnEscape);
    frame?.addEventListener("load", greet);
    document.addEventListener(OPENED, yieldTo);
  }

  let returns = MOST_RETURNS;
  // A site may write its document anew. One that takes out widgets and nothing else wants them gone.
  const watch = new MutationObserver(
    quietly((changes: MutationRecord[]) => {
      const removed = changes.flatMap(({ removedNodes }) => [...removedNodes]);
      if (!host.isConnected && removed.every((one) => (one as Element).localName === HOST)) watch.disconnect();
      else settle();
    }),
  );

  /** Beside the body, so that a site which replaces that takes neither the widget away nor an open chat. */
  function settle(): void {
    listen();
    watch.observe(document, { childList: true });
    watch.observe(document.documentElement ?? document, { childList: true });
    if (!document.body || host.isConnected || present() || --returns < 0) return;
    document.documentElement.append(host);
    // A policy of the page forbids the element: without its style the button would lie anywhere.
    if (style && !style.sheet) {
      watch.disconnect();
      host.remove();
    }
  }

  const style = dress(shadow, nonce);
  shadow.append(root);
  settle();
}
