// The questions for all peers, with the naive evaluator's answers.

import { random } from "./world.mjs";
import { allowed } from "./naive.mjs";
import { CAPABILITIES } from "./rules.mjs";

// Capabilities of the timed lists; all lists are checked. The last one is empty.
const LISTED = ["assistant.view", "assistant.edit", "assistant.share", "conversations.view", "evaluation.run"];

/**
 * One third allowed, one third denied on a visible assistant, one third about an invisible id (half of them hidden, half unknown),
 * shuffled.
 */
export function memberQuestions({ org, held, subject, now, count, seed = 7 }) {
  const draw = random(seed);
  const visible = [...held];
  const hidden = [...org.assistants.keys()].filter((id) => !held.has(id));
  const asked = Array.from({ length: count }, (_, i) => {
    if (i % 3 === 2) {
      const id = i % 2 ? draw.pick(hidden) : `a_${draw.text(10)}`;
      return { capability: draw.pick(CAPABILITIES), id };
    }
    for (;;) {
      const [id, bits] = draw.pick(visible);
      const bit = draw.below(CAPABILITIES.length);
      if (Boolean(bits & (1 << bit)) === (i % 3 === 0)) return { capability: CAPABILITIES[bit], id };
    }
  });
  draw.shuffle(asked);
  return {
    capabilities: asked.map(({ capability }) => capability),
    ids: asked.map(({ id }) => id),
    answers: asked.map(({ capability, id }) => Number(allowed(org, subject, capability, id, now))),
    lists: lists(held),
    timedLists: LISTED,
  };
}

/** The first question with the answer yes. */
export function firstQuestion({ capabilities, ids, answers }) {
  const at = answers.indexOf(1);
  return { capability: capabilities[at], id: ids[at] };
}

/**
 * Facts without the names of things. A snapshot can contain names; the peers' tokens have none. So names are left out of the measurement, and
 * the size with names is stated beside it.
 */
export function nameless(facts) {
  const strip = (list) => list.map(({ name: _, ...rest }) => rest);
  return { ...facts, teams: strip(facts.teams), projects: strip(facts.projects), assistants: strip(facts.assistants) };
}

/** Questions for a peer that knows only one capability. */
export function onlyAbout(capability, { org, subject, now }, questions) {
  const ids = questions.ids;
  return {
    capabilities: ids.map(() => capability),
    ids,
    answers: ids.map((id) => Number(allowed(org, subject, capability, id, now))),
  };
}

/** Questions of any user about any assistant, for the snapshot of the whole organization. */
export function workspaceQuestions({ org, now, count, seed = 11 }) {
  const draw = random(seed);
  const users = [...org.users.keys()];
  const assistants = [...org.assistants.values()];
  return Array.from({ length: count }, (_, i) => {
    const assistant = draw.pick(assistants);
    const team = org.teams.get(org.projects.get(assistant.project).team);
    // In turn, people with a relation to the assistant, and a person who probably has none.
    const people = [assistant.owner, team.members[0]?.user, assistant.grants?.[0]?.user, draw.pick(users)];
    const user = people[i % people.length] ?? draw.pick(users);
    const capability = draw.pick(CAPABILITIES);
    return { user, capability, id: assistant.id, allowed: allowed(org, user, capability, assistant.id, now) };
  });
}

function lists(held) {
  return Object.fromEntries(
    CAPABILITIES.map((capability, bit) => {
      const ids = [...held].filter(([, bits]) => bits & (1 << bit)).map(([id]) => id);
      return [capability, ids.sort()];
    }),
  );
}
