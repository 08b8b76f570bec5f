// The live client on an authority of its own, in time that is turned by hand.
import { WebSocket } from "ws";
import { connect } from "wicketgate/client";
import { AUDIENCE, ISSUER, clockwork, startAuthority, watched } from "./live.mjs";

/** An authority, and what it takes to follow it. */
export async function world(t, state = {}) {
  const clock = clockwork(t);
  const authority = Object.assign(await startAuthority({ now: () => clock.now }), state);
  const net = watched(clock, WebSocket);
  t.after(() => authority.stop());
  const options = {
    url: authority.url,
    issuer: ISSUER,
    audience: AUDIENCE,
    organization: "acme",
    now: () => clock.now,
    fetch: net.fetch,
    WebSocket: net.WebSocket,
  };
  return { clock, authority, net, options };
}

/** Connects, until the test ends. */
export async function connected(t, options) {
  const live = await connect(options);
  t.after(() => live.close());
  return live;
}

/** Follows it, and notes what is told. `more` are options, or what makes them of all that there is. */
export async function follow(t, state, more = {}) {
  const all = await world(t, state);
  const { clock, net, options } = all;
  const live = await connected(t, { ...options, ...(typeof more === "function" ? more(all) : more) });
  const told = [];
  for (const event of ["change", "freshness", "error", "signedOut"])
    live.on(event, (what) => told.push(what === undefined ? event : [event, what.code ?? what]));
  /** Lets time pass, with everything that happens in it. */
  const run = async (seconds) => {
    const end = clock.steady + seconds;
    for (;;) {
      await net.quiet();
      if (clock.next > 0 && clock.steady >= end) return;
      clock.pass(Math.max(0, Math.min(clock.next, end - clock.steady)));
    }
  };
  await net.quiet();
  /** What was told since the last time. */
  const since = () => told.splice(0);
  /** What was asked for since the last time, with the seconds between. */
  let last = clock.steady;
  const asked = () =>
    net.done.splice(0).map(({ at, what }) => {
      const after = Math.round((at - last) * 1000) / 1000;
      last = at;
      return [after, what];
    });
  asked();
  return { ...all, live, run, since, asked };
}
