// The demonstration organization: everything of the seed vectors, and a company around it, equal at every run.
// It is for looking at: every rule applies to somebody in it. It is neither a benchmark nor a fixture.
import { createHash, createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { roleSets } from "wicketgate/contract";

const SEED_VECTORS = new URL("../tests/vectors/seed.json", import.meta.url);

// Fixed times, so that the facts do not change from day to day.
const LONG_AGO = 1735689600; // 2025-01-01
const FAR_AHEAD = 2208988800; // 2040-01-01

const PEOPLE = [
  "ben",
  "cora",
  "dev",
  "elif",
  "farid",
  "greta",
  "hana",
  "ines",
  "jonas",
  "kofi",
  "lena",
  "mateo",
  "nadia",
  "omar",
  "priya",
  "quentin",
  "rosa",
  "sofia",
  "tomas",
  "umar",
  "vera",
  "wanda",
  "ximena",
  "yusuf",
  "zoe",
  "anders",
  "bianca",
  "chen",
  "daria",
  "emeka",
  "freya",
  "goran",
  "hugo",
  "irina",
  "jasmin",
  "kenji",
];

const ROLES_OF_PEOPLE = new Map(
  Object.entries({ greta: "global_admin", cora: "application_admin", mateo: "application_admin", irina: "auditor" }),
);
const STATUS_OF_PEOPLE = new Map(Object.entries({ zoe: "invited", kenji: "invited", goran: "suspended" }));

/** Team → project → topics of its assistants. Their creators and owners are people who may have that position. */
const TEAMS = [
  {
    id: "customer-care",
    name: "Customer care",
    creator: "cora",
    owners: ["ben"],
    projects: {
      Returns: ["Refund", "Exchange", "Warranty"],
      Orders: ["Order status", "Delivery", "Invoice"],
      Accounts: ["Password", "Loyalty card", "Newsletter"],
    },
  },
  {
    id: "people",
    name: "People & culture",
    creator: "mateo",
    owners: ["hana"],
    projects: {
      Onboarding: ["First week", "Buddy", "Equipment"],
      Benefits: ["Holiday", "Pension", "Parental leave"],
      Learning: ["Course", "Language", "Mentoring"],
    },
  },
  {
    id: "engineering",
    name: "Engineering",
    creator: "greta",
    owners: ["dev", "kofi"],
    projects: {
      Platform: ["Incident", "Runbook", "Deployment"],
      Mobile: ["Crash report", "Release note", "Store review"],
      Security: ["Threat model", "Phishing", "Password policy"],
    },
  },
  {
    id: "marketing",
    name: "Marketing",
    creator: "cora",
    owners: ["ines"],
    projects: {
      Campaigns: ["Headline", "Audience", "Calendar"],
      Website: ["Landing page", "Search", "Translation"],
      Events: ["Stand", "Speaker", "Ticket"],
    },
  },
  {
    id: "finance",
    name: "Finance",
    creator: "greta",
    owners: ["omar"],
    projects: {
      Expenses: ["Receipt", "Travel", "Card"],
      Purchasing: ["Supplier", "Contract", "Approval"],
      Reporting: ["Month end", "Budget", "Forecast"],
    },
  },
  {
    id: "legal",
    name: "Legal",
    creator: "mateo",
    owners: ["vera"],
    projects: {
      Contracts: ["Confidentiality", "Clause", "Signature"],
      Privacy: ["Data request", "Cookie", "Retention"],
    },
  },
  {
    id: "logistics",
    name: "Logistics",
    creator: "greta",
    owners: ["tomas"],
    projects: {
      Warehouse: ["Stock", "Pallet", "Shift"],
      Transport: ["Route", "Customs", "Carrier"],
      Quality: ["Complaint", "Recall", "Inspection"],
    },
  },
];

const FORMS = ["helper", "guide", "coach", "desk", "scout", "writer", "analyst", "librarian", "planner", "checker"];
const ASSISTANTS_PER_PROJECT = 15;

/** The assistant on the customer's site. */
export const EMBEDDED = "shop-adviser";

/** The role set "assigned agents", and one custom role each for a team and the organization. */
const CUSTOM_ROLES = [
  ...Object.entries(roleSets.assigned_agents.roles).map(([id, { level, grants }]) => ({ id, on: level, grants: [...grants] })),
  {
    id: "coach",
    on: "team",
    grants: ["team.view", "project.view", "assistant.view", "assistant.chat", "conversations.view", "analytics.view"],
  },
  { id: "auditor", on: "organization", grants: ["audit.view", "panel.analytics", "assistant.view", "analytics.view"] },
];

/**
 * @param {{ seed?: number, keySecret: string, origin: string, customer: string }} options
 *   `keySecret` makes the link keys unguessable and equal at the next start. `origin` (the console's) and `customer` (a customer's site) are
 *   allowed to embed.
 * @returns {{ facts: object, links: { assistant: string, name: string, link: string, level: string, key: string, expired: boolean }[] }}
 */
export function demoOrganization({ seed = 7, keySecret, origin, customer }) {
  const vectors = JSON.parse(readFileSync(SEED_VECTORS, "utf8"));
  const facts = structuredClone(vectors.organization);
  const random = generator(seed);
  const links = [];

  facts.plan.withholds = ["actions.manage"]; // so that the plan's ceiling can be seen; no vector depends on it
  facts.roles = CUSTOM_ROLES;
  for (const user of facts.users) user.email ??= `${user.id}@acme.example`; // for signing in
  for (const id of PEOPLE) {
    facts.users.push({
      id,
      role: ROLES_OF_PEOPLE.get(id) ?? "user",
      status: STATUS_OF_PEOPLE.get(id) ?? "active",
      email: `${id}@acme.example`,
    });
  }

  for (const team of TEAMS) {
    const members = sample(
      random,
      PEOPLE.filter((id) => !team.owners.includes(id) && id !== team.creator),
      8,
    );
    facts.teams.push({
      id: team.id,
      name: team.name,
      creator: team.creator,
      members: [
        ...team.owners.map((user) => ({ user, role: "owner" })),
        ...members.map((user, index) => ({
          user,
          role: index === 0 ? "coach" : "viewer",
          ...(index === 1 && { expires: FAR_AHEAD }),
        })),
      ],
    });
    const insiders = [...team.owners, ...members];
    for (const [name, subjects] of Object.entries(team.projects)) {
      const project = `${team.id}-${slug(name)}`;
      facts.projects.push({ id: project, team: team.id, creator: pick(random, insiders), name });
      const names = subjects.flatMap((subject) => FORMS.map((form) => `${subject} ${form}`));
      for (const name of sample(random, names, ASSISTANTS_PER_PROJECT)) {
        facts.assistants.push(assistant({ random, project, name, insiders, origin, keySecret, links }));
      }
    }
  }

  facts.assistants.push(embedded({ origins: [customer], keySecret, links }));
  return { facts, links: [...linksOfVectors(vectors), ...links] };
}

function assistant({ random, project, name, insiders, origin, keySecret, links }) {
  const id = slug(name);
  const luck = random();
  const accessibility = luck < 0.2 ? "only_me" : luck < 0.65 ? "only_team" : "public";
  const owner = pick(random, insiders);
  const made = { id, project, owner, name, accessibility };
  if (random() < 0.4) {
    const role = pick(random, ["editor", "editor", "agent_admin", "agent_user"]);
    const user = pick(
      random,
      PEOPLE.filter((person) => person !== owner),
    );
    made.grants = [{ user, role, ...(random() < 0.2 && { expires: pick(random, [LONG_AGO, FAR_AHEAD]) }) }];
  }
  if (accessibility !== "public") return made;

  const levels = pick(random, [["view"], ["view", "edit"], ["view", "edit", "edit"]]);
  made.links = linksOf({ id, name, levels, keySecret, links });
  const origins = pick(random, [
    [origin],
    [origin, "https://docs.acme.example"],
    ["https://*.acme.example"],
    ["https://shop.acme.example"],
    null,
  ]);
  if (origins) made.embed = { origins };
  return made;
}

function embedded({ origins, keySecret, links }) {
  const [id, name] = [EMBEDDED, "Shop adviser"];
  return {
    id,
    project: "customer-care-orders",
    owner: "ben",
    name,
    accessibility: "public",
    embed: { origins },
    links: linksOf({ id, name, levels: ["view", "edit"], keySecret, links }),
  };
}

function linksOf({ id, name, levels, keySecret, links }) {
  return levels.map((level, index) => {
    const key = linkKey(keySecret, `${id}/${index}`);
    const expired = index === 2; // the third is an example of a refused link
    links.push({ assistant: id, name, link: `l${index + 1}`, level, key, expired });
    return { id: `l${index + 1}`, level, digest: digest(key), ...(expired && { expires: LONG_AGO }) };
  });
}

/** The vectors have the links' digests in the facts, and their keys in the cases that use them. */
function linksOfVectors(vectors) {
  const keys = new Map(vectors.cases.filter((one) => one.as.link).map((one) => [digest(one.as.link), one.as.link]));
  return vectors.organization.assistants.flatMap(({ id, name = id, links = [] }) =>
    links.map((link) => ({
      assistant: id,
      name,
      link: link.id,
      level: link.level,
      key: keys.get(link.digest),
      expired: link.expires !== undefined && link.expires <= vectors.now,
    })),
  );
}

function linkKey(secret, name) {
  return `wk_${createHmac("sha256", secret).update(name).digest("base64url")}`;
}

function digest(key) {
  return createHash("sha256").update(key, "ascii").digest("base64url");
}

function slug(name) {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}

/** mulberry32: a small generator, good enough for choosing names. It makes no secrets. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function pick(random, items) {
  return items[Math.floor(random() * items.length)];
}

function sample(random, items, count) {
  const rest = [...items];
  return Array.from({ length: Math.min(count, rest.length) }, () => rest.splice(Math.floor(random() * rest.length), 1)[0]);
}
