// The timed opening inside workerd. Its clock stands still while code runs, so the caller takes the time.

import { openRepeatedly } from "./platform-tasks.mjs";

const tokens = new Map();

export default {
  async fetch(request) {
    const { name, way, count, ...given } = await request.json();
    try {
      if (given.token !== undefined) tokens.set(name, given);
      else await openRepeatedly({ ...tokens.get(name), way, count });
    } catch (error) {
      return new Response(error.stack, { status: 500 });
    }
    return new Response("done");
  },
};
