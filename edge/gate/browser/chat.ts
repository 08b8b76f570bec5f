// The chat: a conversation, and a line to write in.
import { LONGEST } from "../longest";
import { BUBBLE, CROSS, element, icon } from "./element";
import { type Opened, type Session, SessionError, type Trouble } from "./session";
import { GREETING, NOT_OPENED, NOT_SENT, NOT_SENT_OFFLINE, OFFLINE } from "./words";

const SEND = "M5 12h14M13 6l6 6-6 6";

export interface Chat {
  capabilities: string[];
  /** What the assistant begins with; empty where it has nothing of its own. */
  greeting: string;
  focus(): void;
  /** Shows another greeting in its place. */
  greet(text: string): void;
}

export interface Surroundings {
  main: HTMLElement;
  /** There is something around the chat that can be closed. */
  close?: (() => void) | undefined;
  /** Called when there is something to see that asks for another try. `focus` puts the keyboard there: whoever is elsewhere keeps it. */
  troubled: (focus: () => void) => void;
}

/** Opens the chat in the page; where it cannot, the page says so. @returns nothing where it is refused */
export async function openChat(session: Session, { main, close, troubled }: Surroundings): Promise<Chat | undefined> {
  for (;;) {
    try {
      const opened = await session.open();
      // The gate may have decided by a copy that is some seconds old. The back end knows what is true now: nothing is shown before it has answered.
      const { greeting } = await session.request<{ greeting: string }>("GET", "/greeting");
      return build(session, opened, greeting, main, close);
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble === "refused") {
        refuse(main, close);
        return undefined;
      }
      await again(main, trouble, troubled, close);
    }
  }
}

/** Puts these in the place of all that is there. Safari has `replaceChildren` since 14, Firefox since 78, and Chrome 80 has it not. */
function show(main: HTMLElement, ...parts: Node[]): void {
  main.textContent = "";
  main.append(...parts);
}

/** The words for everybody who may not come in, whatever the reason. */
export function refuse(main: HTMLElement, close?: () => void): void {
  const { title, text } = NOT_OPENED.refused;
  show(
    main,
    ...closing(close),
    element("section", { class: "closed", role: "status" }, element("h1", {}, title), element("p", {}, text)),
  );
}

/** Resolves when the person wants another try. */
function again(
  main: HTMLElement,
  trouble: Exclude<Trouble, "refused">,
  troubled: Surroundings["troubled"],
  close?: () => void,
): Promise<void> {
  const { title, text } = navigator.onLine ? NOT_OPENED[trouble === "rejected" ? "unavailable" : trouble] : OFFLINE;
  const button = element("button", { type: "button", class: "primary" }, "Try again");
  show(
    main,
    ...closing(close),
    element(
      "section",
      { class: "closed" },
      element("div", { role: "alert" }, element("h1", {}, title), element("p", {}, text)),
      button,
    ),
  );
  troubled(() => button.focus());
  return new Promise((resolve) =>
    button.addEventListener("click", () => {
      button.disabled = true;
      button.textContent = "Trying…";
      resolve();
    }),
  );
}

export function troubleOf(error: unknown): Trouble {
  if (error instanceof SessionError) return error.trouble;
  throw error;
}

function build(
  session: Session,
  { name = "Assistant", capabilities }: Opened,
  greeting: string,
  main: HTMLElement,
  close?: () => void,
): Chat {
  const log = element("div", { class: "log", role: "log", "aria-label": "Conversation", tabindex: "0" });
  const status = element("p", { class: "status", role: "status" });
  const input = element("textarea", {
    id: "message",
    rows: "1",
    maxlength: String(LONGEST),
    placeholder: "Write a message",
    autocomplete: "off",
    enterkeyhint: "send",
  });
  const button = element("button", { type: "submit", class: "send", "aria-label": "Send" }, icon(SEND));
  const form = element("form", {}, element("label", { for: "message", class: "unseen" }, "Your message"), input, button);
  const first = message("assistant", "");
  let busy = false;

  function message(from: "you" | "assistant", text: string): HTMLElement {
    return element(
      "div",
      { class: `message ${from}` },
      element("span", { class: "unseen" }, from === "you" ? "You: " : `${name}: `),
      element("p", {}, text),
    );
  }

  function add(one: HTMLElement): void {
    log.append(one);
    log.scrollTop = log.scrollHeight;
  }

  async function send(text: string, mine: HTMLElement): Promise<void> {
    busy = true;
    button.setAttribute("aria-disabled", "true");
    const waiting = element(
      "div",
      { class: "message assistant waiting", "aria-hidden": "true" },
      element("i"),
      element("i"),
      element("i"),
    );
    add(waiting);
    status.textContent = `${name} is answering…`;
    try {
      const { reply } = await session.request<{ reply: string }>("POST", "", { message: text });
      waiting.remove();
      status.textContent = "";
      add(message("assistant", reply));
    } catch (error) {
      waiting.remove();
      status.textContent = "";
      fail(troubleOf(error), text, mine);
    }
    busy = false;
    button.removeAttribute("aria-disabled");
  }

  function fail(trouble: Trouble, text: string, mine: HTMLElement): void {
    const words = trouble === "unavailable" && !navigator.onLine ? NOT_SENT_OFFLINE : NOT_SENT[trouble];
    const note = element("div", { class: "failed" }, element("p", {}, words));
    mine.append(note);
    if (trouble === "refused") {
      const focused = form.contains(document.activeElement);
      form.hidden = true;
      if (focused) log.focus();
    } else if (trouble === "rejected") {
      input.value = text;
      fit();
    } else {
      const retry = element("button", { type: "button" }, "Try again");
      retry.addEventListener("click", () => {
        if (busy) return;
        note.remove();
        input.focus();
        void send(text, mine);
      });
      note.append(retry);
    }
    log.scrollTop = log.scrollHeight;
  }

  /** The line grows with what is written in it; the style sheet says how far. */
  function fit(): void {
    input.rows = 1;
    while (input.rows < 5 && input.scrollHeight > input.clientHeight) input.rows += 1;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (busy || text === "") return;
    input.value = "";
    fit();
    const mine = message("you", text);
    add(mine);
    void send(text, mine);
  });
  input.addEventListener("input", fit);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    button.click();
  });

  function greet(text: string): void {
    first.lastElementChild!.textContent = text || GREETING;
  }

  greet(greeting);
  log.append(first);
  document.title = name;
  main.className = "open";
  show(
    main,
    element("header", {}, element("span", { class: "face" }, icon(BUBBLE)), element("h1", {}, name), ...closing(close)),
    log,
    status,
    form,
  );
  return { capabilities, greeting, focus: () => (form.hidden ? log : input).focus(), greet };
}

function closing(close?: () => void): HTMLElement[] {
  if (!close) return [];
  const button = element("button", { type: "button", class: "close", "aria-label": "Close the chat" }, icon(CROSS));
  button.addEventListener("click", close);
  return [button];
}
