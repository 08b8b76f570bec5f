// Engines without Ed25519: the gate and the back ends report that, and not a wrong key or pass.
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { generateKeyPair } from "wicketgate/authority";
import { verifyPass } from "wicketgate/pass";
import { fails } from "../lib/fails.mjs";
import { expected, gateOf } from "../lib/gate-library.mjs";
import { VIEW } from "../lib/world.mjs";

const real = Object.getOwnPropertyDescriptor(globalThis, "crypto");
afterEach(() => Object.defineProperty(globalThis, "crypto", real));

/** Engines like a browser of 2024, which lacks only this algorithm, and like a page without https. */
const ENGINES = {
  "an engine that does not know the algorithm": () => {
    const subtle = new Proxy(crypto.subtle, {
      get:
        (target, name) =>
        (...given) => {
          if (given.some((one) => one === "Ed25519" || one?.name === "Ed25519"))
            return Promise.reject(new DOMException("Algorithm: Unrecognized name", "NotSupportedError"));
          return target[name](...given);
        },
    });
    Object.defineProperty(globalThis, "crypto", {
      configurable: true,
      value: { subtle, getRandomValues: real.get.call(globalThis).getRandomValues },
    });
  },
  "a page without `crypto.subtle`": () => Object.defineProperty(globalThis, "crypto", { configurable: true, value: {} }),
};

for (const [what, take] of Object.entries(ENGINES)) {
  describe(what, () => {
    test("the gate", async () => {
      const { gate } = await gateOf();
      const admission = await gate.admit("site", { link: VIEW });
      take();
      await assert.rejects(
        gate.issuePass(admission),
        (error) => fails("unsupported_engine")(error) && error.message.includes("this engine has no Ed25519"),
      );
      // The key is valid: with the algorithm it signs.
      Object.defineProperty(globalThis, "crypto", real);
      assert.ok((await gate.issuePass(admission)).pass);
    });

    test("a back end", async () => {
      const { gate } = await gateOf();
      const { pass } = await gate.issuePass(await gate.admit("site", { link: VIEW }));
      take();
      await assert.rejects(verifyPass(pass, expected()), fails("unsupported_engine"));
      Object.defineProperty(globalThis, "crypto", real);
      assert.equal((await verifyPass(pass, expected())).assistant, "site");
    });
  });
}

test("with the algorithm, a pass that another key signed: bad_signature", async () => {
  const { gate } = await gateOf();
  const { pass } = await gate.issuePass(await gate.admit("site", { link: VIEW }));
  const { kid } = JSON.parse(Buffer.from(pass.split(".")[0], "base64url"));
  const { publicKey } = await generateKeyPair({ kid });
  await assert.rejects(verifyPass(pass, expected({ keys: { keys: [publicKey] } })), fails("bad_signature"));
});
