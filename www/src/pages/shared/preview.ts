// The authority's preview of a command: who would gain or lose what.
import { useEffect, useState } from "react";
import type { Command, Preview } from "wicketgate/authority";
import { type Failure, failureOf, post } from "../../data/api";
import { useConsole } from "../../data/console-context";

export type PreviewState = { preview: Preview } | { failure: Failure } | "loading" | undefined;

/** Requested again when the command or the organization changes. */
export function usePreview(command: Command | undefined): PreviewState {
  const { version } = useConsole();
  const about = command && JSON.stringify([version, command]);
  const [answer, setAnswer] = useState<{ about: string; state: PreviewState }>();

  useEffect(() => {
    if (about === undefined) return;
    let wanted = true;
    const update = (state: PreviewState) => wanted && setAnswer({ about, state });
    const [, parsed] = JSON.parse(about) as [number, Command];
    post<Preview>("/v1/preview", parsed).then(
      (preview) => update({ preview }),
      (error) => update({ failure: failureOf(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [about]);

  if (about === undefined) return undefined;
  return answer?.about === about ? answer.state : "loading";
}
