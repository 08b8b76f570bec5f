// What stands below the last entry: fetches the one before as soon as it comes into sight.
import { useEffect, useState } from "react";
import { Failure } from "../../ui/failure";
import { LARGE_PAGE, type Fetched, type History, PAGE } from "./fetched-log";

interface Props extends Fetched {
  history: History;
  /** Something is looked for: then much has to be fetched to find a little. */
  looking: boolean;
}

export function OlderEntries({ history, looking, entries, busy, failure }: Props) {
  const [mark, inSight] = useInSight();
  const wanted = inSight && !busy && !failure;
  const count = looking ? LARGE_PAGE : PAGE;
  useEffect(() => {
    if (wanted) void history.older(count);
  }, [wanted, history, count, entries]);
  return (
    <div ref={mark} className="more">
      {failure ? (
        <Failure failure={failure} title="Older entries could not be fetched" onRetry={() => void history.older(count)} />
      ) : (
        <p className="soft">{looking ? `Searching older entries: ${entries.length} so far…` : "Loading older entries…"}</p>
      )}
    </div>
  );
}

function useInSight(): [(mark: HTMLElement | null) => void, boolean] {
  const [mark, setMark] = useState<HTMLElement | null>(null);
  const [inSight, setInSight] = useState(false);
  useEffect(() => {
    if (!mark) return;
    // In sight of what scrolls, be that in sight or not; and a little before.
    const observer = new IntersectionObserver((seen) => setInSight(seen.at(-1)!.isIntersecting), {
      root: mark.closest(".table-frame"),
      rootMargin: "300px",
    });
    observer.observe(mark);
    return () => observer.disconnect();
  }, [mark]);
  return [setMark, inSight];
}
