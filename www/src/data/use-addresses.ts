// What the authority reads of addresses that somebody types or pastes: the rules for them are its own.
import { useEffect, useState } from "react";
import type { ReadAddress } from "wicketgate/authority";
import { type Failure, failureOf, readAddresses } from "./api";

/** Characters of the addresses that are asked about in one request: some hundreds of them, and well within the body that the authority takes. */
const MOST_AT_ONCE = 16_000;
/** Longer than any address: not sent, and said to be none. */
const LONGEST = 1024;

export interface Addresses {
  /** What is known so far. */
  read: ReadonlyMap<string, ReadAddress>;
  /** Why the rest cannot be learned. */
  failure: Failure | undefined;
}

/** Each address is asked about once. */
export function useAddresses(addresses: readonly string[]): Addresses {
  const [state, setState] = useState<Addresses>({ read: new Map(), failure: undefined });
  const asked = JSON.stringify(batch(addresses.filter((address) => !state.read.has(address))));

  useEffect(() => {
    const wanted = JSON.parse(asked) as string[];
    if (wanted.length === 0) return;
    let current = true;
    const tell = (told: Iterable<[string, ReadAddress]>, failure?: Failure) =>
      current && setState(({ read }) => ({ read: new Map([...read, ...told]), failure }));
    const sent = wanted.filter((address) => address.length <= LONGEST);
    const long = wanted
      .filter((address) => address.length > LONGEST)
      .map((address): [string, ReadAddress] => [address, { fault: "is no e-mail address", removed: [] }]);
    readAddresses(sent).then(
      (answers) => tell([...long, ...answers.map((answer, index): [string, ReadAddress] => [sent[index] ?? "", answer])]),
      (error) => tell([], failureOf(error)),
    );
    return () => {
      current = false;
    };
  }, [asked]);

  return state;
}

function batch(addresses: readonly string[]): string[] {
  let characters = 0;
  return addresses
    .slice(0, MOST_AT_ONCE)
    .filter((address) => (characters += Math.min(address.length, LONGEST) + 1) <= MOST_AT_ONCE);
}
