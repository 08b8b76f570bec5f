// Decisions in words: every name of the contract has a sentence, and other languages can replace them.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as contract from "wicketgate/contract";
import { reasons, sentences, sentencesAboutOthers } from "wicketgate/reasons";
import { EDIT, ORIGIN, STRANGE, VIEW, acme, opened, sorted } from "../lib/world.mjs";

test("exactly the names of the core have sentences", async () => {
  const gina = (await opened({ ...acme(), plan: {} })).as({ user: "gina" });
  const capabilities = [undefined, { team: "support" }, { project: "faq" }, "helper"].flatMap((target) =>
    gina.capabilities(target),
  );
  assert.deepEqual(sorted(capabilities), sorted(Object.keys(contract.capabilities)));
  for (const said of [sentences, sentencesAboutOthers]) {
    assert.deepEqual(Object.keys(said.denied).sort(), sorted(Object.keys(contract.deniedReasons)));
    assert.deepEqual(Object.keys(said.because).sort(), sorted(Object.keys(contract.relations)));
    assert.deepEqual(Object.keys(said.capabilities).sort(), sorted(capabilities));
  }
});

test("real decisions are whole sentences, with names", async () => {
  const facts = acme();
  facts.teams[0].name = "Kundendienst Zürich";
  facts.teams[0].members.push({ user: "ed", role: "viewer" });
  const workspace = await opened(facts);
  const say = (presented, question, { why } = reasons(), about = facts) => why(workspace.as(presented).check(...question), about);
  assert.equal(say({ user: "vic" }, ["assistant.edit", "helper"]), "You own it.");
  assert.equal(say({ user: "olga" }, ["team.edit", "support"]), "You own the team Kundendienst Zürich.");
  assert.equal(say({ user: "olga" }, ["team.edit", "support"], reasons(), null), "You own the team support.");
  assert.equal(say({ user: "gina" }, ["team.create"]), "You are a global admin.");
  assert.equal(say({ user: "abe" }, ["team.create"]), "Your role Application admin grants it.");
  assert.equal(say({ user: "ed" }, ["assistant.edit", "helper"]), "You were made its Editor.");
  assert.equal(say({ user: "ed" }, ["conversations.view", "site"]), "You were made its Agent user.");
  assert.match(say({ user: "ed" }, ["assistant.chat", "site"]), /^You (are|were) .*; .*\.$/);
  assert.equal(say({ link: VIEW }, ["assistant.chat", "site"]), "You have a link to view it.");
  assert.equal(say({ link: EDIT }, ["assistant.edit", "site"]), "You have a link to edit it.");
  assert.equal(say({ origin: ORIGIN }, ["assistant.chat", "site"]), "This site may embed it.");
  assert.equal(say({ user: "vic" }, ["team.create"]), "None of your roles grants it.");
  assert.equal(say({ user: "vic" }, ["team.create"], reasons(sentencesAboutOthers)), "None of their roles grants it.");
  assert.equal(say({ user: "gina" }, ["panel.analytics"]), "The organization’s plan (pro) does not include it.");
  assert.equal(say({ user: "gina" }, ["panel.analytics"], reasons(), { plan: {} }), "The organization’s plan does not include it.");
  assert.equal(say({ user: "sam" }, ["team.create"]), "This account is not active.");
  assert.equal(say({ link: STRANGE }, ["assistant.chat", "site"]), "The link does not open it.");
});

test("an unknown name stands for itself", () => {
  const { label, role, why } = reasons();
  assert.deepEqual(
    [label("assistant.edit"), label("assistant.fly"), label("__proto__"), label("toString")],
    ["Edit", "assistant.fly", "__proto__", "toString"],
  );
  assert.deepEqual(
    [role("global_admin"), role("agent_user"), role("élève"), role("constructor")],
    ["Global admin", "Agent user", "Élève", "Constructor"],
  );
  assert.equal(why({ allowed: false, denied: "constructor" }), "constructor");
});

test("other languages replace it, completely or in part", () => {
  const german = reasons({
    ...sentences,
    denied: {
      ...sentences.denied,
      not_granted: "Keine deiner Rollen erlaubt es.",
      plan: ({ plan = "Tarif" }) => `Im ${plan} nicht enthalten.`,
    },
    capabilities: { ...sentences.capabilities, "assistant.edit": "Bearbeiten" },
  });
  assert.equal(german.why({ allowed: false, denied: "not_granted" }), "Keine deiner Rollen erlaubt es.");
  assert.equal(german.why({ allowed: false, denied: "plan" }), "Im Tarif nicht enthalten.");
  assert.equal(german.why({ allowed: false, denied: "only_me" }), "It is open to its owner alone.");
  assert.equal(german.label("assistant.edit"), "Bearbeiten");
});
