// The timed decisions inside workerd. Its clock stands still while code runs, so the caller takes the time.

import { prepareTasks } from "./gate-tasks.mjs";

const worlds = new Map();

export default {
  async fetch(request) {
    const { world, rotating, material, task, count } = await request.json();
    try {
      if (material) worlds.set(`${world} ${rotating}`, await prepareTasks(material, rotating));
      else await worlds.get(`${world} ${rotating}`)[task].run(count);
    } catch (error) {
      return new Response(error.stack, { status: 500 });
    }
    return new Response("done");
  },
};
