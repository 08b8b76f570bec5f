// `POST /v1/commands`: one change. `Idempotency-Key` makes it safe to send again, `If-Version` to send beside other changes.
// `POST /v1/commands/batch`: several, in one transaction.
// `POST /v1/preview`: what a command would change. `POST /v1/addresses`: texts read as e-mail addresses, before an invitation.
import { Hono } from "hono";
import type { Command } from "wicketgate/authority";
import { headerNames, limits } from "wicketgate/contract";
import { asked, callerOf } from "./caller";
import { addressed, type Ctx, type HttpEnv } from "./context";
import { invitationMail } from "../services/invitation-mail";
import { send } from "../services/mail";
import { idempotencyOf, isIdempotencyKey } from "../idempotency";
import type { BatchedInvitation, InvitationMail } from "../messages";
import { Problem, report } from "../problem";
import type { BatchAnswer } from "../wire";
import { jsonObject, jsonText, versionOf } from "./requests";

/** Connections to the mail server at a time: the platform opens six for a request, and one is to the object. */
const CONNECTIONS = 5;

export const commands = new Hono<HttpEnv>();

commands.post("/v1/commands", async (context) => {
  await callerOf(context);
  const { req } = context;
  const expected = req.header(headerNames.ifVersion);
  const key = req.header(headerNames.idempotencyKey);
  if (key !== undefined && !isIdempotencyKey(key)) {
    throw new Problem("bad_request", `${headerNames.idempotencyKey}: expected 1 to 255 printable characters`, {
      path: headerNames.idempotencyKey,
    });
  }
  const command = parseCommand(await jsonText(context));
  const ifVersion = versionOf(expected);
  const { answer, invitation } = await asked(context, (organization, sender) =>
    organization.execute(sender, {
      command,
      ...(ifVersion !== undefined && { ifVersion }),
      ...(key !== undefined && { idempotency: idempotencyOf(key, command, expected) }),
    }),
  );
  return context.json({ ...answer, ...(invitation && { mail: await mailed(context, invitation) }) });
});

commands.post("/v1/commands/batch", async (context) => {
  await callerOf(context);
  const { req } = context;
  if (req.header(headerNames.idempotencyKey) !== undefined) {
    throw new Problem("bad_request", `${headerNames.idempotencyKey}: each command of a batch has its own, \`idempotency_key\``, {
      path: headerNames.idempotencyKey,
    });
  }
  const ifVersion = versionOf(req.header(headerNames.ifVersion));
  const text = await jsonText(context, limits.batchBytes);
  const { answer, invitations } = await asked(context, (organization, sender) => organization.executeAll(sender, text, ifVersion));
  if (invitations.length === 0) return context.body(answer, 200, { "Content-Type": "application/json" });
  const mails = await mailedAll(context, invitations);
  const { version, answers } = JSON.parse(answer) as BatchAnswer;
  return context.json({ version, answers: answers.map((one, index) => ({ ...one, ...mails.get(index) })) });
});

commands.post("/v1/preview", async (context) => {
  await callerOf(context);
  const command = parseCommand(await jsonText(context));
  return context.json(await asked(context, (organization, sender) => organization.preview(sender, command)));
});

commands.post("/v1/addresses", async (context) => {
  await callerOf(context);
  const { addresses, ...unknown } = await jsonObject(context);
  if (!isStringArray(addresses) || Object.keys(unknown).length > 0) {
    throw new Problem("bad_request", 'expected `{ "addresses": [ … ] }`, with strings', { path: "addresses" });
  }
  return context.json(await asked(context, (organization, sender) => organization.addresses(sender, addresses)));
});

function isStringArray(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function parseCommand(body: string): Command {
  try {
    return JSON.parse(body) as Command;
  } catch {
    throw new Problem("invalid_command", "the body is not JSON");
  }
}

/** The invitation is valid even if its mail could not be sent: the command `resend_invitation` tries again. */
async function mailed(context: Ctx, invitation: InvitationMail): Promise<"sent" | "failed"> {
  try {
    const { organization, origin } = addressed(context);
    await send(context.env, origin, await invitationMail({ organization: organization.name, origin }, invitation));
    return "sent";
  } catch (error) {
    report(error, addressed(context).organization.id);
    return "failed";
  }
}

/** Sends the mails of a batch, a few at a time. @returns what became of each, by the position of its command */
async function mailedAll(context: Ctx, invitations: BatchedInvitation[]): Promise<Map<number, { mail: "sent" | "failed" }>> {
  const mails = new Map<number, { mail: "sent" | "failed" }>();
  const waiting = [...invitations];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      mails.set(next.index, { mail: await mailed(context, next.invitation) });
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  return mails;
}
