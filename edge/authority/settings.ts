// What the operator configures, besides the binding to the object (env.ts). docs/deploying.md explains each.

export interface Settings {
  /** Key `gate:<organization>:<assistant>`: the snapshot of one public assistant, for the gate. */
  GATE: KVNamespace;

  /** The deployment's own origin, if it serves many organizations: the operator's interface is there. */
  APEX?: string;

  /** `open`: everybody who signs in at the apex may make an organization. */
  SIGN_UP?: string;

  /** The organization's id, if the deployment serves one. */
  ORGANIZATION?: string;
  /** The origin of the page and of this Worker: `https://acme.example`. */
  ORIGIN?: string;
  /** The `iss` of everything signed here. */
  ISSUER?: string;
  /** The e-mail address whose first sign-in founds an empty organization. */
  FOUNDER?: string;

  /** The OpenID Connect provider that signs people in. */
  OIDC_ISSUER?: string;
  OIDC_CLIENT_ID?: string;
  /** Secret; absent for a public client. */
  OIDC_CLIENT_SECRET?: string;

  SMTP_HOST?: string;
  SMTP_PORT?: string;
  /** `none` is accepted for loopback hosts alone. */
  SMTP_SECURE?: "starttls" | "tls" | "none";
  SMTP_USER?: string;
  /** Secret. */
  SMTP_PASSWORD?: string;
  MAIL_FROM?: string;

  /** Secret: a private JWK that signs, instead of keys that the object makes. */
  SIGNING_KEY?: string;
  /** Secret: allows the operator to set up the organization, set its plan, rotate keys and restore. */
  OPERATOR_TOKEN?: string;
  /** Secret: the gate's `PASS_KEYS`, to sign passes for API keys with the scope `passes`. */
  PASS_KEYS?: string;
  /** As the gate's. */
  PASS_ISSUER?: string;
  PASS_LIFETIME?: string;
  /** Secret: allows the gate to ask which snapshot of a public assistant is current, and to read it. */
  GATE_TOKEN?: string;
}
