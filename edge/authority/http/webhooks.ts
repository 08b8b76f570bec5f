// Webhooks for those who manage them: their states and deliveries, tests, and events sent again. Commands create and change them.
import { Hono } from "hono";
import { asked, callerOf } from "./caller";
import type { HttpEnv } from "./context";
import { integer } from "./requests";

export const webhooks = new Hono<HttpEnv>();

webhooks.get("/v1/webhooks", async (context) =>
  context.json(await asked(context, (organization, manager) => organization.webhooks(manager))),
);

webhooks.get("/v1/webhooks/:webhook/deliveries", async (context) => {
  const { webhook } = context.req.param();
  return context.json({ deliveries: await asked(context, (organization, manager) => organization.deliveries(manager, webhook)) });
});

webhooks.post("/v1/webhooks/:webhook/test", async (context) => {
  const { webhook } = context.req.param();
  return context.json({ delivery: await asked(context, (organization, manager) => organization.testWebhook(manager, webhook)) });
});

webhooks.post("/v1/webhooks/:webhook/deliveries/:delivery/resend", async (context) => {
  const { webhook, delivery } = context.req.param();
  // Before the number: whoever may not send it is told that first.
  await callerOf(context);
  const number = integer(delivery, "delivery", { min: 1, max: Number.MAX_SAFE_INTEGER });
  return context.json({
    delivery: await asked(context, (organization, manager) => organization.resendDelivery(manager, webhook, number)),
  });
});
