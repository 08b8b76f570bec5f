// A gate of the library's, with a source that counts what it is asked and fails as told.
import { Directory, generateKeyPair } from "wicketgate/authority";
import { Gate } from "wicketgate/gate";
import { EDIT, NOW, VIEW, acme, digest, keyPair, keys, signed } from "./world.mjs";

export const ISSUER = "https://authority.acme.example";
export const AUDIENCE = "wicketgate-gate";
export const PASS_ISSUER = "https://gate.acme.example";
export const BACK_END = "wicketgate-chat";
export const passPair = await generateKeyPair();

/** Facts in which `site` is as told, beside whatever is in {@link acme}. */
export function withSite(changes = {}) {
  const facts = acme();
  facts.assistants = facts.assistants.map((assistant) =>
    assistant.id === "site" ? { ...assistant, name: "Site", ...changes } : assistant,
  );
  return facts;
}

export const links = {
  view: { id: "l1", level: "view", digest: digest(VIEW) },
  edit: { id: "l2", level: "edit", digest: digest(EDIT) },
};

/** What the authority distributes of an assistant. */
export function gateSnapshot({ facts = withSite(), id = "site", ...claims } = {}) {
  return signed(facts, { issuer: ISSUER, audience: AUDIENCE, scope: { gate: [id] }, ...claims });
}

/** The member snapshot of somebody. */
export function memberSnapshot(member, { facts = withSite(), ...claims } = {}) {
  return signed(facts, { issuer: ISSUER, audience: "console", scope: { member }, ...claims });
}

const { directory } = await Directory.found(acme());
// Versions to speak of.
for (let version = 2; version < 10; version++)
  directory.execute({ user: "gina" }, { type: "create_team", name: `Team ${version}` }, { now: NOW });
/** What the authority says is current of an assistant. */
export function headOf({ id = "site", version = 1, assistant = { id, version }, ...claims } = {}) {
  return directory.headToken({
    key: keyPair.privateKey,
    issuer: ISSUER,
    audience: AUDIENCE,
    issuedAt: NOW,
    expiresIn: 3600,
    ...(assistant && { assistant }),
    ...claims,
  });
}

/** Holds what is put into it. Each of `read`, `head` and `snapshot` can be replaced, and counts. */
export class Source {
  tokens = new Map();
  heads = new Map();
  asked = { read: 0, head: 0, snapshot: 0 };
  answer = {
    read: (id) => this.tokens.get(id),
    head: (id) => this.heads.get(id),
    snapshot: (id) => this.tokens.get(id),
  };
  read = (id, signal) => this.#ask("read", id, signal);
  authority = { head: (id, signal) => this.#ask("head", id, signal), snapshot: (id, signal) => this.#ask("snapshot", id, signal) };

  async #ask(what, id, signal) {
    this.asked[what]++;
    return this.answer[what](id, signal);
  }

  /** What was asked since it was last looked at. */
  since() {
    const { asked } = this;
    this.asked = { read: 0, head: 0, snapshot: 0 };
    return asked;
  }
}

/** Options that make a gate. Its source has nothing. */
export const OPTIONS = {
  source: new Source(),
  keys: () => keys,
  issuer: ISSUER,
  organization: "acme",
  now: () => NOW,
  passes: { keys: { keys: [passPair.privateKey] }, issuer: PASS_ISSUER, audience: BACK_END },
  members: { audience: "console" },
};

/** A gate with a source that has `site`, at a time that the tests set. */
export async function gateOf(options = {}) {
  const clock = { now: NOW };
  const source = new Source();
  source.tokens.set("site", await gateSnapshot());
  source.heads.set("site", headOf());
  const gate = new Gate({ ...OPTIONS, source, now: () => clock.now, ...options });
  /** Distributes another snapshot of `site`, and the head that says so. */
  const publish = async (claims = {}) => {
    source.tokens.set("site", await gateSnapshot(claims));
    source.heads.set("site", headOf({ version: claims.version ?? 1, issuedAt: claims.issuedAt ?? NOW }));
  };
  return { gate, source, clock, publish };
}

/** What a back end expects of a pass of that gate. */
export const expected = (changes = {}) => ({
  keys: { keys: [passPair.publicKey] },
  issuer: PASS_ISSUER,
  audience: BACK_END,
  organization: "acme",
  assistant: "site",
  capability: "assistant.chat",
  now: NOW,
  ...changes,
});
