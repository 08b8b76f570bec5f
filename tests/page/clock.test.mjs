// A computer with a wrong clock: the console uses the authority's time, and shows the difference.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assertAccessible, signIn } from "./browser.mjs";
import { demo, open, page, setUp, window } from "./window.mjs";

setUp();

/** Sets the browser's clock this many seconds ahead. */
function skew(seconds) {
  return window.context.addInitScript((milliseconds) => {
    const RealDate = globalThis.Date;
    const now = () => RealDate.now() + milliseconds;
    globalThis.Date = class extends RealDate {
      constructor(...given) {
        if (given.length === 0) super(now());
        else super(...given);
      }
      static now = now;
    };
  }, seconds * 1000);
}

describe("a clock that is wrong", () => {
  for (const [seconds, words] of [
    [600, "10 minutes fast"],
    [86_400, "24 hours fast"],
    [-7200, "2 hours slow"],
  ]) {
    test(words, async () => {
      await open();
      await skew(seconds);
      await signIn(page, demo.url, "gina");
      await page.locator("tr[data-row]").first().waitFor();
      await page.locator(".clock").getByText(`This computer’s clock is ${words}`).waitFor();
      assert.equal(await page.locator(".freshness").textContent(), "Live");
      // The overview uses the same time as the live snapshot.
      await page.goto(`${demo.url}/access/matrix`);
      await page.getByRole("grid").or(page.getByRole("table")).first().waitFor();
      assert.equal(await page.getByText("could not be verified").count(), 0);
      assert.equal(await page.getByText("too old").count(), 0);
      await assertAccessible(page);
    });
  }

  test("a right one is not spoken of", async () => {
    await open();
    await signIn(page, demo.url, "gina");
    await page.locator("tr[data-row]").first().waitFor();
    assert.equal(await page.locator(".clock").count(), 0);
  });
});
