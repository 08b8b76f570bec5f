// The schedule of the live client: when it asks, dials, renews and calls itself stale. No timers and no clock.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MAX_WAIT, Schedule } from "../../pkg/dist/client/schedule.js";

const NOW = 1_000_000;
/** Seconds until the next step. */
const wait = (schedule, now = NOW) => schedule.wait(now) / 1000;
/** A schedule after an accepted snapshot of this lifetime, in seconds. */
function accepted({ lifetime = 600, changeIn = Infinity, behind = false, random = 0 } = {}) {
  const schedule = new Schedule(() => random);
  schedule.accepted(NOW, NOW + lifetime, NOW + changeIn, behind);
  schedule.reached(NOW);
  return schedule;
}
/** Whether a step is due at a time. */
const due = (schedule, step, at) => schedule[`${step}Due`](at);

describe("before anything was accepted", () => {
  test("nothing is due, and the clock is looked at every minute", () => {
    const schedule = new Schedule(() => 0);
    for (const step of ["ask", "dial", "change", "renew"]) assert.equal(due(schedule, step, Number.MAX_SAFE_INTEGER), false, step);
    assert.equal(wait(schedule), MAX_WAIT);
  });

  for (const [random, delays] of [
    [0, [0.5, 1, 2, 4, 8, 16, 30, 30]],
    [0.5, [0.75, 1.5, 3, 6, 12, 24, 45, 45]],
  ]) {
    test(`attempts are further and further apart, a minute at most: chance ${random}`, () => {
      const schedule = new Schedule(() => random);
      const seen = delays.map(() => {
        schedule.failed(NOW);
        return schedule.retryDelay();
      });
      assert.deepEqual(seen, delays);
    });
  }
});

describe("renewing", () => {
  for (const [lifetime, random, at] of [
    [600, 0, 300],
    [600, 0.5, 375],
    [600, 0.999, 449.85],
    [3_000_000, 0, 600],
  ]) {
    test(`a snapshot of ${lifetime} seconds after ${at}, with chance ${random}`, () => {
      const schedule = accepted({ lifetime, random });
      for (const step of ["ask", "renew"]) {
        assert.equal(due(schedule, step, NOW + at - 0.01), false);
        assert.equal(due(schedule, step, NOW + at + 0.01), true);
      }
    });
  }

  test("a newer version that is known is asked for after a second", () => {
    const schedule = accepted({ behind: true });
    assert.deepEqual([wait(schedule), due(schedule, "renew", NOW + 1)], [1, false]);
  });

  test("a short snapshot shortens the wait for a connection", () => {
    const schedule = new Schedule(() => 0);
    schedule.dialling(NOW);
    schedule.accepted(NOW, NOW + 8, Infinity, false);
    assert.deepEqual([due(schedule, "dial", NOW + 1.9), due(schedule, "dial", NOW + 2)], [false, true]);
  });
});

describe("an answer", () => {
  const asking = (options) => {
    const schedule = accepted(options);
    schedule.asking();
    assert.equal(due(schedule, "ask", Number.MAX_SAFE_INTEGER), false);
    return schedule;
  };

  test("that is current: asks again at the renewal, and forgets the failures", () => {
    const schedule = asking();
    schedule.failed(NOW);
    schedule.answered(NOW, false, false);
    assert.equal(schedule.hasFailed, false);
    assert.deepEqual([due(schedule, "ask", NOW + 299), due(schedule, "ask", NOW + 300)], [false, true]);
  });

  test("that brought progress but not the newest: asks at once", () => {
    const schedule = asking();
    schedule.answered(NOW, true, true);
    assert.deepEqual([due(schedule, "ask", NOW), schedule.hasFailed], [true, false]);
  });

  test("that brought nothing: backs off", () => {
    const schedule = asking();
    schedule.answered(NOW, true, false);
    assert.equal(wait(schedule), 0.5);
    schedule.answered(NOW, true, false);
    assert.equal(wait(schedule), 1);
  });

  test("after the time of renewal: backs off", () => {
    const schedule = asking();
    schedule.answered(NOW + 300, false, false);
    assert.equal(wait(schedule, NOW + 300), 0.5);
  });
});

describe("the connection", () => {
  test("has ten seconds for its first message; with it, no dial is due", () => {
    const schedule = accepted();
    schedule.dialling(NOW);
    assert.deepEqual([due(schedule, "dial", NOW + 9), due(schedule, "dial", NOW + 10)], [false, true]);
    schedule.connected();
    assert.equal(due(schedule, "dial", Number.MAX_SAFE_INTEGER), false);
  });

  test("lost, is dialled further and further apart; working, it begins anew", () => {
    const schedule = accepted();
    const lost = () => {
      schedule.lost(NOW, false);
      return wait(schedule);
    };
    assert.deepEqual([lost(), lost(), lost()], [0.5, 1, 2]);
    schedule.connected();
    assert.equal(lost(), 0.5);
  });

  test("that gave way to others waits as long as it ever does", () => {
    const schedule = accepted();
    schedule.lost(NOW, true);
    assert.equal(wait(schedule), MAX_WAIT / 2);
  });

  test("after the network is back, asks and dials at once", () => {
    const schedule = accepted();
    for (let loss = 0; loss < 5; loss++) schedule.lost(NOW, false);
    schedule.failed(NOW);
    schedule.retryNow(NOW);
    schedule.dialNow(NOW);
    assert.deepEqual([due(schedule, "ask", NOW), due(schedule, "dial", NOW), schedule.hasFailed], [true, true, false]);
    schedule.lost(NOW, false);
    assert.equal(due(schedule, "dial", NOW + 0.5), true);
  });
});

describe("out of reach", () => {
  test("is told once, and stale after a minute", () => {
    const schedule = accepted();
    assert.deepEqual([schedule.unreachable(NOW), schedule.unreachable(NOW + 5)], [true, false]);
    assert.deepEqual([schedule.isStale(NOW + 60), schedule.isStale(NOW + 61)], [false, true]);
    assert.equal(wait(schedule, NOW + 50), 10);
    assert.deepEqual([schedule.reached(NOW + 70), schedule.reached(NOW + 70), schedule.isDown], [true, false, false]);
    assert.equal(schedule.isStale(NOW + 200), false);
  });

  test("a short snapshot is stale after a quarter of its lifetime", () => {
    const schedule = accepted({ lifetime: 40 });
    schedule.unreachable(NOW);
    assert.deepEqual([schedule.isStale(NOW + 10), schedule.isStale(NOW + 11)], [false, true]);
  });

  test("a page that is seen again asks if the last contact is a minute ago", () => {
    const schedule = accepted();
    assert.deepEqual([schedule.isQuiet(NOW + 60), schedule.isQuiet(NOW + 61)], [false, true]);
  });
});

test("the next step is the earliest of all, and never more than a minute away", () => {
  const schedule = accepted({ changeIn: 20 });
  assert.equal(wait(schedule), 20);
  schedule.askBy(NOW + 5);
  schedule.askBy(NOW + 30);
  assert.equal(wait(schedule), 5);
  schedule.dialling(NOW - 7);
  assert.equal(wait(schedule), 3);
  assert.equal(wait(schedule, NOW + 100), 0);
  assert.equal(wait(accepted({ lifetime: 10_000 })), MAX_WAIT);
  assert.equal(wait(schedule, NaN), MAX_WAIT, "a clock that tells no time");
});
