// A Worker that opens tokens with the core alone and with the platform's Ed25519, for tests/edge/platform.test.mjs.
import { MemorySource, Gate } from "wicketgate/gate";
import { verifies } from "../../pkg/dist/gate/platform.js";
import { WAYS } from "./ways.mjs";

const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/** Calls of the platform's verification. */
let calls = 0;
const { subtle } = crypto;
const verify = subtle.verify.bind(subtle);
Object.defineProperty(subtle, "verify", { value: (...given) => (calls++, verify(...given)) });

const tasks = {
  /** Whether the platform says that each signature holds. */
  verify: (questions) => Promise.all(questions.map((question) => verifies(subtle, bytesOf(question)))),

  /** The outcome of opening each token, by each way, and the answers to the questions. */
  open: (tokens) =>
    Promise.all(
      tokens.map(async ({ token, options, cases = [] }) => {
        const outcomes = {};
        for (const [way, open] of Object.entries(WAYS)) {
          try {
            const snapshot = await open(token, options);
            const answers = cases.map(({ as, can, on }) => snapshot.as(as).check(can, on));
            outcomes[way] = { facts: snapshot.facts(), version: snapshot.version, answers };
            snapshot.free();
          } catch ({ code, path, message }) {
            outcomes[way] = { code, path, message };
          }
        }
        return outcomes;
      }),
    ),

  /** Admits to an assistant. */
  async admit({ token, assistant, link, now, ...options }) {
    const source = new MemorySource();
    source.put(assistant, token);
    const gate = new Gate({ source, ...options, keys: () => options.keys, now: () => now });
    return gate.admit(assistant, { link });
  },
};

export default {
  async fetch(request) {
    const { task, given } = await request.json();
    const before = calls;
    try {
      return Response.json({ answer: await tasks[task](given), calls: calls - before });
    } catch (error) {
      return new Response(error.stack, { status: 500 });
    }
  },
};
