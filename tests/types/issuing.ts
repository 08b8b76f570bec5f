/** Facts and claims for signing. */
import { detach, generateKeyPair, issue, type Jwk, type KeyPair, type Organization } from "wicketgate/authority";
import { open } from "wicketgate";
import { expect, type Same } from "./expect.js";

declare const facts: Organization;
declare const key: Jwk;

expect<Same<Promise<string>, ReturnType<typeof issue>>>();
expect<Same<Promise<KeyPair>, ReturnType<typeof generateKeyPair>>>();
expect<Same<Promise<{ payload: string; signature: string }>, ReturnType<typeof detach>>>();

const token = await issue(facts, { key, version: 1, expiresIn: 60 });
await issue("{}", { key, version: 1, expiresAt: 60, issuedAt: 1, notBefore: 1, issuer: "", audience: [""], state: "", id: "" });
await issue(facts, { key, version: 1, expiresIn: 60, scope: "workspace" });
await issue(facts, { key, version: 1, expiresIn: 60, scope: "overview" });
await issue(facts, { key, version: 1, expiresIn: 60, scope: { member: "ana" } });
await issue(facts, { key, version: 1, expiresIn: 60, scope: { gate: ["helper"] } });
// @ts-expect-error a key is required
await issue(facts, { version: 1, expiresIn: 60 });
// @ts-expect-error a version is required
await issue(facts, { key, expiresIn: 60 });
// @ts-expect-error a member scope names the user
await issue(facts, { key, version: 1, expiresIn: 60, scope: "member" });
// @ts-expect-error misspelt
await issue(facts, { key, version: 1, expiresIn: 60, scpe: { member: "ana" } });
// @ts-expect-error an organization has an id
await issue({ users: [] }, { key, version: 1, expiresIn: 60 });
// @ts-expect-error no such accessibility
await issue({ id: "acme", assistants: [{ id: "helper", accessibility: "everybody" }] }, { key, version: 1, expiresIn: 60 });

const { publicKey } = await generateKeyPair({ kid: "2026" });
await open(await detach(token), { keys: { keys: [publicKey] } });
