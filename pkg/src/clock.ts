/** Reading the clock costs as much as the rest of a check, so it is read once per turn of the event loop. */

/** In one long turn it is read again after so many checks. */
const CHECKS = 64;

let time = 0;
let left = 0;
let scheduled = false;

function nextTurn(): void {
  left = 0;
  scheduled = false;
}

/** The system's time in Unix seconds, as of this turn of the event loop or of the last 64 checks. */
export function systemNow(): number {
  if (left > 0) {
    left--;
    return time;
  }
  time = Date.now() / 1000;
  left = CHECKS;
  if (!scheduled) {
    scheduled = true;
    queueMicrotask(nextTurn);
  }
  return time;
}
