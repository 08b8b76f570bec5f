// A page for any browser that connects a live client to the authority of tests/lib/live.mjs. It uses the package's modules unbundled.
import { AUDIENCE, ISSUER } from "./live.mjs";

const IMPORTS = { imports: { wicketgate: "/entry/browser.js", "wicketgate/client": "/entry/client-browser.js" } };

/** The page's globals: `begin` connects, `live` is the client, `events` are its events so far, `state()` is its present state. */
export const LIVE_PAGE = `<!doctype html><title>live</title><link rel="icon" href="data:"><script type="importmap">${JSON.stringify(IMPORTS)}</script><script type="module">
import { connect, localStorageOf } from "wicketgate/client";
globalThis.events = [];
globalThis.begin = async (more) => {
  const live = await connect({ issuer: ${JSON.stringify(ISSUER)}, audience: ${JSON.stringify(AUDIENCE)}, organization: "acme", storage: localStorageOf(), ...more });
  for (const event of ["change", "freshness", "error", "signedOut"]) live.on(event, (detail) => events.push([event, detail?.code ?? detail]));
  globalThis.live = live;
};
globalThis.state = () => ({ version: live.version, freshness: live.freshness, edits: live.me.can("assistant.edit", "helper"), subject: live.snapshot.subject });
globalThis.ready = true;
</script>`;
