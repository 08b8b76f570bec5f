// The contents of the token: header, claims and facts.
import type { Organization } from "wicketgate";
import { ownProperty } from "../../lib/own-property";
import { Badge } from "../../ui/badge";
import { Notice } from "../../ui/notice";
import { timeInWords } from "../../lib/time";
import { FactsTree } from "./facts-tree";
import type { Token } from "./token";

const TIMES = new Set(["exp", "iat", "nbf"]);

const MEANINGS: Record<string, string> = {
  typ: "Type",
  alg: "Algorithm",
  kid: "Key",
  iss: "Issuer",
  aud: "Audience",
  sub: "Subject",
  iat: "Issued",
  nbf: "Valid from",
  exp: "Expires",
  jti: "Id",
  scope: "Scope of the facts",
  epoch: "Epoch of the facts: a new one begins when they are restored",
  version: "Version of the facts",
  state: "State: identifies these facts",
  from: "Starts from",
  obtained: "Reason why the pass was issued",
};

const SCOPES: Record<string, string> = {
  workspace: "the whole organization: it answers for everybody",
  member: "the access of one person",
  gate: "public assistants: it answers for visitors",
};

interface Props {
  token: Token;
  verified: boolean;
  /** The facts after a delta, if the snapshot that it starts from is known. */
  after: Organization | undefined;
}

export function Contents({ token: { kind, header, claims, size }, verified, after }: Props) {
  const { organization, ...others } = claims ?? {};
  const facts = typeof organization === "object" && organization !== null ? (organization as Record<string, unknown>) : undefined;
  return (
    <>
      <section className="card" aria-label="Contents">
        <div className="said-head">
          <h2>Contents</h2>
          <Badge tone={verified ? "good" : "warn"}>{verified ? "Verified" : "Not verified"}</Badge>
        </div>
        {!verified && <p className="soft">Anybody could have written this. Do not rely on it.</p>}
        {header ? (
          <Fields title="Header" of={header} />
        ) : (
          <Notice kind="warn">
            <p>The header cannot be read.</p>
          </Notice>
        )}
        {claims ? (
          <Fields title={`Claims (${new Intl.NumberFormat().format(size)} bytes)`} of={facts ? others : claims} />
        ) : (
          <Notice kind="warn">
            <p>The payload cannot be read: it is not a JSON object.</p>
          </Notice>
        )}
      </section>
      {facts && <FactsTree title={kind === "delta" ? "Changes" : "Facts"} facts={facts} />}
      {after && <FactsTree title="Facts after the delta" facts={after} />}
    </>
  );
}

function Fields({ title, of }: { title: string; of: Record<string, unknown> }) {
  return (
    <div>
      <h3>{title}</h3>
      <dl className="members">
        {Object.entries(of).map(([name, value]) => (
          <div key={name} data-claim={name}>
            <dt>
              <code>{name}</code>{" "}
              {ownProperty(MEANINGS, name) !== undefined && <span className="soft">{ownProperty(MEANINGS, name)}</span>}
            </dt>
            <dd>
              {typeof value === "string" ? value : JSON.stringify(value)}
              <Meaning name={name} value={value} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Meaning({ name, value }: { name: string; value: unknown }) {
  const meaning =
    TIMES.has(name) && typeof value === "number" && Number.isFinite(new Date(value * 1000).getTime())
      ? timeInWords(value)
      : name === "scope"
        ? ownProperty(SCOPES, String(value))
        : undefined;
  return meaning === undefined ? null : <span className="soft"> {meaning}</span>;
}
