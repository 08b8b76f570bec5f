// From a throw to a value: what the object's methods answer.
import { type Outcome, problemOf } from "../problem";

/** The value of `work`, or the problem that it threw. @param organization for the log */
export function outcome<T>(work: () => T, organization?: string): Outcome<T> {
  try {
    return { value: work() };
  } catch (error) {
    return { problem: problemOf(error, organization) };
  }
}

/** As {@link outcome}, for work that waits. */
export async function asyncOutcome<T>(work: () => Promise<T>, organization?: string): Promise<Outcome<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { problem: problemOf(error, organization) };
  }
}
