// The kit's questions: every opening fixture; and for every vector file its cases, the lists that follow from them, and one question after expiry.
import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** How long the snapshots of the vectors are valid, in seconds. */
const LIFETIME = 3600;

/**
 * @typedef {object} Question
 * @property {string} name its address for `--only`, such as `vectors/seed/check/12`
 * @property {object} command the command for the program, without its `id`
 * @property {object} expected the expected answer, for the report
 * @property {(answer: object) => boolean} holds whether an answer is right
 * @property {string} [rule] the sentence that a case tests
 */

/**
 * Questions about one snapshot, or independent ones.
 * @typedef {object} Part
 * @property {string} name
 * @property {Question} [opening] opens the snapshot that the others ask
 * @property {Question[]} questions
 */

/**
 * All parts, in the order in which an author had better try them.
 * @param {string} [folder] a folder with vector files
 * @returns {Part[]}
 */
export function parts(folder = fileURLToPath(new URL("../vectors", import.meta.url))) {
  const read = (path) => JSON.parse(readFileSync(path, "utf8"));
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort((one, other) => one.localeCompare(other, "en", { numeric: true }));
  const [seed, random] = [files.filter((name) => name === "seed.json"), files.filter((name) => name !== "seed.json")];
  return [
    { name: "opening", questions: read(new URL("../fixtures/opening.json", import.meta.url)).map(openingOf) },
    ...[...seed, ...random].map((name) => vectorsOf(`vectors/${name.slice(0, -".json".length)}`, read(join(folder, name)))),
  ];
}

function openingOf({ name, code, path, token, signature, keys, options, now }) {
  const expected = code === null ? { ok: true } : { error: code, ...(path === null ? {} : { path }) };
  return {
    name: `opening/${name}`,
    command: { command: "open", token, ...(signature === null ? {} : { signature }), keys, options, now },
    expected,
    // The path is compared where the program gives one.
    holds: (answer) =>
      code === null
        ? answer.ok === true && answer.error === undefined
        : answer.ok !== true && answer.error === code && (answer.path == null || answer.path === path),
  };
}

function vectorsOf(part, { now, organization, cases }) {
  const expires = now + LIFETIME;
  const { token, keys } = signed({ exp: expires, scope: "workspace", version: 1, organization });
  const checks = cases.map((asked, at) => checkOf(`${part}/check/${at + 1}`, now, asked));
  const [first] = cases;
  if (first === undefined) throw new Error(`${part} has no cases`);
  const afterwards = { as: first.as, can: first.can, on: first.on, allowed: false, denied: "expired" };
  return {
    name: part,
    opening: openingOf({ name: part, code: null, path: null, token, signature: null, keys, options: {}, now }),
    questions: [...checks, ...listsOf(part, now, organization, cases), checkOf(`${part}/expired`, expires, afterwards)],
  };
}

function checkOf(name, now, { rule, as, can, on, allowed, because, denied }) {
  const relations = (answer) => Array.isArray(answer.because) && answer.because.every((relation) => typeof relation === "string");
  return {
    name,
    rule,
    command: { command: "check", as, can, ...(on === undefined ? {} : { on }), now },
    expected: allowed ? { allowed, because: because ?? ["at least one relation"] } : { allowed, denied },
    holds: (answer) => {
      if (answer.allowed !== allowed) return false;
      if (!allowed) return answer.denied === denied;
      if (!relations(answer)) return false;
      return because === undefined ? answer.because.length > 0 : JSON.stringify(answer.because) === JSON.stringify(because);
    },
  };
}

/** One list for each principal and capability of the cases: it has each target that a case allows, none that a case denies, and only targets of the organization. */
function listsOf(part, now, { teams = [], projects = [], assistants = [] }, cases) {
  const known = new Set([...teams, ...projects, ...assistants].map(({ id }) => id));
  const lists = new Map();
  for (const { as, can, on, allowed } of cases) {
    if (on === undefined) continue;
    const key = JSON.stringify([as, can]);
    const list = lists.get(key) ?? { as, can, with: [], without: [] };
    lists.set(key, list);
    (allowed ? list.with : list.without).push(on);
  }
  return [...lists.values()].map(({ as, can, with: allowed, without }, at) => ({
    name: `${part}/list/${at + 1}`,
    command: { command: "list", as, can, now },
    expected: { ids: "each target once", with: allowed, without },
    holds: ({ ids }) =>
      Array.isArray(ids) &&
      new Set(ids).size === ids.length &&
      ids.every((id) => known.has(id)) &&
      allowed.every((id) => ids.includes(id)) &&
      !without.some((id) => ids.includes(id)),
  }));
}

/** Signs claims with the first key of the fixtures (32 bytes of 7). @returns the token and the JWK Set */
function signed(claims) {
  const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.alloc(32, 7)]);
  const key = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const input = `${encode({ alg: "EdDSA", typ: "wicketgate-snapshot+jwt", kid: "k1" })}.${encode(claims)}`;
  const token = `${input}.${sign(null, Buffer.from(input), key).toString("base64url")}`;
  const jwk = createPublicKey(key).export({ format: "jwk" });
  return { token, keys: { keys: [{ ...jwk, kid: "k1", alg: "EdDSA", use: "sig" }] } };
}
