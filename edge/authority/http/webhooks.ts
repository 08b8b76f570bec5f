// Webhooks for those who manage them: their states and deliveries, tests, and events sent again. Commands create and change them.
import { Hono } from "hono";
import type { HttpEnv } from "./context";
import { unwrap } from "../problem";
import { integer } from "./requests";
import { changingSession, organizationOf, sessionDigest } from "./organization-object";

export const webhooks = new Hono<HttpEnv>();

webhooks.get("/v1/webhooks", async (context) =>
  context.json(unwrap(await organizationOf(context).webhooks(await sessionDigest(context, "required")))),
);

webhooks.get("/v1/webhooks/:webhook/deliveries", async (context) => {
  const deliveries = await organizationOf(context).deliveries(
    await sessionDigest(context, "required"),
    context.req.param("webhook"),
  );
  return context.json({ deliveries: unwrap(deliveries) });
});

webhooks.post("/v1/webhooks/:webhook/test", async (context) => {
  const session = await changingSession(context);
  return context.json({ delivery: unwrap(await organizationOf(context).testWebhook(session, context.req.param("webhook"))) });
});

webhooks.post("/v1/webhooks/:webhook/deliveries/:delivery/resend", async (context) => {
  const session = await changingSession(context);
  const { webhook, delivery } = context.req.param();
  const number = integer(delivery, "delivery", { min: 1, max: Number.MAX_SAFE_INTEGER });
  return context.json({ delivery: unwrap(await organizationOf(context).resendDelivery(session, webhook, number)) });
});
