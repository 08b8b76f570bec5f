// Changes the authority's database on disk: another Worker with the same Durable Object class name opens it.
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

/** Runs SQL while the service is stopped. A statement is a query and its values. Returns the rows of each statement. */
export async function editStorage(service, statements) {
  const { name, durableObjects, compatibilityDate } = workerOptions("authority");
  const miniflare = new Miniflare({
    name,
    durableObjects: { DIRECTORY: durableObjects.DIRECTORY },
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
