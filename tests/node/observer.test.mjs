// The observer without a framework: its source of answers, when it connects, and when it closes.
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { WicketgateError } from "wicketgate";
import { observe } from "wicketgate/observer";
import { fakeLive, fakePrincipal } from "wicketgate/testing";
import { acme, opened } from "../lib/world.mjs";

const editor = fakePrincipal({ user: "vic", allow: [["assistant.edit", "helper"]] });
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A connect function that resolves when the test decides. */
function connecting() {
  const calls = [];
  const connect = (signal) => new Promise((resolve, reject) => calls.push({ signal, resolve, reject }));
  return { calls, connect };
}
const offs = [];
afterEach(() => offs.splice(0).map((off) => off()));
/** Records the states while somebody subscribes. */
function watched(observer) {
  const seen = [];
  const off = observer.subscribe(() => seen.push([observer.state.freshness, observer.can("assistant.edit", "helper")].join(" ")));
  offs.push(off);
  return { seen, off };
}

test("connects with the first subscriber, not again with the second; loading until then", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { calls, connect } = connecting();
  const observer = observe({ connect });
  assert.deepEqual(
    [observer.state.freshness, observer.first.freshness, observer.check("team.create").denied, calls.length],
    ["loading", "loading", "expired", 0],
  );
  const [one, two] = [watched(observer), watched(observer)];
  assert.equal(calls.length, 1);
  const live = fakeLive({ me: editor });
  calls[0].resolve(live);
  await turn();
  assert.deepEqual([one.seen, two.seen], [["fresh true"], ["fresh true"]]);
  assert.deepEqual([observer.state.live, observer.state.error], [live, undefined]);
  one.off();
  one.off();
  t.mock.timers.tick(5000);
  assert.deepEqual([calls[0].signal.aborted, live.freshness], [false, "fresh"]);
  two.off();
  t.mock.timers.tick(500);
  const three = watched(observer);
  t.mock.timers.tick(5000);
  assert.deepEqual([calls.length, calls[0].signal.aborted], [1, false], "somebody came back");
  three.off();
  t.mock.timers.tick(1000);
  assert.deepEqual([calls[0].signal.aborted, live.freshness, observer.can("assistant.edit", "helper")], [true, "expired", false]);
  watched(observer);
  assert.deepEqual([calls.length, observer.state.freshness], [2, "loading"]);
});

test("a connection that comes too late is closed", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { calls, connect } = connecting();
  const observer = observe({ connect });
  watched(observer).off();
  t.mock.timers.tick(1000);
  assert.equal(calls[0].signal.aborted, true);
  const live = fakeLive({ me: editor });
  calls[0].resolve(live);
  await turn();
  assert.deepEqual([live.freshness, observer.can("assistant.edit", "helper"), observer.state.live], ["expired", false, undefined]);
});

test("a failure is in the state, and refresh connects again", async () => {
  const { calls, connect } = connecting();
  const principal = fakePrincipal({ allow: [["assistant.edit", "helper"]] });
  const observer = observe({ connect, principal });
  const { seen } = watched(observer);
  assert.equal(observer.can("assistant.edit", "helper"), true, "the principal, while it connects");
  const error = new WicketgateError("removed_user", "the authority answered 403");
  calls[0].reject(error);
  await turn();
  assert.deepEqual(seen, ["expired false"]);
  assert.equal(observer.state.error, error);
  const refreshed = observer.state.refresh();
  assert.deepEqual([calls.length, observer.state.freshness, observer.state.error], [2, "loading", undefined]);
  calls[1].resolve(fakeLive({ me: editor }));
  await refreshed;
  await turn();
  assert.deepEqual([observer.state.freshness, observer.can("assistant.edit", "helper")], ["fresh", true]);
});

test("a synchronous error of the user's function is a failure too", async () => {
  const observer = observe({
    connect: () => {
      throw new TypeError("no session");
    },
  });
  watched(observer);
  await turn();
  assert.deepEqual([observer.state.freshness, observer.state.error.message], ["expired", "no session"]);
});

describe("give", () => {
  test("a live client takes over for good; after its removal, nothing is loading", async () => {
    const principal = fakePrincipal({ allow: [["team.create"]] });
    const observer = observe({ principal });
    const { seen } = watched(observer);
    const live = fakeLive({ me: editor });
    observer.give({ principal, live });
    observer.give({ principal, live });
    observer.give({ principal });
    assert.deepEqual(seen, ["fresh true", "expired false"]);
    assert.equal(observer.can("team.create"), false, "the principal was replaced");
    observer.give({ principal: editor });
    assert.deepEqual(seen.at(-1), "fresh true");
  });

  test("other options do not reconnect; removing them closes the connection", async () => {
    const { calls, connect } = connecting();
    const observer = observe({ connect });
    watched(observer);
    calls[0].resolve(fakeLive({ me: editor }));
    await turn();
    const { live } = observer.state;
    observer.give({ connect: () => assert.fail("connects again") });
    assert.equal(observer.state.live, live);
    observer.give({});
    assert.deepEqual([calls[0].signal.aborted, live.freshness, observer.state.freshness], [true, "expired", "expired"]);
  });

  test("properties on Object.prototype have no effect", () => {
    Object.defineProperty(Object.prototype, "principal", { value: editor, configurable: true });
    try {
      assert.equal(observe({}).can("assistant.edit", "helper"), false);
    } finally {
      delete Object.prototype.principal;
    }
  });
});

test("a listener that is added twice is called twice, until each is removed", () => {
  const live = fakeLive({ me: editor });
  const observer = observe({ live });
  let told = 0;
  const tell = () => told++;
  const [one, two] = [observer.subscribe(tell), observer.subscribe(tell)];
  live.become(editor);
  one();
  live.become(editor);
  two();
  live.become(editor);
  assert.equal(told, 3);
});

test("the state is one object until something changes; with a live client, the principal is new with each change", async () => {
  const snapshot = await opened(acme(), { scope: { member: "vic" } });
  const observer = observe({ snapshot, principal: snapshot.as() });
  assert.equal(observer.state, observer.state);
  const live = fakeLive({ me: editor });
  observer.give({ live });
  watched(observer);
  const before = observer.state;
  live.become(editor);
  assert.notEqual(observer.state, before);
});
