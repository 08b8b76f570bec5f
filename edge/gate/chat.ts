// The demonstration back end, in the place of your own assistant. It understands nothing and says so. It shows that a back end answers only
// with a valid pass, whatever the page in front of it does.
import { Hono } from "hono";
import type { CapabilityOf } from "wicketgate";
import type { Admitted } from "wicketgate/gate";
import { textOf } from "./bodies";
import type { Env } from "./env";
import { openedFor } from "./gates";
import { MAX_TEXT } from "./max-text";
import { memberSnapshot } from "./members";
import type { GreetingAnswer, ReplyAnswer } from "./wire";

export const chat = new Hono<{ Bindings: Env }>();

chat.post("/v1/chat/:assistant", async ({ env, req, json }) => {
  const answer = await admitted(env, req.raw, req.param("assistant"), "assistant.chat");
  if (answer instanceof Response) return answer;
  const message = await textOf(req.raw, "message", { min: 1, max: MAX_TEXT });
  return json({ reply: reply(answer.admission, message) } satisfies ReplyAnswer);
});

chat.get("/v1/chat/:assistant/greeting", async ({ env, req, json }) => {
  const assistant = req.param("assistant");
  const answer = await admitted(env, req.raw, assistant, "assistant.chat");
  if (answer instanceof Response) return answer;
  return json({ greeting: (await env.CHAT.get(greetingOf(answer))) ?? "" } satisfies GreetingAnswer);
});

chat.put("/v1/chat/:assistant/greeting", async ({ env, req, json }) => {
  const assistant = req.param("assistant");
  const answer = await admitted(env, req.raw, assistant, "assistant.edit");
  if (answer instanceof Response) return answer;
  const greeting = await textOf(req.raw, "greeting", { min: 0, max: MAX_TEXT });
  await env.CHAT.put(greetingOf(answer), greeting);
  return json({ greeting } satisfies GreetingAnswer);
});

/** Checks the pass, and asks the gate each time whether its reason still holds: a closed assistant must not answer any more. */
async function admitted(
  env: Env,
  request: Request,
  assistant: string,
  capability: CapabilityOf<"assistant">,
): Promise<{ admission: Admitted; organization: string } | Response> {
  const { organization, gate, authority } = await openedFor(env, request);
  const answer = await gate.authorize(request, {
    assistant,
    capability,
    consult: "head",
    member: (from) => memberSnapshot(env, authority, from, assistant),
  });
  return answer instanceof Response ? answer : { admission: answer.admission, organization };
}

function reply({ name, assistant }: Admitted, message: string): string {
  const count = message.trim().split(/\s+/).length;
  const words = count === 1 ? "one word" : `${count} words`;
  return `You wrote ${words} to ${name ?? assistant}. This is a demonstration: nobody reads them, and the answer is always of this kind.`;
}

function greetingOf({ organization, admission }: { organization: string; admission: Admitted }): string {
  return `greeting:${organization}:${admission.assistant}`;
}
