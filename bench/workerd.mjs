// The processor time of workerd.

import { readdir, readFile } from "node:fs/promises";

const CLOCK_TICKS = 100;

/** Seconds, user and system, of the workerd processes that this process started. Known on Linux alone. */
export async function workerdSeconds() {
  let seconds = 0;
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const text = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "");
    const [, name, rest] = /^\d+ \((.*)\) (.*)$/s.exec(text) ?? [];
    const fields = rest?.split(" ");
    if (name === "workerd" && Number(fields[1]) === process.pid) seconds += (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS;
  }
  return seconds;
}
