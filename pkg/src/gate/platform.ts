/**
 * Opens tokens with the platform's Ed25519, which in a Worker needs a third of the time. The core takes every step but one: the platform only
 * computes the equation of the signature, and if it does not say that it holds, the core computes it too.
 */
import { runtime } from "../core/checking.js";
import { decoded } from "../lib/base64.js";
import { call } from "../lib/error.js";
import { partsOf, prepare, type OpenOptions, type Prepared } from "../snapshot/opening.js";
import { OpenSnapshot, type Snapshot } from "../snapshot/snapshot.js";
import type { DetachedSnapshot } from "../lib/types.js";
import type { Head, RawSnapshot } from "../wasm/wicketgate.js";
import { importPublicKey } from "./ed25519.js";

/** Like `open` of the package. */
export async function openWithPlatform(token: string | DetachedSnapshot, options: OpenOptions): Promise<Snapshot> {
  await runtime.init();
  const prepared = prepare(partsOf(token), options);
  return new OpenSnapshot((await finished(prepared, false)) as RawSnapshot, prepared);
}

/** Like `openHead` of the package. */
export async function openHeadWithPlatform(token: string | DetachedSnapshot, options: OpenOptions): Promise<Head> {
  await runtime.init();
  return (await finished(prepare(partsOf(token), options), true)) as Head;
}

async function finished({ ask }: Prepared, head: boolean): Promise<RawSnapshot | Head> {
  const pending = ask((...given) => runtime.core.begin(...given, head));
  const holds = await equationHolds(call(() => pending.question()) as Uint8Array<ArrayBuffer>);
  return call(() => pending.finish(holds));
}

/** Whether the platform says that the equation holds. False if it does not say so, for whatever reason. */
async function equationHolds(question: Uint8Array<ArrayBuffer>): Promise<boolean> {
  try {
    const { subtle } = crypto;
    if (!strict.has(subtle)) strict.set(subtle, await isStrict(subtle));
    return strict.get(subtle) === true && (await verifies(subtle, question));
  } catch {
    return false;
  }
}

/** Asks the platform: 32 bytes of a public key, 64 of a signature, and the signed bytes. The caller keeps no other reference to them. */
export async function verifies(subtle: SubtleCrypto, question: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const key = await importPublicKey(question.subarray(0, 32), subtle);
  return (await subtle.verify("Ed25519", key, question.subarray(32, 96), question.subarray(96))) === true;
}

/** Which platforms are strict. The values, not promises: a request of a Worker may not await those of another. */
const strict = new WeakMap<SubtleCrypto, boolean>();

/** Whether a platform computes the same equation as the core. That of WebKitGTK does not, about keys with a part of small order. */
export async function isStrict(subtle: SubtleCrypto): Promise<boolean> {
  return (await verifies(subtle, decoded(HOLDS))) && !(await verifies(subtle, decoded(WITH_COFACTOR)));
}

/** A signature that holds, by a key with a part of small order. */
const HOLDS =
  "0bc7M+wLAy2uFl3g6uDe+HQ4t6vvzh3uOTFs5o4iShU9sPn1KYYppytt/NOXWkfhylwS8uBIoZTxvNASs26GP8HqpX+ftn2cFPupbat1+yi+nXiIbCK8K34d3mKljFIObWVzc2FnZSA0NA==";
/** A signature of that key that holds only if the equation is multiplied by the cofactor. */
const WITH_COFACTOR =
  "0bc7M+wLAy2uFl3g6uDe+HQ4t6vvzh3uOTFs5o4iShU9sPn1KYYppytt/NOXWkfhylwS8uBIoZTxvNASs26GP52+OA/jEQMGlRmvlFUZgUpGJSGn73cNO0RcGyP+dpQDbWVzc2FnZSA0";
