// `POST /v1/commands`: one change. `Idempotency-Key` makes it safe to send again, `If-Version` to send beside other changes.
// `POST /v1/preview`: what a command would change. `POST /v1/addresses`: texts read as e-mail addresses, before an invitation.
import { Hono } from "hono";
import type { Command } from "wicketgate/authority";
import { headerNames } from "wicketgate/contract";
import { sha256 } from "../digest";
import { addressed, type Ctx, type HttpEnv } from "./context";
import { invitationMail } from "../services/invitation-mail";
import { send } from "../services/mail";
import type { InvitationMail } from "../messages";
import { Problem, report, unwrap } from "../problem";
import { integer, jsonObject, jsonText, requireSameOrigin } from "./requests";
import { organizationOf, sessionDigest } from "./organization-object";

export const commands = new Hono<HttpEnv>();

commands.post("/v1/commands", async (context) => {
  requireSameOrigin(context);
  const { req } = context;
  const session = await sessionDigest(context, "required");
  const expected = req.header(headerNames.ifVersion);
  const key = req.header(headerNames.idempotencyKey);
  if (key !== undefined && !/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw new Problem("bad_request", `${headerNames.idempotencyKey}: expected 1 to 255 printable characters`, {
      path: headerNames.idempotencyKey,
    });
  }
  const body = await jsonText(context);
  const { answer, invitation } = unwrap(
    await organizationOf(context).execute(session, {
      command: parseCommand(body),
      ...(expected !== undefined && {
        ifVersion: integer(expected, headerNames.ifVersion, { min: 1, max: Number.MAX_SAFE_INTEGER }),
      }),
      ...(key !== undefined && { idempotency: { key: sha256(key), body: sha256(`${expected ?? ""}\n${body}`) } }),
    }),
  );
  return context.json({ ...answer, ...(invitation && { mail: await mailed(context, invitation) }) });
});

commands.post("/v1/preview", async (context) => {
  requireSameOrigin(context);
  const session = await sessionDigest(context, "required");
  const command = parseCommand(await jsonText(context));
  return context.json(unwrap(await organizationOf(context).preview(session, command)));
});

commands.post("/v1/addresses", async (context) => {
  requireSameOrigin(context);
  const session = await sessionDigest(context, "required");
  const { addresses, ...unknown } = await jsonObject(context);
  if (!isStringArray(addresses) || Object.keys(unknown).length > 0) {
    throw new Problem("bad_request", 'expected `{ "addresses": [ … ] }`, with strings', { path: "addresses" });
  }
  return context.json(unwrap(await organizationOf(context).addresses(session, addresses)));
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
    report(error);
    return "failed";
  }
}
