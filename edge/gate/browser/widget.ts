// `<script src="https://…/widget.js" data-assistant="helper" async></script>`: a button in the corner of a customer's page, and the assistant in
// a frame that it opens. This script does not decide whether the site may show it: the browser enforces `frame-ancestors`, and the gate decides
// by the origin that the browser tells the frame. Runs in Chrome 80, Firefox 78 and Safari 14.
import { BUBBLE, CROSS, element, icon } from "./element";
import { type FromFrame, type FromWidget, HELLO, type Hello, PATIENCE } from "./protocol";
import { STYLE } from "./widget-style";

const HOST = "wicketgate-widget";
/** Event for the other widgets of the page: they close, because two open panels would overlap. */
const OPENED = "wicketgate:opened";
const ASSISTANT_ID = /^[\w.:@-]{1,128}$/;
/** How often the widget puts itself back: more often than a site replaces its document, and not for ever if a site removes it each time. */
const MAX_RETURNS = 100;

// `document.currentScript` can be an element of the page, such as an image with that name: then its `src` would be taken as the gate's address.
const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;
const assistant = script?.dataset.assistant ?? "";
if (script && ASSISTANT_ID.test(assistant)) {
  const start = quietly(() => place(script));
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
} else {
  console.error('wicketgate: the script element must have data-assistant="<the assistant\'s id>"');
}

/** A failure here must never be an error of the customer's page. An engine that is too old shows no widget. */
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
 * Adds the style. A style sheet object works under every policy of the page; Firefox before 101 and Safari before 16.4 need an element.
 * @returns the element, if one is used
 */
function addStyle(shadow: ShadowRoot, nonce: string): HTMLStyleElement | undefined {
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

/** Whether the page has a widget of the assistant. Removes empty copies, which a page makes when it restores its own markup. */
function present(): boolean {
  const hosts = [...document.querySelectorAll(`${HOST}[data-assistant="${assistant}"]`)];
  for (const one of hosts) if (!one.shadowRoot) one.remove();
  return hosts.some((one) => one.isConnected);
}

function place({ src, nonce = "", dataset: { label, position } }: HTMLScriptElement): void {
  // A page that renders itself again runs the script again.
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

  /** Whether the keyboard focus is in the panel or in the frame. */
  function hasFocus(): boolean {
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
    // The next opening tries again.
    frame?.remove();
    frame = undefined;
    show("This chat cannot be reached here.", "failed");
    if (hasFocus()) leave.focus();
  });

  const hear = quietly(({ data }: MessageEvent<FromFrame>): void => {
    if (data.type === "close") return close();
    if (data.type === "refused") return failed();
    clearTimeout(waiting);
    show("", "ready");
    // The keyboard is not taken from a person who went on in the page meanwhile.
    if (hasFocus()) enter();
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

  /** After each load of the frame: it may show another page than the chat until it has answered. */
  const greet = quietly(() => {
    wait();
    port?.close();
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = hear;
    const hello: Hello = { type: HELLO };
    // To the gate's origin only: a blocked frame, or one that shows another site, does not get the message.
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
    const focused = hasFocus();
    panel.hidden = true;
    root.className = "";
    button.setAttribute("aria-expanded", "false");
    if (focused) button.focus();
  }

  const toggle = quietly(() => (panel.hidden ? open() : close()), failed);
  const shut = quietly(close);
  const closeOnEscape = quietly(({ key }: KeyboardEvent) => key === "Escape" && !panel.hidden && close());
  const yieldTo = quietly((event: Event) => (event as CustomEvent).detail !== host && close());

  /** Called again and again, because `document.write` removes all listeners. A listener that is added twice counts once. */
  function listen(): void {
    button.addEventListener("click", toggle);
    leave.addEventListener("click", shut);
    root.addEventListener("keydown", closeOnEscape);
    frame?.addEventListener("load", greet);
    document.addEventListener(OPENED, yieldTo);
  }

  let returns = MAX_RETURNS;
  // A site may write its document again. If it removes widgets and nothing else, it does not want them.
  const watch = new MutationObserver(
    quietly((changes: MutationRecord[]) => {
      const removed = changes.flatMap(({ removedNodes }) => [...removedNodes]);
      if (!host.isConnected && removed.every((one) => (one as Element).localName === HOST)) watch.disconnect();
      else attach();
    }),
  );

  /** Puts the host beside the body, so that a site that replaces its body removes neither the widget nor an open chat. */
  function attach(): void {
    listen();
    watch.observe(document, { childList: true });
    watch.observe(document.documentElement ?? document, { childList: true });
    if (!document.body || host.isConnected || present() || --returns < 0) return;
    document.documentElement.append(host);
    // The page's policy forbids the style element. Without style the button could be anywhere, so the widget is removed.
    if (style && !style.sheet) {
      watch.disconnect();
      host.remove();
    }
  }

  const style = addStyle(shadow, nonce);
  shadow.append(root);
  attach();
}
