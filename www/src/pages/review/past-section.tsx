// Who reviewed access, when, and what they noted.
import { useMemo } from "react";
import { Link } from "wouter";
import type { Review } from "../../data/api";
import { useNames } from "../../data/names";
import { type Column, DataTable } from "../../ui/data-table";
import { Empty } from "../../ui/empty";
import { Time } from "../../ui/time";

export function PastSection({ reviews }: { reviews: readonly Review[] }) {
  const names = useNames();
  const columns = useMemo((): Column<Review>[] => {
    const by = ({ by: person }: Review) => (person === undefined ? "The service" : names.person(person));
    return [
      {
        id: "at",
        header: "When",
        value: ({ at }) => at,
        cell: (review) => (
          <>
            <Time at={review.at} show="exact" />
            <span className="soft">
              <Time at={review.at} />
            </span>
            <span className="soft below-tablet">{by(review)}</span>
          </>
        ),
        width: "13rem",
      },
      { id: "by", header: "By", value: by, from: "tablet", width: "16rem" },
      {
        id: "note",
        header: "Note",
        cell: ({ note }) => (note === undefined ? <span className="soft">None</span> : <span className="note">{note}</span>),
      },
    ];
  }, [names]);
  return (
    <div className="page">
      <p className="soft">
        All later changes are in the <Link href="/access/audit">audit log</Link>. You can compare the latest two reviews with the
        present state.
      </p>
      <DataTable
        caption="Past reviews"
        columns={columns}
        rows={reviews}
        rowId={({ version }) => String(version)}
        initialSort={{ column: "at", descending: true }}
        empty={<Empty title="There are no reviews yet." />}
      />
    </div>
  );
}
