// The grid of the matrix. Of up to ten million cells it draws the visible ones and a few around them. The focus stays on the grid element,
// which names the active cell (`aria-activedescendant`): the focus is not lost when that cell scrolls away and is removed.
import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  memo,
  type SyntheticEvent,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { roleName, STATUS } from "../../why/words";
import type { Answers, MatrixQuery } from "./answers";
import type { AssistantOnAxis, PersonOnAxis } from "./axes";

/** A cell: the index of the person, and the index of the assistant. */
export interface CellPosition {
  row: number;
  column: number;
}

interface Props {
  people: readonly PersonOnAxis[];
  assistants: readonly AssistantOnAxis[];
  answers: Answers;
  query: MatrixQuery;
  question: string;
  /** The search and the filters, serialized. When they change, the grid scrolls to its start; a change of the organization does not move it. */
  filterKey: string;
  /** The cell under the pointer; `undefined` outside of the grid. */
  onPoint: (at: CellPosition | undefined) => void;
  /** The active cell, after a key or a click. */
  onMove: (at: CellPosition) => void;
  onOpen: (at: CellPosition) => void;
}

/** Pixels. */
const ROW = 36;
const HEAD = { narrow: 150, wide: 60 };
const COLUMN = { narrow: 40, wide: 112 };
const SIDE = { phone: 132, desk: 240 };
/** Columns are added and removed in groups of this size, so that rows render less often. */
const COLUMN_GROUP = 4;

export const Grid = memo(function Grid({
  people,
  assistants,
  answers,
  query,
  question,
  filterKey,
  onPoint,
  onMove,
  onOpen,
}: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const id = useId();
  const [active, setActive] = useState<CellPosition>({ row: 0, column: 0 });
  const shape = query === "relation" ? "wide" : "narrow";
  const side = usePhone() ? SIDE.phone : SIDE.desk;
  const [head, width] = [HEAD[shape], COLUMN[shape]];
  // The axes may have become shorter since the position was set.
  const at = { row: Math.min(active.row, people.length - 1), column: Math.min(active.column, assistants.length - 1) };

  const rows = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: people.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    overscan: 6,
    paddingStart: head,
    scrollPaddingStart: head,
  });
  const columns = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: assistants.length,
    getScrollElement: () => frame.current,
    estimateSize: () => width,
    overscan: 2,
    horizontal: true,
    paddingStart: side,
    scrollPaddingStart: side,
  });
  useLayoutEffect(() => {
    rows.measure();
    columns.measure();
  }, [head, width, side, rows, columns]);
  useEffect(() => {
    frame.current?.scrollTo(0, 0);
    setActive({ row: 0, column: 0 });
  }, [filterKey]);

  const visible = columns.getVirtualItems();
  const first = Math.floor((visible[0]?.index ?? 0) / COLUMN_GROUP) * COLUMN_GROUP;
  const last = Math.min(assistants.length, Math.ceil(((visible.at(-1)?.index ?? -1) + 1) / COLUMN_GROUP) * COLUMN_GROUP);

  function move(to: CellPosition): void {
    setActive(to);
    onMove(to);
    rows.scrollToIndex(to.row);
    columns.scrollToIndex(to.column);
  }

  function handleKey(event: KeyboardEvent): void {
    if (event.key === "Enter" || event.key === " ") onOpen(at);
    else {
      const to = moved(
        at,
        event,
        people.length,
        assistants.length,
        Math.max(1, Math.floor(((frame.current?.clientHeight ?? 0) - head) / ROW) - 1),
      );
      if (!to) return;
      move(to);
    }
    event.preventDefault();
  }

  const point = ({ target }: SyntheticEvent) => onPoint(cellAt(target));

  return (
    <div
      ref={frame}
      role="grid"
      aria-label={question}
      aria-rowcount={people.length + 1}
      aria-colcount={assistants.length + 1}
      aria-activedescendant={cellId(id, at)}
      className={`matrix ${shape}`}
      tabIndex={0}
      onKeyDown={handleKey}
      onFocus={() => onMove(at)}
      onMouseOver={point}
      onMouseLeave={() => onPoint(undefined)}
      onClick={({ target }) => {
        const to = cellAt(target);
        if (to) move(to);
      }}
    >
      <div role="presentation" className="matrix-space" style={{ height: rows.getTotalSize(), width: columns.getTotalSize() }}>
        <Head assistants={assistants} first={first} last={last} height={head} width={width} side={side} />
        {rows.getVirtualItems().map(({ index, start }) => (
          <Row
            key={people[index]!.id}
            person={people[index]!}
            index={index}
            start={start}
            {...{ assistants, answers, query, first, last, width, side, grid: id }}
            active={index === at.row ? at.column : undefined}
          />
        ))}
      </div>
    </div>
  );
});

