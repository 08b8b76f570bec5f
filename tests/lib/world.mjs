// A small organization with one of each kind, and functions that sign and open it.
import { createHash } from "node:crypto";
import { open } from "wicketgate";
import { generateKeyPair, issue } from "wicketgate/authority";

/** The time of tests with a clock of their own, in Unix seconds. */
export const NOW = 1_790_000_000;

export const VIEW = `wk_${"v".repeat(43)}`;
export const EDIT = `wk_${"e".repeat(43)}`;
export const STRANGE = `wk_${"x".repeat(43)}`;
export const ORIGIN = "https://docs.acme.example";

export const digest = (key) => createHash("sha256").update(key, "ascii").digest("base64url");

/** A fresh copy. gina is the global admin, abe an application admin, olga owns the team, vic is its viewer, ed is outside the team with a grant. */
export function acme() {
  return {
    id: "acme",
    plan: { name: "pro", withholds: ["panel.analytics"] },
    roles: [
      { id: "agent_user", on: "assistant", grants: ["assistant.view", "assistant.chat", "conversations.view"] },
      { id: "auditor", on: "organization", grants: ["audit.view"] },
    ],
    users: [
      { id: "gina", role: "global_admin", email: "gina@acme.example" },
      { id: "abe", role: "application_admin", email: "abe@acme.example" },
      { id: "olga", role: "user", email: "olga@acme.example" },
      { id: "vic", role: "user", email: "vic@acme.example" },
      { id: "ed", role: "user", email: "ed@acme.example" },
      { id: "sam", role: "global_admin", status: "suspended", email: "sam@acme.example" },
    ],
    teams: [
      {
        id: "support",
        name: "Support",
        creator: "gina",
        members: [
          { user: "olga", role: "owner" },
          { user: "vic", role: "viewer" },
        ],
      },
      { id: "sales", name: "Sales", creator: "abe" },
    ],
    projects: [
      { id: "faq", team: "support", creator: "vic", name: "FAQ" },
      { id: "deals", team: "sales" },
    ],
    assistants: [
      { id: "draft", project: "faq", owner: "vic", accessibility: "only_me" },
      {
        id: "helper",
        project: "faq",
        owner: "vic",
        name: "Helper",
        accessibility: "only_team",
        grants: [{ user: "ed", role: "editor" }],
      },
      {
        id: "site",
        project: "faq",
        owner: "vic",
        accessibility: "public",
        grants: [{ user: "ed", role: "agent_user" }],
        links: [
          { id: "l1", level: "view", digest: digest(VIEW) },
          { id: "l2", level: "edit", digest: digest(EDIT) },
        ],
        embed: { origins: [ORIGIN] },
      },
      { id: "pitch", project: "deals", owner: "abe", accessibility: "only_team" },
    ],
  };
}

export const keyPair = await generateKeyPair();
export const keys = { keys: [keyPair.publicKey] };

/** Signs the facts at {@link NOW}, for an hour unless the claims say otherwise. */
export function signed(facts = acme(), claims = {}) {
  const life = "expiresAt" in claims || "expiresIn" in claims ? {} : { expiresIn: 3600 };
  return issue(facts, { key: keyPair.privateKey, version: 1, issuedAt: NOW, ...life, ...claims });
}

/** Signs the facts and opens them, at {@link NOW} unless the options say otherwise. */
export async function opened(facts, claims, options = {}) {
  return open(await signed(facts, claims), { keys, now: NOW, ...options });
}

export const sorted = (list) => [...list].sort();
