// The chat: a conversation, and a field to write in.
import { MAX_TEXT } from "../max-text";
import { BUBBLE, CROSS, element, icon } from "./element";
import { type OpenedChat, type ChatClient, ChatError, type Failure } from "./client";
import { GREETING, NOT_OPENED, NOT_SENT, NOT_SENT_OFFLINE, OFFLINE } from "./words";

const SEND = "M5 12h14M13 6l6 6-6 6";

export interface Chat {
  capabilities: string[];
  /** The assistant's own greeting; empty if it has none. */
  greeting: string;
  focus(): void;
  /** Replaces the greeting. */
  greet(text: string): void;
}

/** The page around the chat. */
export interface Surroundings {
  main: HTMLElement;
  /** Closes what is around the chat, if that is possible. */
  close?: (() => void) | undefined;
  /** Called when an error with a button to try again is shown. `focus` moves the keyboard to the button, if it may be moved. */
  onError: (focus: () => void) => void;
}

/** Opens the chat in the page. The page shows every failure. @returns nothing if the gate refuses */
export async function openChat(client: ChatClient, { main, close, onError }: Surroundings): Promise<Chat | undefined> {
  for (;;) {
    try {
      const opened = await client.open();
      // The gate may have used a copy that is some seconds old. The back end checks the present state, so nothing is shown before its answer.
      const { greeting } = await client.request<{ greeting: string }>("GET", "/greeting");
      return build(client, opened, greeting, main, close);
    } catch (error) {
      const failure = failureOf(error);
      if (failure === "refused") {
        refuse(main, close);
        return undefined;
      }
      await askToRetry(main, failure, onError, close);
    }
  }
}

/** Replaces all content. Not `replaceChildren`, because Chrome 80 does not have it. */
function show(main: HTMLElement, ...parts: Node[]): void {
  main.textContent = "";
  main.append(...parts);
}

/** Says that the chat is not available: the same words for every reason. */
export function refuse(main: HTMLElement, close?: () => void): void {
  const { title, text } = NOT_OPENED.refused;
  show(
    main,
    ...closing(close),
    element("section", { class: "closed", role: "status" }, element("h1", {}, title), element("p", {}, text)),
  );
}

/** Shows the failure. Resolves when the person presses "Try again". */
function askToRetry(
  main: HTMLElement,
  failure: Exclude<Failure, "refused">,
  onError: Surroundings["onError"],
  close?: () => void,
): Promise<void> {
  const { title, text } = navigator.onLine ? NOT_OPENED[failure === "rejected" ? "unavailable" : failure] : OFFLINE;
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
  onError(() => button.focus());
  return new Promise((resolve) =>
    button.addEventListener("click", () => {
      button.disabled = true;
      button.textContent = "Trying…";
      resolve();
    }),
  );
}

export function failureOf(error: unknown): Failure {
  if (error instanceof ChatError) return error.failure;
  throw error;
}

function build(
  client: ChatClient,
  { name = "Assistant", capabilities }: OpenedChat,
  greeting: string,
  main: HTMLElement,
  close?: () => void,
): Chat {
  const log = element("div", { class: "log", role: "log", "aria-label": "Conversation", tabindex: "0" });
  const status = element("p", { class: "status", role: "status" });
  const input = element("textarea", {
    id: "message",
    rows: "1",
    maxlength: String(MAX_TEXT),
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

  async function send(text: string, bubble: HTMLElement): Promise<void> {
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
      const { reply } = await client.request<{ reply: string }>("POST", "", { message: text });
      waiting.remove();
      status.textContent = "";
      add(message("assistant", reply));
    } catch (error) {
      waiting.remove();
      status.textContent = "";
      fail(failureOf(error), text, bubble);
    }
    busy = false;
    button.removeAttribute("aria-disabled");
  }

  function fail(failure: Failure, text: string, bubble: HTMLElement): void {
    const words = failure === "unavailable" && !navigator.onLine ? NOT_SENT_OFFLINE : NOT_SENT[failure];
    const note = element("div", { class: "failed" }, element("p", {}, words));
    bubble.append(note);
    if (failure === "refused") {
      const focused = form.contains(document.activeElement);
      form.hidden = true;
      if (focused) log.focus();
    } else if (failure === "rejected") {
      input.value = text;
      fit();
    } else {
      const retry = element("button", { type: "button" }, "Try again");
      retry.addEventListener("click", () => {
        if (busy) return;
        note.remove();
        input.focus();
        void send(text, bubble);
      });
      note.append(retry);
    }
    log.scrollTop = log.scrollHeight;
  }

  /** Makes the field as high as its text needs, up to five rows. */
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
    const bubble = message("you", text);
    add(bubble);
    void send(text, bubble);
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
