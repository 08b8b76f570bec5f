// Processor time of workerd for a member's pass, by an API key and by the gate for a session, compared with a pass of the gate by a link, in alternating
// batches: `node passes.mjs [--quick] [--size=L]`.

import { once } from "node:events";
import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";
import { startOrganizations } from "../tests/lib/organizations.mjs";
import { ms, percent, row, rule } from "./format.mjs";
import { median, ratio, spread } from "./stats.mjs";
import { workerdSeconds } from "./workerd.mjs";
import { random, SIZES, world } from "./world.mjs";

const quick = process.argv.includes("--quick");
const { rounds, batch } = quick ? { rounds: 3, batch: 200 } : { rounds: 9, batch: 500 };
const SIZE = process.argv.includes("--size=L") ? "L" : "S";

const { facts } = world(SIZES[SIZE]);
const admin = facts.users.find(({ role }) => role === "global_admin");
const asked = facts.assistants.find(({ accessibility }) => accessibility === "public");
const email = "admin@people.example";
// The plan must not withhold API keys.
delete facts.plan;
facts.users = facts.users.map((user) => (user === admin ? { ...user, email } : user));
const platform = await startOrganizations({ people: [{ id: admin.id, email }], hosts: [facts.id] });
const agent = new Agent({ keepAlive: true });
try {
  await platform.create(facts.id, { facts });
  const member = await platform.signIn(facts.id, admin.id);
  const origin = platform.originOf(facts.id);
  const { result } = await member.does({ type: "create_link", assistant: asked.id, level: "view" });
  const command = { type: "create_api_key", name: "Chat", role: "user", scopes: ["passes"] };
  // Requests with one key in ten seconds are bounded, so each round has a key of its own.
  const keys = [];
  for (let round = -1; round < rounds; round++) keys.push((await member.does(command)).result.secret);

  const send = async (path, body, headers) => {
    const { port } = new URL(origin);
    const sent = request({ port, path, method: "POST", agent, headers: { Host: new URL(origin).host, ...headers } });
    sent.end(JSON.stringify(body));
    const [answer] = await once(sent, "response");
    const given = await text(answer);
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${given}`);
  };
  const json = { "Content-Type": "application/json" };
  const cookie = { Cookie: `loopback-wicketgate-session=${member.session}` };
  const kinds = {
    "by a link, at the gate": () => send("/v1/pass", { assistant: asked.id, key: result.key }, { ...json, Origin: origin }),
    "by an API key": (key) =>
      send("/v1/passes", { user: admin.id, assistant: asked.id }, { ...json, Authorization: `Bearer ${key}` }),
    "of a session, at the gate": () =>
      send("/v1/pass", { assistant: asked.id, member: true }, { ...json, ...cookie, Origin: origin }),
  };
  const times = Object.fromEntries(Object.keys(kinds).map((name) => [name, []]));
  const draw = random(31);
  // The first round is a warm-up.
  for (let round = -1; round < rounds; round++) {
    process.stderr.write(`passes, round ${round + 1} of ${rounds}\n`);
    for (const [name, ask] of draw.shuffle(Object.entries(kinds))) {
      const before = await workerdSeconds();
      for (let n = 0; n < batch; n++) await ask(keys[round + 1]);
      if (round >= 0) times[name].push((((await workerdSeconds()) - before) * 1_000) / batch);
    }
  }
  const link = times["by a link, at the gate"];
  process.stdout.write(
    [
      `## Processor time of a pass, ${facts.assistants.length} assistants`,
      "",
      row(["", "a pass", "against a link"]),
      rule(3),
      ...Object.entries(times).map(([name, measured]) =>
        row([name, `${ms(median(measured))} ±${percent(spread(measured))}`, `${ratio(measured, link).toFixed(2)}×`]),
      ),
      "",
    ].join("\n"),
  );
} finally {
  agent.destroy();
  await platform.stop();
}
