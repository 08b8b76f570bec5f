// Signs the facts with a key that is made here, opens the snapshot, and asks. The module decides; nothing is decided here.
import type { Decision, Organization, Question, Snapshot, WicketgateError } from "wicketgate";
import { timeOf, type Asked } from "./question";

/** What went wrong: a stable code, where, and in words. */
export interface Problem {
  code: string;
  path: string | undefined;
  message: string;
}

/** What one reader would get, and how it answers the same question. */
export interface Projection {
  reader: string;
  /** The document as it was signed, indented. */
  document: string;
  bytes: number;
  decision: Decision;
}

export interface Verdict {
  decision: Decision;
  /** The organization: names to speak with. */
  facts: Organization;
  /** Everything that they hold on the target. */
  capabilities: readonly string[];
  projections: (Projection | { reader: string; problem: Problem })[];
}

/** Both modules, and a key for as long as the page is open. */
async function prepare() {
  const [{ open }, { generateKeyPair, issue }] = await Promise.all([import("wicketgate"), import("wicketgate/authority")]);
  const { publicKey, privateKey } = await generateKeyPair();
  return { open, issue, key: privateKey, keys: { keys: [publicKey] } };
}
let prepared: ReturnType<typeof prepare> | undefined;

/** Seconds that the snapshots count. */
const LIFETIME = 900;

/** @throws {WicketgateError} for facts that are none */
export async function judge(asked: Asked, kind: "organization" | "team" | "project" | "assistant"): Promise<Verdict> {
  prepared ??= prepare();
  prepared.catch(() => (prepared = undefined));
  const { open, issue, key, keys } = await prepared;
  const now = timeOf(asked);
  const { user, link, origin, capability, target } = asked;
  const opened = async (scope: "workspace" | { member: string } | { gate: string[] }) => {
    const token = await issue(asked.facts, { key, version: 1, issuedAt: now, expiresIn: LIFETIME, scope });
    return { snapshot: await open(token, { keys, now }), bytes: token.length };
  };
  const question = (kind === "organization" ? [capability] : [capability, target]) as Question;
  const presented = { ...(user !== "" && { user }), ...(link !== "" && { link }), ...(origin !== "" && { origin }) };

  const { snapshot } = await opened("workspace");
  try {
    const me = snapshot.as(presented);
    const held =
      kind === "organization"
        ? me.capabilities()
        : kind === "team"
          ? me.capabilities({ team: target })
          : kind === "project"
            ? me.capabilities({ project: target })
            : me.capabilities(target);
    const readers: [string, "member" | "gate", { member: string } | { gate: string[] }][] = [];
    if (user !== "") readers.push([`the page of ${user} (member snapshot)`, "member", { member: user }]);
    if (kind === "assistant" && target !== "")
      readers.push([`the gate, for ${target} (gate snapshot)`, "gate", { gate: [target] }]);
    const projections = await Promise.all(
      readers.map(async ([reader, which, scope]) => {
        try {
          const { snapshot: projected, bytes } = await opened(scope);
          try {
            // Users are in no gate snapshot: there it is asked as a visitor with the same key or origin.
            const { user: _user, ...visitor } = presented;
            const decision = projected.as(which === "member" ? presented : visitor).check(...question);
            return { reader, bytes, decision, document: documentOf(projected) };
          } finally {
            projected.free();
          }
        } catch (error) {
          return { reader, problem: problemOf(error) };
        }
      }),
    );
    return { decision: me.check(...question), facts: snapshot.facts(), capabilities: held, projections };
  } finally {
    snapshot.free();
  }
}

const documentOf = (snapshot: Snapshot): string => JSON.stringify(snapshot.facts() satisfies Organization, null, 2);

export function problemOf(error: unknown): Problem {
  const { code = "load_failed", path, message } = error as Partial<WicketgateError>;
  return { code, path, message: message ?? String(error) };
}
