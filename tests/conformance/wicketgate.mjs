// The adapter of the npm package for the conformance kit. docs/conformance.md says what the kit asks.
import { createInterface } from "node:readline";
import { open, WicketgateError } from "wicketgate";

let snapshot;
/** The time of the command that is being answered, in Unix seconds. */
let time;

const commands = {
  async open({ token, signature, keys, options }) {
    const presented = signature === undefined ? token : { payload: token, signature };
    try {
      const opened = await open(presented, { ...options, keys, now: () => time });
      snapshot?.free();
      snapshot = opened;
      return { ok: true };
    } catch (error) {
      if (!(error instanceof WicketgateError)) throw error;
      return { error: error.code, path: error.path };
    }
  },
  check: ({ as, can, on }) =>
    using(as, (principal) => {
      const { allowed, because, denied } = principal.check(can, on);
      return { allowed, because: because?.map(({ relation }) => relation), denied };
    }),
  list: ({ as, can }) => using(as, (principal) => ({ ids: principal.list(can) })),
};

function using(as, ask) {
  const principal = snapshot.as(as);
  try {
    return ask(principal);
  } finally {
    principal.free();
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, command, ...asked } = JSON.parse(line);
  time = asked.now;
  console.log(JSON.stringify({ id, ...(await commands[command](asked)) }));
}
