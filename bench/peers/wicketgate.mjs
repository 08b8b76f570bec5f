// Wicketgate: a member snapshot, detached, opened with the caller's keys.

import { init, open as openSnapshot } from "wicketgate/manual";
import { wasm } from "#wasm";

const ISSUER = "https://authority.acme.example";
const AUDIENCE = "acme";

/** Server: issues the member snapshot from the whole organization. */
export async function prepare({ facts, subject }) {
  return issued(facts, { member: subject });
}

/** Client: verifies and opens with the module that pages load for a member snapshot; the subject asks. */
export function open(given) {
  return openWith("member.wasm", given);
}

/** Client: the same with a module of the package. */
export async function openWith(module, { snapshot, keys, user }) {
  await init(wasm(module));
  const opened = await openSnapshot(snapshot, { keys, issuer: ISSUER, audience: AUDIENCE });
  const me = opened.as(user && { user });
  return {
    can: (capability, id) => me.can(capability, id),
    list: (capability) => me.list(capability),
    as: (id) => opened.as({ user: id }),
  };
}

/** Server: a detached snapshot of a scope, and its keys. */
export async function issued(facts, scope) {
  // A dynamic import, because the authority must not get into the bundle of the checking side.
  const { detach, generateKeyPair, issue } = await import("wicketgate/authority");
  const { publicKey, privateKey } = await generateKeyPair();
  const token = await issue(facts, {
    key: privateKey,
    issuer: ISSUER,
    audience: AUDIENCE,
    expiresIn: 86_400,
    version: 1,
    scope,
  });
  const { payload, signature } = await detach(token);
  const snapshot = { payload: new TextEncoder().encode(payload), signature };
  const material = { snapshot, keys: { keys: [publicKey] } };
  return { material, wire: { body: payload, header: signature } };
}
