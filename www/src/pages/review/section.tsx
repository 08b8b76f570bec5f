// One part of the review: the findings, with the actions on them.
import { type ReactNode, useState } from "react";
import { useLocation } from "wouter";
import { useCommand } from "../../data/use-command";
import { ActionTable, type RowAction } from "../../ui/action-table";
import { ConfirmDialog } from "../../ui/dialog";
import { Empty } from "../../ui/empty";
import { SearchField, useFound } from "../../ui/search-field";
import { COLUMNS } from "./columns";
import { type Finding, type Remedy, type Section as SectionId, SECTIONS } from "./findings";

const NOTHING: Record<SectionId, string> = {
  inactive: "Everybody was seen recently.",
  admins: "Nobody has a role that grants more than User.",
  unused: "Every role is in effect.",
  expiring: "Nothing has expired or will expire soon.",
  links: "Every link has an expiry date.",
  public: "No assistant is public.",
};

const textOf = ({ name, person = "", role = "", thing, flag = "", why }: Finding) =>
  `${name} ${person} ${role} ${thing?.name ?? ""} ${thing?.id ?? ""} ${flag} ${why}`;

export function Section({
  section,
  findings,
  children,
}: {
  section: SectionId;
  findings: readonly Finding[];
  children?: ReactNode;
}) {
  const [search, setSearch] = useState("");
  const [remedy, setRemedy] = useState<Remedy>();
  const [, navigate] = useLocation();
  const found = useFound(findings, search, textOf);

  function actions({ remedy, thing, person }: Finding): RowAction[] {
    return [
      ...(thing
        ? [
            {
              id: "open",
              label: `Open the ${thing.kind}`,
              onAction: () => navigate(`/${thing.kind}s/${encodeURIComponent(thing.id)}`),
            },
          ]
        : []),
      ...(person === undefined
        ? []
        : [
            {
              id: "view-as",
              label: "See what they may do",
              onAction: () => navigate(`/access/view-as/${encodeURIComponent(person)}`),
            },
            { id: "team", label: "Open the people page", onAction: () => navigate("/settings/team") },
          ]),
      ...(remedy ? [{ id: "remedy", label: `${remedy.label}…`, danger: true, onAction: () => setRemedy(remedy) }] : []),
    ];
  }

  return (
    <div className="page">
      {children}
      {findings.length > 0 && (
        <div className="toolbar">
          <SearchField label="Search these" value={search} onChange={setSearch} placeholder="Name, role, reason" />
        </div>
      )}
      <ActionTable
        key={section}
        caption={SECTIONS[section]}
        columns={COLUMNS[section]}
        rows={found}
        rowId={({ key }) => key}
        rowName={({ name, thing }) => (thing && section === "public" ? thing.name : `${name}${thing ? `, ${thing.name}` : ""}`)}
        actions={actions}
        empty={<Empty title={findings.length > 0 ? "No matches." : NOTHING[section]} />}
      />
      {remedy && <RemedyDialog remedy={remedy} onClose={() => setRemedy(undefined)} />}
    </div>
  );
}

function RemedyDialog({
  remedy: { label, question, loss, command: what, done },
  onClose,
}: {
  remedy: Remedy;
  onClose: () => void;
}) {
  const command = useCommand();

  async function act(): Promise<void> {
    if (await command.send(what, () => done)) onClose();
  }

  return (
    <ConfirmDialog
      title={question}
      submit={label}
      cancel="Keep"
      busy={command.busy}
      failure={command.failure}
      onSubmit={() => void act()}
      onClose={onClose}
    >
      <p>{loss}</p>
    </ConfirmDialog>
  );
}
