// A gate made with the package, and a source whose questions are counted and whose answers can be replaced.
import { Directory, generateKeyPair } from "wicketgate/authority";
import { Gate } from "wicketgate/gate";
import { EDIT, NOW, VIEW, acme, digest, keyPair, keys, signed } from "./world.mjs";

export const ISSUER = "https://authority.acme.example";
export const AUDIENCE = "wicketgate-gate";
export const PASS_ISSUER = "https://gate.acme.example";
export const BACK_END = "wicketgate-chat";
export const passPair = await generateKeyPair();

/** The facts of {@link acme} with changes of the assistant `site`. */
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

/** A gate snapshot of an assistant, as the authority distributes it. */
export function gateSnapshot({ facts = withSite(), id = "site", ...claims } = {}) {
  return signed(facts, { issuer: ISSUER, audience: AUDIENCE, scope: { gate: [id] }, ...claims });
}

/** A user's member snapshot. */
export function memberSnapshot(member, { facts = withSite(), ...claims } = {}) {
  return signed(facts, { issuer: ISSUER, audience: "console", scope: { member }, ...claims });
}

const { directory } = await Directory.found(acme());
// Nine versions, so that heads can name an earlier or a later one.
for (let version = 2; version < 10; version++)
  directory.execute({ user: "gina" }, { type: "create_team", name: `Team ${version}` }, { now: NOW });
/** The head of an assistant: a token that says which version is current. */
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

/** A source in memory. It counts the calls of `read`, `head` and `snapshot`; `answer` can replace each. */
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

  /** The numbers of calls since the last time. */
  since() {
    const { asked } = this;
    this.asked = { read: 0, head: 0, snapshot: 0 };
    return asked;
  }
}

/** Options of a gate. Its source is empty. */
export const OPTIONS = {
  source: new Source(),
  keys: () => keys,
  issuer: ISSUER,
  organization: "acme",
  now: () => NOW,
  passes: { keys: { keys: [passPair.privateKey] }, issuer: PASS_ISSUER, audience: BACK_END },
  members: { audience: "console" },
};

/** A gate with a source that has the assistant `site`, and a clock that the test sets. */
export async function gateOf(options = {}) {
  const clock = { now: NOW };
  const source = new Source();
  source.tokens.set("site", await gateSnapshot());
  source.heads.set("site", headOf());
  const gate = new Gate({ ...OPTIONS, source, now: () => clock.now, ...options });
  /** Distributes another snapshot of `site` and its head. */
  const publish = async (claims = {}) => {
    source.tokens.set("site", await gateSnapshot(claims));
    source.heads.set("site", headOf({ version: claims.version ?? 1, issuedAt: claims.issuedAt ?? NOW }));
  };
  return { gate, source, clock, publish };
}

/** The options with which a back end verifies passes of that gate. */
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
