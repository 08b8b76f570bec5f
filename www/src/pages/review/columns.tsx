// The columns of the review's tables.
import { Link } from "wouter";
import { ownProperty } from "../../lib/own-property";
import { Badge } from "../../ui/badge";
import type { Column } from "../../ui/data-table";
import { Time } from "../../ui/time";
import type { Finding, Section } from "./findings";

const PAGES = { team: "/teams", assistant: "/assistants" } as const;
const TONES: Record<string, "bad" | "warn" | "info"> = { Expired: "bad", "Every website": "bad", Invited: "info" };

const who = (header: string): Column<Finding> => ({
  id: "who",
  header,
  value: ({ name }) => name,
  cell: ({ name, person, role, thing, flag }) => (
    <>
      {name}
      {person !== undefined && person !== name && !name.startsWith(`${person}@`) && <span className="soft">{person}</span>}
      <span className="soft below-tablet">{[role, thing?.name, flag].filter(Boolean).join(" · ")}</span>
    </>
  ),
});

const role = (header = "Role"): Column<Finding> => ({
  id: "role",
  header,
  value: (finding) => finding.role,
  width: "11rem",
  from: "tablet",
});

const why = (header: string): Column<Finding> => ({
  id: "why",
  header,
  value: ({ flag, why }) => `${flag ?? ""} ${why}`,
  cell: ({ flag, why }) => (
    <>
      {flag !== undefined && <Badge tone={ownProperty(TONES, flag) ?? "warn"}>{flag}</Badge>}
      <div className="soft">{why}</div>
    </>
  ),
});

const on: Column<Finding> = {
  id: "on",
  header: "On",
  value: ({ thing }) => thing?.name,
  cell: ({ thing }) => thing && <Thing thing={thing} />,
  from: "tablet",
};

const when = (header: string, never: string): Column<Finding> => ({
  id: "at",
  header,
  value: ({ at }) => at ?? 0,
  cell: ({ at }) => (at === undefined ? <span className="soft">{never}</span> : <Time at={at} />),
  width: "9rem",
  from: "tablet",
});

export const COLUMNS: Record<Section, Column<Finding>[]> = {
  inactive: [who("Person"), role(), why("Why"), when("Last seen", "Never")],
  admins: [who("Person"), role(), why("May do"), when("Last seen", "Never")],
  unused: [who("Person"), role(), on, why("Why it is unused")],
  expiring: [who("Person or link"), role("Role or level"), on, why("State"), when("Expires", "Never")],
  links: [who("Link"), role("Allows"), on, why("State")],
  public: [
    {
      id: "on",
      header: "Assistant",
      value: ({ thing }) => thing?.name,
      cell: ({ thing, name }) => (
        <>
          {thing && <Thing thing={thing} />}
          <span className="soft below-tablet">{name}</span>
        </>
      ),
    },
    { id: "owner", header: "Owner", value: ({ name }) => name, from: "tablet" },
    why("Embedding and links"),
  ],
};

function Thing({ thing: { kind, id, name } }: { thing: NonNullable<Finding["thing"]> }) {
  return <Link href={`${PAGES[kind]}/${encodeURIComponent(id)}`}>{name}</Link>;
}
