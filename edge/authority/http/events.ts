// The history for other services: `GET /v1/events` in pages, `GET /v1/events/stream` as it grows, `GET /v1/signals` beside it.
import { Hono } from "hono";
import { asked, callerOf } from "./caller";
import type { HttpEnv } from "./context";
import { CALLER_HEADER, EVENTS_ADDRESS } from "../messages";
import { integer, pageOf } from "./requests";
import { organizationOf } from "./organization-object";

export const events = new Hono<HttpEnv>();

events.get("/v1/events", async (context) => {
  const { after, limit } = pageOf(context);
  return context.json(await asked(context, (organization, reader) => organization.events(reader, after, limit)));
});

events.get("/v1/signals", async (context) => {
  const { after, limit } = pageOf(context);
  return context.json(await asked(context, (organization, reader) => organization.signals(reader, after, limit)));
});

events.get("/v1/events/stream", async (context) => {
  // The header is what a client sends that connects again; it wins over the address, which stays the same.
  const given = context.req.header("Last-Event-ID") ?? context.req.query("after");
  const after = given === undefined ? undefined : integer(given, "after", { min: 0, max: Number.MAX_SAFE_INTEGER });
  // A new request, so that nothing else of the client's request reaches the object.
  const address = new URL(EVENTS_ADDRESS);
  if (after !== undefined) address.searchParams.set("after", String(after));
  const answer = await organizationOf(context).fetch(address, {
    headers: { [CALLER_HEADER]: JSON.stringify(await callerOf(context)) },
    signal: context.req.raw.signal,
  });
  // An answer of this Worker, so that its headers can be changed.
  return new Response(answer.body, answer);
});
