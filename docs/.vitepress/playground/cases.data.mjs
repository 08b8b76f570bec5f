// What the playground starts from, made when the site is built: the seed organization with its cases, and every capability by its kind, as the core names them.
import { readFileSync } from "node:fs";
import { open } from "wicketgate";
import { generateKeyPair, issue } from "wicketgate/authority";

const SEED = new URL("../../../tests/vectors/seed.json", import.meta.url);

export default {
  async load() {
    const { organization, cases, now } = JSON.parse(readFileSync(SEED, "utf8"));
    return {
      organization,
      now,
      cases: cases.map(({ rule, as, can, on = "" }) => ({ rule, as, can, on })),
      capabilities: await capabilitiesByKind(),
    };
  },
};

/** A global admin holds every capability there is. */
async function capabilitiesByKind() {
  const { publicKey, privateKey } = await generateKeyPair();
  const facts = {
    id: "o",
    users: [{ id: "u", role: "global_admin" }],
    teams: [{ id: "t" }],
    projects: [{ id: "p", team: "t" }],
    assistants: [{ id: "a", project: "p", owner: "u", accessibility: "only_me" }],
  };
  const snapshot = await open(await issue(facts, { key: privateKey, version: 1, expiresIn: 60 }), { keys: { keys: [publicKey] } });
  const admin = snapshot.as({ user: "u" });
  return {
    organization: admin.capabilities(),
    team: admin.capabilities({ team: "t" }),
    project: admin.capabilities({ project: "p" }),
    assistant: admin.capabilities("a"),
  };
}
