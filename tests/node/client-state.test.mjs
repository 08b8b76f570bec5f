// The states of the live client: which transitions there are, and what each does to the snapshot and to the other pages.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { close, follow, heldIn, isBehind, presentRevision, signOut } from "../../pkg/dist/client/state.js";

const starting = { phase: "starting" };
/** Stands for a verified snapshot. */
const held = (version, epoch = 0) => ({ retired: 0, snapshot: { epoch, version }, retire: () => void 0 });
function watched(version) {
  const one = held(version);
  one.retire = () => one.retired++;
  return one;
}
const page = () => {
  const tabs = { closed: 0, close: () => tabs.closed++ };
  return tabs;
};

describe("following", () => {
  test("begins with the first snapshot, without other pages and without news", () => {
    const first = watched(3);
    const state = follow(starting, first, "tag");
    assert.deepEqual(state, { phase: "following", held: first, etag: "tag", known: { epoch: 0, version: 0 }, tabs: undefined });
    assert.deepEqual([heldIn(state) === first, presentRevision(state), isBehind(state)], [true, { epoch: 0, version: 3 }, false]);
  });

  test("goes on with a later snapshot: the one before denies, pages and news stay", () => {
    const [first, second, tabs] = [watched(3), watched(4), page()];
    const before = follow(starting, first, "tag");
    Object.assign(before, { tabs, known: { epoch: 0, version: 9 } });
    const state = follow(before, second, undefined);
    assert.deepEqual([first.retired, second.retired, tabs.closed], [1, 0, 0]);
    assert.deepEqual([state.held === second, state.tabs === tabs, state.etag, state.known.version], [true, true, undefined, 9]);
    assert.equal(isBehind(state), true);
  });

  test("is behind a later version of the epoch, and every version of a later epoch", () => {
    const state = follow(starting, held(5, 2), undefined);
    for (const [known, behind] of [
      [{ epoch: 2, version: 5 }, false],
      [{ epoch: 2, version: 6 }, true],
      [{ epoch: 3, version: 0 }, true],
      [{ epoch: 1, version: 99 }, false],
    ])
      assert.equal(isBehind(Object.assign(state, { known })), behind, JSON.stringify(known));
  });
});

describe("signed out", () => {
  test("denies, leaves the other pages, and keeps the snapshot to be read", () => {
    const [one, tabs] = [watched(3), page()];
    const state = signOut(Object.assign(follow(starting, one, "tag"), { tabs }));
    assert.deepEqual(state, { phase: "signedOut", held: one });
    assert.deepEqual([one.retired, tabs.closed, isBehind(state), presentRevision(state).version], [1, 1, false, 0]);
  });

  test("follows again with any person's snapshot, and with nothing of before", () => {
    const before = Object.assign(follow(starting, watched(7), "tag"), { tabs: page(), known: { epoch: 0, version: 9 } });
    const state = follow(signOut(before), watched(2), undefined);
    assert.deepEqual([state.phase, state.tabs, state.known.version, state.etag], ["following", undefined, 0, undefined]);
  });
});

describe("closed", () => {
  test("before the first snapshot: holds none", () => assert.deepEqual(close(starting), { phase: "closed", held: undefined }));

  test("while following: denies and leaves the other pages", () => {
    const [one, tabs] = [watched(3), page()];
    const state = close(Object.assign(follow(starting, one, undefined), { tabs }));
    assert.deepEqual([state.phase, state.held === one, one.retired, tabs.closed], ["closed", true, 1, 1]);
    assert.deepEqual([close(state).held === one, one.retired], [true, 1], "closing twice does nothing more");
  });

  test("after signing out: keeps the snapshot that denies", () => {
    const one = watched(3);
    assert.equal(close(signOut(follow(starting, one, undefined))).held, one);
  });
});