const Head = memo(function Head({
  assistants,
  first,
  last,
  height,
  width,
  side,
}: {
  assistants: readonly AssistantOnAxis[];
  first: number;
  last: number;
  height: number;
  width: number;
  side: number;
}) {
  return (
    <div role="row" aria-rowindex={1} className="matrix-head" style={{ height }}>
      <div role="columnheader" aria-colindex={1} className="matrix-corner" style={{ width: side }}>
        Person
      </div>
      {assistants.slice(first, last).map(({ id, name, place }, offset) => (
        <div
          key={id}
          role="columnheader"
          aria-colindex={first + offset + 2}
          data-assistant={id}
          className="matrix-assistant"
          title={`${name} (${place})`}
          style={{ left: side + (first + offset) * width, width }}
        >
          <span>{name}</span>
        </div>
      ))}
    </div>
  );
});

interface RowProps {
  person: PersonOnAxis;
  index: number;
  start: number;
  assistants: readonly AssistantOnAxis[];
  answers: Answers;
  query: MatrixQuery;
  first: number;
  last: number;
  width: number;
  side: number;
  grid: string;
  /** The active column, if the active cell is in this row. */
  active: number | undefined;
}

const Row = memo(function Row({
  person,
  index,
  start,
  assistants,
  answers,
  query,
  first,
  last,
  width,
  side,
  grid,
  active,
}: RowProps) {
  const cells = [];
  for (let column = first; column < last; column++) {
    const assistant = assistants[column]!;
    const { mark, word, tone } = answers.cell(person.id, assistant.id, query);
    const isActive = column === active;
    cells.push(
      <div
        key={assistant.id}
        {...(isActive && { id: cellId(grid, { row: index, column }), "aria-selected": true })}
        role="gridcell"
        aria-colindex={column + 2}
        aria-label={word}
        className={`matrix-cell ${tone}`}
        style={{ left: side + column * width, width }}
      >
        {mark}
      </div>,
    );
  }
  return (
    <div role="row" aria-rowindex={index + 2} data-person={person.id} className="matrix-row" style={{ top: start, height: ROW }}>
      <div
        role="rowheader"
        aria-colindex={1}
        className="matrix-person"
        style={{ width: side }}
        title={`${person.name}, ${roleName(person.role)}`}
      >
        <span>{person.name}</span>
        {person.status !== "active" && <span className="soft"> {STATUS[person.status]}</span>}
      </div>
      {cells}
    </div>
  );
});

function moved(
  { row, column }: CellPosition,
  { key, ctrlKey, metaKey }: KeyboardEvent,
  people: number,
  assistants: number,
  page: number,
): CellPosition | undefined {
  const far = ctrlKey || metaKey;
  const to = (nextRow: number, nextColumn: number): CellPosition => ({
    row: Math.max(0, Math.min(people - 1, nextRow)),
    column: Math.max(0, Math.min(assistants - 1, nextColumn)),
  });
  switch (key) {
    case "ArrowUp":
      return to(far ? 0 : row - 1, column);
    case "ArrowDown":
      return to(far ? people : row + 1, column);
    case "ArrowLeft":
      return to(row, far ? 0 : column - 1);
    case "ArrowRight":
      return to(row, far ? assistants : column + 1);
    case "PageUp":
      return to(row - page, column);
    case "PageDown":
      return to(row + page, column);
    case "Home":
      return to(far ? 0 : row, 0);
    case "End":
      return to(far ? people : row, assistants);
    default:
      return undefined;
  }
}

function cellId(grid: string, { row, column }: CellPosition): string {
  return `${grid}-${row}-${column}`;
}

/** The cell in which an event happened. */
function cellAt(target: EventTarget): CellPosition | undefined {
  const cell = (target as Element).closest("[role=gridcell]");
  const row = cell?.parentElement;
  return cell && row ? { row: Number(row.ariaRowIndex) - 2, column: Number(cell.ariaColIndex) - 2 } : undefined;
}

const NARROW = "(width < 48rem)";

function usePhone(): boolean {
  return useSyncExternalStore(subscribe, () => matchMedia(NARROW).matches);
}

function subscribe(notify: () => void): () => void {
  const query = matchMedia(NARROW);
  query.addEventListener("change", notify);
  return () => query.removeEventListener("change", notify);
}
