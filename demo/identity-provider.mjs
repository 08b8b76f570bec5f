// A real OpenID provider with the demonstration's people. Its page lets a visitor be any of them without a password, so it listens on this
// machine alone. It keeps no session, so that every sign-in shows the choice again.
import { generateKeyPair, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { Provider } from "oidc-provider";
import { createMemoryAdapter } from "oidc-provider/lib/adapters/memory_adapter.js";
import { html, sendPage, serveLocally } from "./local-page.mjs";

const SCOPES = "openid email profile";
const MAX_FORM = 1024;

/** Filters the list while the visitor types. Without this script the whole list is shown. */
const SEARCH = `
  const search = document.querySelector("input");
  const status = document.querySelector("[role=status]");
  search.closest("label").hidden = false;
  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    let found = 0;
    for (const group of document.querySelectorAll("section")) {
      let shown = 0;
      for (const item of group.querySelectorAll("li")) {
        item.hidden = !item.textContent.toLowerCase().includes(wanted);
        if (!item.hidden) shown += 1;
      }
      group.hidden = shown === 0;
      found += shown;
    }
    status.textContent = wanted === "" ? "" : found + (found === 1 ? " person matches." : " people match.");
  });
  search.focus();`;

/**
 * @param {{
 *   port?: number, redirectUri: string, redirectUris?: string[], clientId: string, clientSecret: string,
 *   people: { id: string, email: string, role?: string, status?: string, verified?: boolean }[],
 *   newcomers?: { id: string, email: string, verified?: boolean, note?: string }[],
 * }} options `people` are in the organization; `redirectUris`: all addresses at which people may come back; `newcomers` have an account here only; `verified: false` marks an unconfirmed e-mail
 * @returns {Promise<{ issuer: string, port: number, subject: (id: string) => string, stop: () => Promise<void> }>}
 */
export async function startIdentityProvider({
  port = 0,
  people,
  newcomers = [],
  redirectUri,
  redirectUris = [redirectUri],
  clientId,
  clientSecret,
}) {
  const persons = new Map([...people, ...newcomers].map((person) => [subject(person.id), person]));
  const jwk = await makeSigningKey();
  let provider;
  const server = await serveLocally(port, (request, response) => {
    const { pathname } = new URL(request.url, server.url);
    if (pathname.startsWith("/interaction/")) return choose(request, response);
    if (pathname === "/") return sendPage(response, aboutPage(redirectUri));
    return answer(request, response);
  });

  provider = new Provider(server.url, {
    adapter: createMemoryAdapter(),
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: redirectUris,
        response_types: ["code"],
        grant_types: ["authorization_code"],
      },
    ],
    jwks: { keys: [jwk] },
    cookies: { keys: [randomBytes(32).toString("base64url")] },
    pkce: { required: () => true },
    scopes: SCOPES.split(" "),
    responseTypes: ["code"],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    conformIdTokenClaims: false, // most providers put the e-mail into the ID token
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
    expiresWithSession: () => false,
    findAccount: (_, accountId) => account(accountId, persons.get(accountId)),
    loadExistingGrant: grantWhatIsAsked,
    renderError(context, { error, error_description: description }) {
      context.respond = false; // koa leaves the answer to us
      sendPage(context.res, {
        status: context.status,
        title: "This sign-in failed",
        body: html`<h1>This sign-in failed</h1><p>${description ?? error}</p><p class="soft">Code: ${error}</p><p><a href="${new URL(redirectUri).origin}/">Back to the page</a></p>`,
      });
    },
  });
  // One `*` stands for a label: organizations that are made later have hosts of their own.
  const patterns = redirectUris.map(
    (address) => new RegExp(`^${address.replaceAll(/[.?+^$()[\]{}|\\]/g, "\\$&").replace("*", "[a-z0-9-]+")}$`),
  );
  provider.Client.prototype.redirectUriAllowed = (address) => patterns.some((pattern) => pattern.test(address));
  // The session is not kept, so that the next sign-in asks again.
  provider.on("authorization.success", ({ oidc }) => {
    oidc.session.destroyed = true;
  });
  provider.on("server_error", (_, error) => console.error(error.message));
  const answer = provider.callback();

  async function choose(request, response) {
    const details = await provider.interactionDetails(request, response).catch(() => undefined);
    if (!details) {
      return sendPage(response, {
        status: 400,
        title: "This sign-in is over",
        body: html`<h1>This sign-in is over</h1><p>It took too long, or was finished elsewhere. <a href="${new URL(redirectUri).origin}/">Begin again</a>.</p>`,
      });
    }
    if (request.method !== "POST") return sendPage(response, choicePage({ people, newcomers, redirectUris }));
    const form = await readForm(request);
    const accountId = subject(form.get("person") ?? "");
    const result = persons.has(accountId)
      ? { login: { accountId, remember: false } }
      : { error: "access_denied", error_description: "nobody was chosen" };
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }

  return { issuer: server.url, port: server.port, subject, stop: server.stop };
}

/** The account's id. It differs from the user's id in the organization, so that code that confuses the two fails. */
function subject(id) {
  return `person-${id}`;
}

async function makeSigningKey() {
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid: randomBytes(8).toString("hex"), alg: "RS256", use: "sig" };
}

function account(accountId, person) {
  if (!person) return undefined;
  return {
    accountId,
    claims: () => ({ sub: accountId, name: person.id, email: person.email, email_verified: person.verified ?? true }),
  };
}

/** Grants everything without asking: the only client is the demonstration. */
async function grantWhatIsAsked({ oidc }) {
  const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope(SCOPES);
  await grant.save();
  return grant;
}

async function readForm(request) {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > MAX_FORM) throw new Error("the form is too large");
  }
  return new URLSearchParams(text);
}

function aboutPage(redirectUri) {
  return {
    title: "Identity provider of the demonstration",
    body: html`<h1>Identity provider of the demonstration</h1>
<p>People sign in here to <a href="${new URL(redirectUri).origin}/">the page</a>, which sends them. It asks for no password and runs on this machine only.</p>`,
  };
}

function choicePage({ people, newcomers, redirectUris }) {
  const roles = [...new Set(people.map(({ role }) => role ?? "user"))];
  const groups = [
    ...roles.map((role) => [inWords(role), people.filter((person) => (person.role ?? "user") === role)]),
    ["Not in the organization yet", newcomers],
  ].filter(([, members]) => members.length > 0);
  return {
    title: "Choose who you are",
    script: SEARCH,
    formsTo: redirectUris.map((address) => new URL(address).origin).join(" "),
    body: html`<h1>Choose who you are</h1>
<p class="soft">The identity provider of the demonstration: it asks for no password and runs on this machine only.</p>
<form method="post">
<label hidden>Search <input type="search" placeholder="Name, e-mail or role"></label>
<p role="status" class="soft"></p>
${groups.map(([name, members]) => html`<section aria-label="${name}"><h2>${name}</h2><ul>${members.map((person) => choice(person, name))}</ul></section>`)}
<h2>Nobody</h2>
<button class="plain" name="cancel" value="yes">Do not sign in</button>
</form>`,
  };
}

function choice({ id, email, status = "active", verified = true, note }, group) {
  const remarks = [
    group,
    ...(status === "active" ? [] : [status]),
    ...(verified ? [] : ["e-mail not verified"]),
    ...(note ? [note] : []),
  ];
  return html`<li><button name="person" value="${id}"><span>${id}</span><span class="soft">${email}</span><span class="soft">${remarks.join(" · ")}</span></button></li>`;
}

function inWords(role) {
  return role.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());
}
