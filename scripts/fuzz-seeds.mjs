// Further seeds of the fuzz targets, besides `fuzz/corpus`: fixtures and vectors of the tests, and one of each command.
import { readFileSync, readdirSync } from "node:fs";

const tests = new URL("../tests/", import.meta.url);
const json = (path) => JSON.parse(readFileSync(new URL(path, tests), "utf8"));
const decode = (segment) => Buffer.from(segment, "base64url").toString();
/** Bytes above which an input is too long to be useful for a fuzzer. */
const LONGEST = 16 << 10;

const fixtures = json("fixtures/opening.json");
const vectors = readdirSync(new URL("vectors", tests))
  .filter((file) => file.endsWith(".json"))
  .map((file) => json(`vectors/${file}`));
const changes = {
  roles: [
    { id: "agent_user", on: "assistant", grants: [] },
    { id: "crew", on: "team", grants: ["team.view"] },
  ],
  users: [{ id: "eve", role: "user" }],
  teams: [{ id: "support", members: [{ user: "eve", role: "crew", expires: 1790000100 }], without: ["vic"] }],
  assistants: [
    {
      id: "helper",
      project: "faq",
      owner: "ana",
      accessibility: "only_team",
      grants: [{ user: "eve", role: "editor" }],
      without: ["ana"],
    },
  ],
};

/** One of each command, from an actor who may use it. */
const commands = `
gina {"type":"invite_user","email":"new@acme.example","role":"application_admin","id":"nia","expires_in":60}
gina {"type":"resend_invitation","user":"ivy"}
gina {"type":"revoke_invitation","user":"ivy"}
system {"type":"accept_invitation","token":"wi_x","issuer":"https://id.example","subject":"1","email":"ivy@acme.example"}
system {"type":"join","issuer":"https://id.example","subject":"1","email":"jo@acme.example","id":"jo"}
system {"type":"link_account","user":"vic","issuer":"https://id.example","subject":"2"}
gina {"type":"assign_role","user":"vic","role":"auditor"}
gina {"type":"suspend_user","user":"ed"}
gina {"type":"reactivate_user","user":"sam"}
gina {"type":"remove_user","user":"vic","successors":{"helper":"olga"},"successor":"gina"}
abe {"type":"create_team","name":"New","id":"new"}
olga {"type":"edit_team","team":"support","name":"Help"}
olga {"type":"delete_team","team":"support","cascade":true}
olga {"type":"add_member","team":"support","user":"ed","role":"trainer","expires":1790000100}
olga {"type":"set_member_role","team":"support","user":"vic","role":"trainer"}
olga {"type":"remove_member","team":"support","user":"vic"}
vic {"type":"create_project","team":"support","name":"P","id":"p"}
vic {"type":"edit_project","project":"faq","name":"F"}
vic {"type":"delete_project","project":"faq","cascade":false}
vic {"type":"create_assistant","project":"faq","name":"A","id":"a","accessibility":"public"}
vic {"type":"edit_assistant","assistant":"site","name":"S"}
vic {"type":"delete_assistant","assistant":"helper"}
vic {"type":"transfer_assistant","assistant":"site","user":"olga"}
vic {"type":"set_accessibility","assistant":"site","accessibility":"only_me"}
vic {"type":"grant","assistant":"site","user":"ed","role":"tester","expires":1790000060}
vic {"type":"revoke_grant","assistant":"site","user":"ed","role":"editor"}
vic {"type":"create_link","assistant":"site","level":"edit","id":"l2","expires":1790000060}
vic {"type":"revoke_link","assistant":"site","link":"l1"}
vic {"type":"set_embed","assistant":"site","origins":["https://*.acme.example","*"]}
gina {"type":"define_role","id":"fresh","on":"team","grants":["team.view","assistant.edit"]}
gina {"type":"delete_role","role":"auditor"}
system {"type":"set_plan","withholds":["panel.analytics","assistant.share"],"name":"Pro"}
gina {"type":"apply_role_set","set":"assigned_agents"}
gina {"type":"complete_review","note":"Fine."}`
  .trim()
  .split("\n");

const team = { id: "support", name: "Support", creator: "gina" };
const sealed = [
  { before: { gone: { teams: ["new"] } }, after: { teams: [{ id: "new", name: "New" }] } },
  {
    before: { teams: [{ ...team, members: [{ user: "vic", role: "viewer" }] }] },
    after: { teams: [{ ...team, without: ["vic"] }] },
  },
  { before: {}, after: { users: [{ id: "eve", role: "user", email: "eve@acme.example" }] } },
  {
    before: { gone: { users: ["nia"] } },
    after: { users: [{ id: "nia", role: "user", status: "invited", email: "nia@acme.example" }] },
    directory: {
      invitations: [
        {
          user: "nia",
          email: "nia@acme.example",
          role: "user",
          digest: "A".repeat(43),
          invited_at: 1790000000,
          expires: 1790000060,
        },
      ],
    },
  },
].map((event) => JSON.stringify(event));

const dump = {
  version: 7,
  at: 1790000000,
  head: "A".repeat(43),
  organization: vectors[0].organization,
  invitations: [
    { user: "u0", email: "u0@acme.example", role: "user", digest: "A".repeat(43), invited_at: 1790000000, expires: 1790000060 },
  ],
  accounts: [{ user: "u0", issuer: "https://id.example", subject: "1" }],
};
const small = { id: "acme", users: [{ id: "u0", role: "user", status: "invited", email: "u0@acme.example" }] };

const inputs = {
  opening: () =>
    fixtures.flatMap(({ token, signature }) => {
      const [header, payload] = token.split(".");
      if (signature) return [`e${signature}\n${token}`];
      return payload ? [`p${decode(payload)}`, `s${decode(header)}\n${decode(payload)}`, `t${token}`] : [`t${token}`];
    }),
  applying: () => {
    const facts = fixtures.filter(({ name }) => ["workspace", "member", "gate"].includes(name));
    return facts.flatMap(({ name, token }) => {
      const { organization } = JSON.parse(decode(token.split(".")[1]));
      const parts = Object.entries(changes).map(([list, value]) => ({ id: "acme", [list]: value }));
      const gone = {
        id: "acme",
        gone: { roles: ["agent_user"], users: ["ana"], assistants: ["helper"] },
        plan: { withholds: ["audit.view"] },
      };
      return [...parts, { id: "acme", ...changes }, gone].map(
        (one) => `${name[0]}\n${JSON.stringify(organization)}\n${JSON.stringify(one)}`,
      );
    });
  },
  keys: () => [...new Set(fixtures.map(({ keys }) => JSON.stringify(keys)))].concat(JSON.stringify(fixtures[0].keys.keys[0])),
  options: () => [...new Set(fixtures.map(({ options }) => JSON.stringify(options)))],
  origins: () =>
    ["https://a.example", "https://*.a.example:8443", "http://localhost:3000", "https://[::1]", "*"].flatMap((pattern) =>
      ["https://a.example", "HTTPS://x.A.example:8443", "http://localhost:3000", "https://[::1]:443", "null"].map(
        (origin) => `${pattern}\n${origin}`,
      ),
    ),
  commands: () => [...commands, commands.slice(0, 17).join("\n"), commands.slice(17).join("\n")],
  replaying: () => [...sealed, sealed.join("\n")],
  restoring: () => [dump, { ...dump, organization: small }].map((dump) => JSON.stringify(dump)),
};

/** A target's inputs, by name. */
export function seeds(target) {
  return inputs[target]()
    .filter((input) => input.length <= LONGEST)
    .map((input, n) => [`${n}`, input]);
}
