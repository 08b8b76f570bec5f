// The timed decisions, equal code in Node and in workerd. Each task repeats its work, one after the other, and throws if an answer is not the
// expected one.

import { importJWK, jwtVerify } from "jose";
import { Gate, MemorySource } from "wicketgate/gate";
import { GATE_AUDIENCE, ISSUER, PASS_AUDIENCE, PASS_ISSUER } from "./gate-names.mjs";

/** The tasks on one organization: about one assistant again and again, or about `rotating` assistants in turn. */
export async function prepareTasks({ organization, keys, passKeys, tokens, visitors }, rotating) {
  const source = new MemorySource();
  for (const [assistant, token] of Object.entries(tokens)) source.put(assistant, token);
  const options = {
    source,
    keys: () => keys,
    issuer: ISSUER,
    organization,
    passes: { keys: passKeys, issuer: PASS_ISSUER, audience: PASS_AUDIENCE },
  };
  const gate = new Gate(options);
  const forgetful = new Gate({ ...options, maxCopies: 1 });
  const key = await importJWK(keys.keys[0], "EdDSA");
  let turn = 0;
  let sites = 0;
  const one = () => visitors[0];
  const next = () => visitors[(turn = (turn + 1) % rotating)];
  // A new site each time, so that no signature is cached.
  const stranger = () => ({ ...visitors[0], origin: `https://s${sites++}.${visitors[0].inner}` });

  const verify = async ({ assistant }) => {
    const { payload } = await jwtVerify(tokens[assistant], key, { issuer: ISSUER, audience: GATE_AUDIENCE });
    if (payload.organization.assistants[0].id !== assistant) throw new Error("jose verified another token");
  };
  const admit = (gate, name) => async (visitor) => {
    const admission = await gate.admit(visitor.assistant, { [name]: visitor[name] });
    if (!admission.admitted || !admission.capabilities.includes("assistant.chat")) throw new Error(`refused: ${admission.reason}`);
    return admission;
  };
  const link = admit(gate, "link");
  const origin = admit(gate, "origin");
  const sign = async (visitor) => {
    const { pass } = await gate.issuePass(await origin(visitor));
    if (pass.length < 100) throw new Error("no pass");
  };
  const answer = async (request) => {
    const response = await gate.passResponse(request);
    if (response.status !== 200) throw new Error(`refused: ${response.status}`);
  };
  const repeat = (work, visitor) => ({
    async run(count) {
      for (let i = 0; i < count; i++) await work(visitor());
    },
  });
  // The requests are made before the clock starts, because in a service the platform makes them.
  const respond = (visitor) => ({
    prepare: (count) => Array.from({ length: count }, () => passRequest(PASS_ISSUER, visitor())),
    async run(_count, requests) {
      for (const request of requests) await answer(request);
    },
  });
  return {
    verify: repeat(verify, one),
    link: repeat(link, one),
    origin: repeat(origin, one),
    stranger: repeat(origin, stranger),
    "stranger and pass": repeat(sign, stranger),
    "verify, rotating": repeat(verify, next),
    "link, rotating": repeat(link, next),
    "origin, rotating": repeat(origin, next),
    "link, not remembered": repeat(admit(forgetful, "link"), next),
    answer: respond(one),
    "answer, stranger": respond(stranger),
  };
}

/** A request as the frame on a customer's page sends it. */
export function passRequest(gate, { assistant, origin }) {
  return new Request(`${gate}/v1/pass`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: gate },
    body: JSON.stringify({ assistant, embedder: origin }),
  });
}
