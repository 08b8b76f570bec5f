// The entries, newest first.
import { type ReactNode, useMemo, useState } from "react";
import { Link } from "wouter";
import { ActionTable } from "../../ui/action-table";
import { Badge } from "../../ui/badge";
import { CopyButton } from "../../ui/copy-button";
import type { Column } from "../../ui/data-table";
import { DialogForm } from "../../ui/dialog";
import { Time } from "../../ui/time";
import { type AuditRow, type NameOf, inWords } from "./rows";
import { kindOf, type Piece, type RefKind } from "./sentences";

interface Props {
  rows: readonly AuditRow[];
  nameOf: NameOf;
  /** Whether a thing has a page that the reader can open. */
  hasPage: (kind: RefKind, id: string) => boolean;
  /** Version of the first entry that does not fit. */
  misfit: number | undefined;
  empty: ReactNode;
  end: ReactNode;
}

export function LogTable({ rows, nameOf, hasPage, misfit, empty, end }: Props) {
  const [shown, setShown] = useState<AuditRow>();
  const columns = useMemo(() => columnsFor(nameOf, hasPage, misfit), [nameOf, hasPage, misfit]);
  return (
    <>
      <ActionTable
        caption="Entries, newest first"
        columns={columns}
        rows={rows}
        rowId={({ entry }) => String(entry.version)}
        rowName={({ entry }) => `entry ${entry.version}`}
        actions={(row) => [{ id: "written", label: "Show the original text", onAction: () => setShown(row) }]}
        empty={empty}
        end={end}
      />
      {shown && (
        <DialogForm title={`Entry ${shown.entry.version}`} wide onClose={() => setShown(undefined)}>
          <p>
            {shown.who} {inWords(shown.what, nameOf)}
            {shown.at !== undefined && (
              <>
                , <Time at={shown.at} show="exact" />
              </>
            )}
            .
          </p>
          <pre className="written" tabIndex={0}>
            {pretty(shown.entry.text)}
          </pre>
          <div>
            <CopyButton text={shown.entry.text} what="the entry" />
          </div>
        </DialogForm>
      )}
    </>
  );
}

function columnsFor(nameOf: NameOf, hasPage: Props["hasPage"], misfit: number | undefined): Column<AuditRow>[] {
  return [
    {
      id: "what",
      header: "What happened",
      cell: ({ entry, actor, who, what, at }) => (
        <>
          {entry.version === misfit && (
            <>
              <Badge tone="bad">Does not fit</Badge>{" "}
            </>
          )}
          {entry.content && (
            <>
              <strong title={actor}>{who}</strong>{" "}
            </>
          )}
          <span className="told">
            {what.map((piece, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence never change their order.
              <SentencePart key={index} piece={piece} nameOf={nameOf} hasPage={hasPage} />
            ))}
          </span>
          {at !== undefined && (
            <span className="soft below-tablet">
              <Time at={at} />
            </span>
          )}
        </>
      ),
    },
    {
      id: "kind",
      header: "Kind",
      width: "10rem",
      from: "desktop",
      cell: ({ type }) => <span className="soft">{kindOf(type)?.area}</span>,
    },
    {
      id: "when",
      header: "When",
      width: "12rem",
      from: "tablet",
      cell: ({ at }) => at !== undefined && <Time at={at} show="exact" />,
    },
    {
      id: "entry",
      header: "Entry",
      width: "5rem",
      align: "end",
      from: "desktop",
      cell: ({ entry }) => <span className="soft">{entry.version}</span>,
    },
  ];
}

const PAGES: Partial<Record<RefKind, string>> = { team: "/teams", assistant: "/assistants" };

function SentencePart({ piece, nameOf, hasPage }: { piece: Piece } & Pick<Props, "nameOf" | "hasPage">) {
  if (typeof piece === "string") return piece;
  const page = PAGES[piece.kind];
  const name = nameOf(piece);
  if (page !== undefined && hasPage(piece.kind, piece.id))
    return <Link href={`${page}/${encodeURIComponent(piece.id)}`}>{name}</Link>;
  return (
    <span className="named" title={name === piece.id ? undefined : piece.id}>
      {name}
    </span>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
