// What the operator configures. docs/deploying.md says what each is for.
import type { Organization } from "./object/organization";

export interface Env {
  /** The object that is the authority; the Worker speaks to the one named by `ORGANIZATION`. */
  DIRECTORY: DurableObjectNamespace<Organization>;
  /** Key `gate:<assistant>`: the snapshot of one public assistant, for the gate. */
  GATE: KVNamespace;

  /** The organization's id. */
  ORGANIZATION: string;
  /** Where the page and this Worker are reached: `https://acme.example`. */
  ORIGIN: string;
  /** The `iss` of everything signed here. */
  ISSUER: string;
  /** The e-mail address whose first sign-in founds an empty organization. */
  FOUNDER?: string;

  /** OpenID Connect: who signs people in. */
  OIDC_ISSUER?: string;
  OIDC_CLIENT_ID?: string;
  /** Secret; absent for a public client. */
  OIDC_CLIENT_SECRET?: string;

  SMTP_HOST?: string;
  SMTP_PORT?: string;
  /** `none` is for loopback hosts alone. */
  SMTP_SECURE?: "starttls" | "tls" | "none";
  SMTP_USER?: string;
  /** Secret. */
  SMTP_PASSWORD?: string;
  MAIL_FROM?: string;

  /** Secret: a private JWK that signs instead of keys that the object makes. */
  SIGNING_KEY?: string;
  /** Secret: lets the operator set up the organization, set its plan and rotate keys. */
  OPERATOR_TOKEN?: string;
  /** Secret: lets the gate ask what is current of a public assistant, and read its snapshot. */
  GATE_TOKEN?: string;
}
