// The columns of the list. On a narrow screen the first one has what the hidden ones would show.
import type { ApiKeyState } from "@wicketgate/edge/wire";
import { listOf } from "../../lib/sentences";
import { timeAway } from "../../lib/time";
import { Badge } from "../../ui/badge";
import type { Column } from "../../ui/data-table";
import { Time } from "../../ui/time";
import { roleName, scopesInWords } from "../../why/words";
import { hasExpired } from "../shared/holdings";
import { Expiry } from "../shared/holdings-table";
import { type KeyRow, previousUntil } from "./rows";

/** Networks that are named in the list. */
const NAMED = 2;

export const columns: Column<KeyRow>[] = [
  {
    id: "name",
    header: "API key",
    value: ({ key }) => key.name,
    cell: (row) => (
      <>
        <span>{row.key.name}</span> <State row={row.key} />
        <span className="soft">{row.key.id}</span>
        <span className="soft below-tablet">{summary(row)}</span>
        <span className="soft below-desktop">{origin(row)}</span>
        <PreviousSecret row={row.key} />
      </>
    ),
  },
  {
    id: "role",
    header: "Role and purpose",
    value: ({ key }) => roleName(key.role),
    cell: ({ key }) => (
      <>
        {roleName(key.role)}
        <span className="soft key-line">{scopesInWords(key.scopes)}</span>
      </>
    ),
    width: "12rem",
    from: "tablet",
  },
  {
    id: "addresses",
    header: "Accepted from",
    value: ({ key }) => addressesInWords(key),
    cell: ({ key }) => (key.addresses ? addressesInWords(key) : <span className="soft">Everywhere</span>),
    width: "10.5rem",
    from: "desktop",
  },
  {
    id: "created",
    header: "Created",
    value: ({ key }) => key.created_at,
    cell: ({ key, creator }) => (
      <>
        <Time at={key.created_at} />
        <span className="soft key-line">by {creator}</span>
      </>
    ),
    width: "12rem",
    from: "desktop",
  },
  {
    id: "expires",
    header: "Expires",
    value: ({ key }) => key.expires ?? Infinity,
    cell: ({ key }) => <Expiry at={key.expires} />,
    width: "7.5rem",
    from: "tablet",
  },
  {
    id: "used",
    header: "Last used",
    value: ({ key }) => key.last_used,
    cell: ({ key }) => (key.last_used === undefined ? <span className="soft">Never</span> : <Time at={key.last_used} />),
    width: "7.5rem",
    from: "tablet",
  },
];

function State({ row }: { row: ApiKeyState }) {
  if (hasExpired(row)) return <Badge tone="bad">Expired</Badge>;
  return previousUntil(row) === undefined ? null : <Badge tone="warn">Two secrets</Badge>;
}

function PreviousSecret({ row }: { row: ApiKeyState }) {
  const until = previousUntil(row);
  if (until === undefined) return null;
  return (
    <span className="soft key-previous">
      The old secret is accepted until <Time at={until} show="exact" />.
    </span>
  );
}

function addressesInWords({ addresses = [] }: ApiKeyState): string {
  return addresses.length === 0 ? "Everywhere" : listOf(addresses, NAMED);
}

/** "Application admin · Commands, Reading · expires in 3 days · last used 2 hours ago" */
function summary({ key }: KeyRow): string {
  return [
    roleName(key.role),
    scopesInWords(key.scopes),
    ...(key.expires === undefined ? [] : [`${hasExpired(key) ? "expired" : "expires"} ${timeAway(key.expires)}`]),
    key.last_used === undefined ? "never used" : `last used ${timeAway(key.last_used)}`,
  ].join(" · ");
}

/** "Accepted from everywhere · created yesterday by gina@acme.example" */
function origin({ key, creator }: KeyRow): string {
  const from = key.addresses ? addressesInWords(key) : "everywhere";
  return `Accepted from ${from} · created ${timeAway(key.created_at)} by ${creator}`;
}
