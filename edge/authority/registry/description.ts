// Reads what the operator says about an organization. Every field is checked, and unknown ones are refused: a misspelt one would go unnoticed.
import { capabilities, patterns } from "wicketgate/contract";
import { isObject } from "../../shared/bodies";
import { MAILS_OF_ALL_A_DAY, UPDATES_OF_ALL } from "../bounds";
import { isLoopback } from "../loopback";
import type { OpenIdSettings } from "../organization-settings";
import { type Problem, problemAtPath } from "../problem";
import type { NewOrganization, OrganizationChange, OrganizationLimits, OrganizationOpenId, OrganizationPlan } from "../wire";
import { normalHost, originOf } from "./hosts";
import type { Change } from "./organizations";
import type { Description } from "./record";

/** Ids that people choose. They are in hosts, and in the names of entries of the gate's store, where `:` separates. */
const ID = /^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$/;
const NAME = new RegExp(patterns.name, "u");
const MOST_HOSTS = 20;
const LONGEST_TEXT = 300;
/** The largest limits: those of a deployment without others. */
const LIMITS = { mails_a_day: MAILS_OF_ALL_A_DAY, open_updates: UPDATES_OF_ALL } satisfies Record<keyof OrganizationLimits, number>;

type Fields = { [name: string]: unknown };
/** The fields of a type, with any values. */
type FieldsOf<T> = { [Field in keyof T]?: unknown };
type Readers<Field extends PropertyKey> = Record<Field, (value: unknown) => unknown>;
type Nullable<T> = { [Field in keyof T]-?: null extends T[Field] ? Field : never }[keyof T];

/** `POST /v1/organizations`. */
export function readDescription({ id, ...fields }: Fields): { id: string; description: Description } {
  if (typeof id !== "string" || !isOrganizationId(id)) {
    throw fault("id", "expected 3 to 40 lower-case letters, digits and hyphens, neither first nor last a hyphen");
  }
  const { hosts, name = id, issuer, ...others } = readChange(fields);
  if (!hosts) throw fault("hosts", "expected a list of hosts");
  const given = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== null));
  return { id, description: { ...given, name: name ?? id, hosts, issuer: issuer ?? originOf(hosts[0]) } };
}

/** `PATCH /v1/organizations/:id`. */
export function readChange(fields: Fields): Change {
  const change: Change = {};
  for (const [name, value] of Object.entries(fields)) {
    const read = Object.hasOwn(READERS, name) ? READERS[name as keyof typeof READERS] : undefined;
    if (!read) throw fault(name, "there is no such field");
    if (value === null && !Object.hasOwn(OPTIONAL, name)) throw fault(name, "this field cannot be taken away");
    Object.assign(change, { [name]: value === null ? null : read(value) });
  }
  return change;
}

export function isOrganizationId(text: string): boolean {
  return ID.test(text) && !text.startsWith("xn--");
}

/** Fields that `null` takes away. */
const OPTIONAL = { founder: true, plan: true, limits: true, openid: true } satisfies Record<Nullable<OrganizationChange>, true>;

const READERS = {
  name(value: unknown): string {
    if (typeof value !== "string" || !NAME.test(value)) throw fault("name", "expected 1 to 200 characters on one line");
    return value;
  },

  hosts(value: unknown): [string, ...string[]] {
    if (!Array.isArray(value) || value.length === 0 || value.length > MOST_HOSTS) {
      throw fault("hosts", `expected 1 to ${MOST_HOSTS} hosts`);
    }
    const hosts = value.map((host: unknown, index) => {
      const normal = typeof host === "string" ? normalHost(host) : undefined;
      if (normal === undefined) throw fault(`hosts[${index}]`, "expected a host, like `acme.example`");
      return normal;
    });
    if (new Set(hosts).size < hosts.length) throw fault("hosts", "a host is there twice");
    return hosts as [string, ...string[]];
  },

  issuer(value: unknown): string {
    return address("issuer", value);
  },

  founder(value: unknown): string {
    return text("founder", value);
  },

  plan(value: unknown): OrganizationPlan {
    const { name, withholds, ...others } = object<OrganizationPlan>("plan", value);
    none("plan.", others);
    if (name !== undefined && (typeof name !== "string" || !NAME.test(name))) throw fault("plan.name", "expected a name");
    const isList =
      Array.isArray(withholds) && withholds.every((item) => typeof item === "string" && Object.hasOwn(capabilities, item));
    if (!isList) throw fault("plan.withholds", "expected a list of capabilities");
    return { ...(name !== undefined && { name }), withholds: [...new Set(withholds as string[])] };
  },

  limits(value: unknown): OrganizationLimits {
    const fields = object<OrganizationLimits>("limits", value);
    for (const [name, limit] of Object.entries(fields)) {
      const most = Object.hasOwn(LIMITS, name) ? LIMITS[name as keyof typeof LIMITS] : undefined;
      if (most === undefined) throw fault(`limits.${name}`, "there is no such field");
      if (!Number.isSafeInteger(limit) || (limit as number) < 1 || (limit as number) > most) {
        throw fault(`limits.${name}`, `expected an integer from 1 to ${most}`);
      }
    }
    return fields as OrganizationLimits;
  },

  openid(value: unknown): OpenIdSettings {
    const { issuer, client_id: clientId, client_secret: clientSecret, ...others } = object<OrganizationOpenId>("openid", value);
    none("openid.", others);
    return {
      issuer: address("openid.issuer", issuer),
      clientId: text("openid.client_id", clientId),
      ...(clientSecret !== undefined && { clientSecret: text("openid.client_secret", clientSecret) }),
    };
  },
} satisfies Readers<keyof OrganizationChange> & Readers<Exclude<keyof NewOrganization, "id">>;

function object<T>(path: string, value: unknown): FieldsOf<T> {
  if (!isObject(value)) throw fault(path, "expected an object");
  return value as FieldsOf<T>;
}

/** @param others what is left of an object: the compiler knows of no field that could be there */
function none(path: string, others: Record<string, never>): void {
  const [name] = Object.keys(others);
  if (name !== undefined) throw fault(path + name, "there is no such field");
}

function text(path: string, value: unknown): string {
  if (typeof value !== "string" || value === "" || value.length > LONGEST_TEXT) throw fault(path, "expected a text");
  return value;
}

function address(path: string, value: unknown): string {
  const given = text(path, value);
  const { protocol, hostname } = URL.canParse(given) ? new URL(given) : { protocol: "", hostname: "" };
  if (protocol !== "https:" && !(protocol === "http:" && isLoopback(hostname))) throw fault(path, "expected an https address");
  return given;
}

function fault(path: string, title: string): Problem {
  return problemAtPath("bad_request", path, title);
}
