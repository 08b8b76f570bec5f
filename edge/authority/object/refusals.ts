// Problems that several files of the object answer with.
import { Problem } from "../problem";

export const notSignedIn = () => new Problem("not_signed_in", "nobody is signed in");
export const removed = () => new Problem("removed_user", "this person is no longer in the organization");
export const suspended = () => new Problem("suspended_user", "this person's access is suspended");
export const notFounded = () => new Problem("not_founded", "the organization has not been set up");
export const alreadyFounded = () => new Problem("already_founded", "the organization has been set up already");
export const tampered = () => new Problem("tampered", "the stored data does not match its digests");

/** For a value that always exists: turns the impossible `undefined` into an internal error. */
export function mustExist(): never {
  throw new Error("a value that must exist does not");
}
