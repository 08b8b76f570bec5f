// OpenID Connect, authorization code flow with PKCE: asks the identity provider who a person is. Cookies and sessions are elsewhere.
import * as oauth from "oauth4webapi";
import type { OpenIdSettings } from "../organization-settings";
import type { Settings } from "../settings";
import { isLoopback } from "../loopback";
import type { Identity } from "../messages";
import { Problem } from "../problem";

/** Random values that bind the provider's answer to our request. */
export interface Transaction {
  state: string;
  nonce: string;
  verifier: string;
}

/** Milliseconds that the identity provider has for one answer. */
const PATIENCE = 10_000;
/** Milliseconds for which the provider's configuration is cached. */
const MAX_AGE = 60 * 60 * 1000;

interface Provider {
  server: oauth.AuthorizationServer;
  client: oauth.Client;
  authentication: oauth.ClientAuth;
  redirectUri: string;
  options: { [oauth.allowInsecureRequests]: boolean };
  keys: oauth.JWKSCacheInput;
}

/** Providers in memory: most organizations use the deployment's. */
const MOST_CACHED = 100;

interface Discovered {
  server: oauth.AuthorizationServer;
  keys: oauth.JWKSCacheInput;
  at: number;
}

/** By issuer; in each isolate. The library renews the keys by itself. */
const discovered = new Map<string, Discovered>();

/** Where an organization's people sign in: the origin that they come from, and the provider if it is not the deployment's. */
export interface SignInPlace {
  origin: string;
  openid?: OpenIdSettings;
}

/** Begins a sign-in at one of our origins. @returns the address to send the browser to, and the values to keep until it is back */
export async function begin(env: Settings, place: SignInPlace): Promise<{ location: string; transaction: Transaction }> {
  const { server, client, redirectUri } = await provider(env, place);
  if (!server.authorization_endpoint) throw notConfigured("the identity provider has no authorization endpoint");
  const transaction = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
  };
  const location = new URL(server.authorization_endpoint);
  const parameters = {
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: "code",
    scope: "openid email",
    state: transaction.state,
    nonce: transaction.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(transaction.verifier),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(parameters)) location.searchParams.set(name, value);
  return { location: location.href, transaction };
}

/** Ends a sign-in: who came back. @throws Problem `sign_in_failed` for every mismatch, without saying which */
export async function finish(
  env: Settings,
  place: SignInPlace,
  address: URL,
  { state, nonce, verifier }: Transaction,
): Promise<Identity> {
  const { server, client, authentication, redirectUri, options, keys } = await provider(env, place);
  const signal = () => AbortSignal.timeout(PATIENCE);
  let claims: oauth.IDToken | oauth.UserInfoResponse;
  let subject: string;
  try {
    const parameters = oauth.validateAuthResponse(server, client, address, state);
    const response = await oauth.authorizationCodeGrantRequest(server, client, authentication, parameters, redirectUri, verifier, {
      ...options,
      signal,
    });
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: nonce,
      requireIdToken: true,
    });
    await oauth.validateApplicationLevelSignature(server, response, {
      ...options,
      signal,
      [oauth.jwksCache]: keys,
    });
    const idToken = oauth.getValidatedIdTokenClaims(tokens);
    if (!idToken) throw new Error("no ID token");
    subject = idToken.sub;
    claims = idToken;
    if (idToken.email === undefined && server.userinfo_endpoint) {
      // Some providers put the e-mail only there.
      const answer = await oauth.userInfoRequest(server, client, tokens.access_token, { ...options, signal });
      claims = await oauth.processUserInfoResponse(server, client, subject, answer);
    }
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError && error.error === "access_denied")
      throw failed("the sign-in was cancelled");
    // The error's code alone, because the provider's answer may contain tokens.
    console.error("authority: sign-in refused:", (error as { code?: string }).code ?? (error as Error).name);
    throw failed("the identity provider's answer does not match this sign-in");
  }
  const { email, email_verified: verified } = claims;
  if (typeof email !== "string" || verified !== true) {
    throw new Problem("email_not_verified", "the identity provider has not verified the e-mail address");
  }
  return { issuer: server.issuer, subject, email };
}

async function provider(env: Settings, { origin, openid }: SignInPlace): Promise<Provider> {
  const configured = openid ?? { issuer: env.OIDC_ISSUER, clientId: env.OIDC_CLIENT_ID, clientSecret: env.OIDC_CLIENT_SECRET };
  const { issuer: name, clientId, clientSecret } = configured;
  if (!name || !clientId || !URL.canParse(name))
    throw notConfigured("no identity provider is configured: set `OIDC_ISSUER` and `OIDC_CLIENT_ID`");
  const issuer = new URL(name);
  const local = issuer.protocol === "http:" && isLoopback(issuer.hostname);
  if (issuer.protocol !== "https:" && !local) throw notConfigured("the identity provider must be reached over https");
  const options = { [oauth.allowInsecureRequests]: local };

  const { server, keys } = await discover(issuer, name, options);
  return {
    server,
    client: { client_id: clientId },
    authentication: authenticate(server, clientSecret),
    redirectUri: `${origin}/v1/sign-in/callback`,
    options,
    keys,
  };
}

async function discover(issuer: URL, name: string, options: Provider["options"]): Promise<Discovered> {
  const earlier = discovered.get(name);
  if (earlier && Date.now() - earlier.at <= MAX_AGE) return earlier;
  try {
    const response = await oauth.discoveryRequest(issuer, { ...options, signal: AbortSignal.timeout(PATIENCE) });
    const found = { server: await oauth.processDiscoveryResponse(issuer, response), keys: {}, at: Date.now() };
    discovered.delete(name);
    discovered.set(name, found);
    const [oldest] = discovered.keys();
    if (discovered.size > MOST_CACHED && oldest !== undefined) discovered.delete(oldest);
    return found;
  } catch {
    throw new Problem("unavailable", "the identity provider cannot be reached");
  }
}

function authenticate(
  { token_endpoint_auth_methods_supported: methods }: oauth.AuthorizationServer,
  secret: string | undefined,
): oauth.ClientAuth {
  if (!secret) return oauth.None();
  const basic = methods === undefined || methods.includes("client_secret_basic");
  return basic ? oauth.ClientSecretBasic(secret) : oauth.ClientSecretPost(secret);
}

function failed(title: string): Problem {
  return new Problem("sign_in_failed", title);
}

function notConfigured(title: string): Problem {
  return new Problem("not_configured", title);
}
