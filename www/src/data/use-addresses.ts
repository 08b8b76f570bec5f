// How the authority reads the e-mail addresses that somebody types or pastes. Its rules are not repeated here.
import { useEffect, useState } from "react";
import type { ReadAddress } from "wicketgate/authority";
import { type Failure, failureOf, readAddresses } from "./api";

/** Characters per request: some hundreds of addresses, and far below the authority's limit for a body. */
const BATCH_LENGTH = 16_000;
/** Characters. A longer text is not sent: no address is that long. */
const MAX_LENGTH = 1024;

export interface Addresses {
  /** The answers so far, by text. */
  read: ReadonlyMap<string, ReadAddress>;
  /** Why the rest is missing. */
  failure: Failure | undefined;
}

/** Each address is sent once. */
export function useAddresses(addresses: readonly string[]): Addresses {
  const [state, setState] = useState<Addresses>({ read: new Map(), failure: undefined });
  const batchKey = JSON.stringify(batch(addresses.filter((address) => !state.read.has(address))));

  useEffect(() => {
    const wanted = JSON.parse(batchKey) as string[];
    if (wanted.length === 0) return;
    let current = true;
    const add = (answers: Iterable<[string, ReadAddress]>, failure?: Failure) =>
      current && setState(({ read }) => ({ read: new Map([...read, ...answers]), failure }));
    const sent = wanted.filter((address) => address.length <= MAX_LENGTH);
    const long = wanted
      .filter((address) => address.length > MAX_LENGTH)
      .map((address): [string, ReadAddress] => [address, { fault: "is not an e-mail address", removed: [] }]);
    readAddresses(sent).then(
      (answers) => add([...long, ...answers.map((answer, index): [string, ReadAddress] => [sent[index] ?? "", answer])]),
      (error) => add([], failureOf(error)),
    );
    return () => {
      current = false;
    };
  }, [batchKey]);

  return state;
}

function batch(addresses: readonly string[]): string[] {
  let characters = 0;
  return addresses
    .slice(0, BATCH_LENGTH)
    .filter((address) => (characters += Math.min(address.length, MAX_LENGTH) + 1) <= BATCH_LENGTH);
}
