// What the object's methods answer: the value of some work, or the problem that it threw, of those who may ask.
import type { KeyScope } from "wicketgate/authority";
import type { Caller } from "../messages";
import { type Outcome, problemResponse, type Quota, quotaHeaders } from "../problem";
import type { Admitted, Callers } from "./callers";
import { asyncOutcome, outcome } from "./outcome";
import type { OwnSettings } from "./own-settings";

export class Answers {
  readonly #callers: Callers;
  readonly #settings: OwnSettings;
  readonly #requireServed: () => void;

  /** @param requireServed throws while nothing may be answered */
  constructor(callers: Callers, settings: OwnSettings, requireServed: () => void) {
    this.#callers = callers;
    this.#settings = settings;
    this.#requireServed = requireServed;
  }

  now<T>(work: () => T): Outcome<T> {
    return outcome(() => {
      this.#requireServed();
      return work();
    }, this.#settings.name);
  }

  later<T>(work: () => Promise<T>): Promise<Outcome<T>> {
    return asyncOutcome(async () => {
      this.#requireServed();
      return work();
    }, this.#settings.name);
  }

  /** As {@link now}, for a caller who may send the request. @param scopes what an API key must have */
  to<T>(caller: Caller, scopes: KeyScope[], work: (caller: Admitted) => T): Outcome<T> {
    const quotas = this.#callers.count(caller);
    return withQuotas(
      this.now(() => work(this.#callers.admit(caller, scopes, quotas))),
      quotas,
    );
  }

  /** As {@link to}, for work that waits. */
  async laterTo<T>(caller: Caller, scopes: KeyScope[], work: (caller: Admitted) => Promise<T>): Promise<Outcome<T>> {
    const quotas = this.#callers.count(caller);
    return withQuotas(await this.later(() => work(this.#callers.admit(caller, scopes, quotas))), quotas);
  }
}

function withQuotas<T>(outcome: Outcome<T>, quotas: Quota[] | undefined): Outcome<T> {
  return quotas ? { ...outcome, quotas } : outcome;
}

/** The answer to a request that no method takes, with what every answer to an API key says. */
export function responseTo<T>(outcome: Outcome<T>, of: (value: T) => Response): Response {
  const response = "value" in outcome ? of(outcome.value) : problemResponse(outcome.problem);
  for (const [name, value] of quotaHeaders(outcome.quotas ?? [])) response.headers.set(name, value);
  return response;
}
