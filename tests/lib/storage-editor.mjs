// Opens the authority's database as nobody can from outside: another Worker takes the object's place on the same disk.
import { Miniflare } from "miniflare";
import { workerOptions } from "../../edge/miniflare.mjs";

const EDITOR = `
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
export class Organization extends DurableObject {
  run(statements) {
    return this.ctx.storage.transactionSync(() => statements.map(([query, ...values]) => this.ctx.storage.sql.exec(query, ...values).toArray()));
  }
}
export default {
  async fetch(request, env) {
    return Response.json(await env.DIRECTORY.get(env.DIRECTORY.idFromName("acme")).run(await request.json()));
  },
};`;

/** Runs SQL while the service is stopped. Each statement is a query and its values; answers the rows of each. */
export async function editStorage(service, statements) {
  const { name, durableObjects, compatibilityDate } = workerOptions("authority");
  const miniflare = new Miniflare({
    name,
    durableObjects,
    compatibilityDate,
    durableObjectsPersist: service.objects,
    modules: true,
    script: EDITOR,
  });
  try {
    const response = await miniflare.dispatchFetch("http://editor/", { method: "POST", body: JSON.stringify(statements) });
    if (!response.ok) throw new Error(await response.text());
    return await response.json();
  } finally {
    await miniflare.dispose();
  }
}
