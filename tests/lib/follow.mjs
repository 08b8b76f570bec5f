// A live client that is connected to an authority of its own, with a clock that the test moves.
import { WebSocket } from "ws";
import { connect } from "wicketgate/client";
import { AUDIENCE, ISSUER, clockwork, startAuthority, watched } from "./live.mjs";

/** An authority, a clock, a watched network, and the options to connect with. */
export async function setUp(t, state = {}) {
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

/** Connects, and closes the client when the test ends. */
export async function connected(t, options) {
  const live = await connect(options);
  t.after(() => live.close());
  return live;
}

/** Connects to an authority and records the client's events. `more` are further options, or a function of {@link setUp} that returns them. */
export async function follow(t, state, more = {}) {
  const all = await setUp(t, state);
  const { clock, net, options } = all;
  const live = await connected(t, { ...options, ...(typeof more === "function" ? more(all) : more) });
  const events = [];
  for (const event of ["change", "freshness", "error", "signedOut"])
    live.on(event, (detail) => events.push(detail === undefined ? event : [event, detail.code ?? detail]));
  /** Moves the clock, and waits for everything that happens in that time. */
  const run = async (seconds) => {
    const end = clock.steady + seconds;
    for (;;) {
      await net.quiet();
      if (clock.next > 0 && clock.steady >= end) return;
      clock.pass(Math.max(0, Math.min(clock.next, end - clock.steady)));
    }
  };
  await net.quiet();
  /** The events since the last call. */
  const since = () => events.splice(0);
  /** The requests since the last call, each with the seconds since the previous one. */
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
