// The object has one alarm. Several concerns plan it; it rings at the earliest of their times.

export class Alarm {
  readonly #ctx: DurableObjectState;
  /** When the object will be woken, in milliseconds. */
  #planned: number | undefined;

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx;
  }

  /** Reads the time that was planned before the object stopped. */
  async load(): Promise<void> {
    this.#planned = (await this.#ctx.storage.getAlarm()) ?? undefined;
  }

  /** Wakes the object at that time (milliseconds) or before. The platform writes it together with this turn's other writes. */
  wakeBy(time: number): void {
    if (this.#planned !== undefined && this.#planned <= time) return;
    this.#planned = time;
    this.#ctx.waitUntil(this.#ctx.storage.setAlarm(time));
  }

  /** To be called when it has rung: nothing is planned then. */
  rang(): void {
    this.#planned = undefined;
  }
}
