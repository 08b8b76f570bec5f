// Biscuit: one token names the member, a second has the assistants; policies decide. A question builds an authorizer from the first token and
// the facts of one assistant; a list is a Datalog query over all of them. Both were the fastest ways that were tried.

import { AuthorizerBuilder, Biscuit, KeyPair, PublicKey, Rule, SignatureAlgorithm } from "@biscuit-auth/biscuit-wasm";

const ALGORITHM = SignatureAlgorithm.Ed25519;
// The default limits (a thousand facts, milliseconds) are below what the larger sizes need.
const LIMITS = { max_facts: 1_000_000, max_iterations: 100, max_time_micro: 60_000_000 };
const NONE = "none";

/** Server: the two tokens, and the policies, which are public text. */
export function prepare({ slice: { subject, teams, assistants, table } }) {
  const keys = new KeyPair(ALGORITHM);
  const issue = (code) => {
    const builder = Biscuit.builder();
    builder.addCode(code);
    return builder.build(keys.getPrivateKey()).toBytes();
  };
  const roles = Object.entries(teams).flatMap(([role, ids]) => ids.map((id) => `team_role("${id}", "${role}");`));
  const rows = JSON.stringify(assistants);
  const who = issue(`user("${subject}"); ${roles.join(" ")}`);
  const what = issue(`assistants(${JSON.stringify(rows)});`);
  // It writes "ed25519/<hex>" but reads only the hex.
  const key = keys.getPublicKey().toString().split("/").at(-1);
  const material = { who, what, key, bodies: bodies(table) };
  return { material, wire: { body: Buffer.concat([who, what]) } };
}

/** Client: verifies both tokens and reads the assistants. */
export function open({ who, what, key, bodies }) {
  const publicKey = PublicKey.fromString(key, ALGORITHM);
  const member = Biscuit.fromBytes(who, publicKey);
  const rows = readRows(Biscuit.fromBytes(what, publicKey));
  const policies = new AuthorizerBuilder();
  policies.addCode(bodies.map(({ body }) => `allow if ${body};`).join("\n"));
  const byId = new Map(rows.map((row) => [row.id, row]));
  let everything;

  return {
    can(capability, id) {
      const row = byId.get(id);
      if (row === undefined) return false;
      const builder = new AuthorizerBuilder();
      builder.merge(policies);
      builder.addCode(`capability("${capability}"); ${fact(row)}`);
      return authorize(builder, member);
    },
    list(capability) {
      everything ??= allFacts(rows, member);
      const ids = new Set();
      for (const { body, grants } of bodies) {
        if (!grants.includes(capability)) continue;
        const rule = Rule.fromString(`data($id) <- ${withoutCapability(body)}`);
        for (const found of everything.queryWithLimits(rule, LIMITS)) {
          ids.add(found.terms()[0]);
          found.free();
        }
        rule.free();
      }
      return [...ids];
    },
  };
}

function authorize(builder, member) {
  const authorizer = builder.buildAuthenticated(member);
  try {
    authorizer.authorizeWithLimits(LIMITS);
    return true;
  } catch (error) {
    // A denial is "no policy matched". Any other error, such as a run limit, must not count as a denial.
    if (error.FailedLogic) return false;
    throw new Error(JSON.stringify(error));
  } finally {
    authorizer.free();
  }
}

function readRows(token) {
  const authorizer = new AuthorizerBuilder().buildAuthenticated(token);
  const [found] = authorizer.queryWithLimits(Rule.fromString("data($rows) <- assistants($rows)"), LIMITS);
  authorizer.free();
  return JSON.parse(found.terms()[0]);
}

function allFacts(rows, member) {
  const builder = new AuthorizerBuilder();
  builder.addCode(rows.map(fact).join("\n"));
  return builder.buildAuthenticated(member);
}

function fact({ id, team, accessibility, owner = NONE, grant = NONE }) {
  return `assistant("${id}", "${team}", "${accessibility}", "${owner}", "${grant}");`;
}

function bodies(table) {
  const body = (grants, ...conditions) => ({
    grants,
    body: [...conditions, `capability($c), [${grants.map((grant) => `"${grant}"`)}].contains($c)`].join(", "),
  });
  const held = (role) => `assistant($id, $t, $a, $o, $g), team_role($t, "${role}"), $a != "only_me"`;
  return [
    body(table.public, `assistant($id, $t, "public", $o, $g)`),
    body(table.team_viewer, held("viewer")),
    body(table.team_owner, held("owner")),
    body(table.owner, "assistant($id, $t, $a, $u, $g), user($u)"),
    ...Object.entries(table.grantRoles).flatMap(([role, grants]) => [
      body(grants, `assistant($id, $t, "public", $o, "${role}")`),
      body(grants, `assistant($id, $t, "only_team", $o, "${role}"), team_role($t, $r)`),
    ]),
  ];
}

function withoutCapability(body) {
  return body.slice(0, body.indexOf(", capability("));
}
