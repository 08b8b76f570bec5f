// Stands below the last entry: fetches older entries as soon as it becomes visible.
import { useEffect, useState } from "react";
import { Failure } from "../../ui/failure";
import { type FetchedEntries, type FetchedLog, MAX_PAGE_SIZE, PAGE_SIZE } from "./fetched-log";

interface Props extends FetchedEntries {
  log: FetchedLog;
  /** A filter is set: more is fetched at once, because few entries match. */
  filtered: boolean;
}

export function OlderEntries({ log, filtered, entries, busy, failure }: Props) {
  const [mark, visible] = useVisible();
  const wanted = visible && !busy && !failure;
  const count = filtered ? MAX_PAGE_SIZE : PAGE_SIZE;
  useEffect(() => {
    if (wanted) void log.older(count);
  }, [wanted, log, count, entries]);
  return (
    <div ref={mark} className="more">
      {failure ? (
        <Failure failure={failure} title="Older entries could not be fetched" onRetry={() => void log.older(count)} />
      ) : (
        <p className="soft">{filtered ? `Searching older entries: ${entries.length} so far…` : "Loading older entries…"}</p>
      )}
    </div>
  );
}

function useVisible(): [(mark: HTMLElement | null) => void, boolean] {
  const [mark, setMark] = useState<HTMLElement | null>(null);
  const [visible, setVisible] = useState(false);
  useEffect(() => {
    if (!mark) return;
    // Visible in the scrolling frame, or at most 300 pixels below it.
    const observer = new IntersectionObserver((seen) => setVisible(seen.at(-1)!.isIntersecting), {
      root: mark.closest(".table-frame"),
      rootMargin: "300px",
    });
    observer.observe(mark);
    return () => observer.disconnect();
  }, [mark]);
  return [setMark, visible];
}
