// The gate: lets visitors with a share link, and sites that may embed, reach a public assistant. Everything it cannot
// decide it refuses. Keys arrive in addresses, so addresses are never logged.
import { type Context, Hono } from "hono";
import { type Denied, WicketgateError } from "wicketgate";
import { type Admission, admit, type Visitor } from "./admission";
import { embedderOrigin } from "./embedder";
import type { Env } from "./env";
import { type Page, render } from "./page";

const NOBODY = "'none'";

const ABSENT: Page = {
  status: 404,
  title: "Nothing opens here",
  text: "There is no assistant for visitors at this address.",
  note: "Check the address, or ask the person who gave it to you.",
};

const UNDECIDED: Page = {
  status: 503,
  title: "Not available right now",
  text: "We could not check whether you may open this. Please try again in a moment.",
};

/** Reasons a visitor can do something about; any other says no more than no. */
const DENIED: Partial<Record<Denied, string>> = {
  not_granted: "This assistant opens with a share link, and this address carries no key.",
  link_invalid: "This share link does not open the assistant. It may have been withdrawn, or the address is not complete.",
  link_expired: "This share link has expired.",
  origin_not_allowed: "This assistant may not be shown on this site.",
};

const app = new Hono<{ Bindings: Env }>();

app.get("/a/:assistant", async (context) => {
  const key = context.req.query("key");
  const admission = await decide(context, key === undefined ? {} : { link: key });
  return render(shared(admission), NOBODY);
});

app.get("/embed/:assistant", async (context) => {
  const origin = embedderOrigin(context.req.raw.headers);
  const page = origin === undefined
    ? denied("This page opens only inside a website that embeds the assistant.")
    : embedded(await decide(context, { origin }));
  const response = await render(page, origin ?? NOBODY);
  response.headers.set("Vary", "Referer, Sec-Fetch-Dest");
  return response;
});

app.notFound(() => render(ABSENT, NOBODY));
app.onError(() => render(UNDECIDED, NOBODY));

async function decide({ env, req }: Context<{ Bindings: Env }, "/:assistant">, visitor: Visitor): Promise<Admission | undefined> {
  const assistant = req.param("assistant");
  try {
    return await admit(env, assistant, visitor);
  } catch (error) {
    // The code alone: a message may quote what was read.
    console.error("gate: undecided:", error instanceof WicketgateError ? error.code : "storage or keys");
    return undefined;
  }
}

function shared(admission: Admission | undefined): Page {
  if (admission?.outcome !== "admitted") return refused(admission);
  return {
    status: 200,
    title: admission.name,
    text: "Your link is good: you may chat with this assistant.",
    note: admission.can("assistant.edit")
      ? "You may also edit it and see its knowledge base."
      : "You may not change it.",
  };
}

function embedded(admission: Admission | undefined): Page {
  if (admission?.outcome !== "admitted") return refused(admission);
  return { status: 200, title: admission.name, text: "You may chat with this assistant here." };
}

function refused(admission: Exclude<Admission, { outcome: "admitted" }> | undefined): Page {
  if (!admission) return UNDECIDED;
  if (admission.outcome === "absent") return ABSENT;
  return denied(DENIED[admission.reason] ?? "This assistant is not open to you at the moment.");
}

function denied(text: string): Page {
  return { status: 403, title: "You cannot open this", text, note: "Ask the person or site that sent you here." };
}

export default app;
