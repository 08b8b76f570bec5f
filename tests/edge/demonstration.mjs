// A demonstration for each test file, with a temporary folder and free ports.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateKeyPair } from "wicketgate/authority";
import { start } from "../../demo/start.mjs";
import { freePort } from "../lib/free-port.mjs";
import { Member, signIn } from "../lib/service.mjs";

/** All tests come from one address, so they need high limits. */
const UNLIMITED = { address: 1_000_000, assistant: 1_000_000 };

/** The tests can sign as the authority does, with `signingKey`. With `signingKey: undefined` the authority makes its own keys. */
export async function startDemonstration(options = {}) {
  const dir = await mkdtemp(join(tmpdir(), "wicketgate-"));
  const { privateKey } = await generateKeyPair();
  const chosen = {
    port: await freePort(),
    identityPort: 0,
    mailPort: 0,
    customerPort: 0,
    rateLimits: UNLIMITED,
    dir,
    signingKey: privateKey,
    ...options,
  };
  try {
    const running = await start(chosen);
    return {
      ...running,
      dir,
      signingKey: chosen.signingKey,
      async stop() {
        await running.dispose();
        await rm(dir, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
}

export const ISSUER = "https://authority.acme.example";

/** A signed-in person. */
export async function enter(running, person) {
  const member = new Member(running);
  const { response } = await signIn(running, member.visitor, person);
  if (response.status !== 303) throw new Error(`${person} could not sign in: ${response.status} ${await response.text()}`);
  return member;
}

/** Sets the organization's plan as the operator. @returns the version that has it */
export async function setPlan({ url, operatorToken }, plan) {
  const response = await fetch(`${url}/v1/plan`, {
    method: "PUT",
    headers: { Authorization: `Bearer ${operatorToken}`, "Content-Type": "application/json" },
    body: JSON.stringify(plan),
  });
  if (response.status !== 200) throw new Error(`the plan was refused: ${response.status} ${await response.text()}`);
  return (await response.json()).version;
}
