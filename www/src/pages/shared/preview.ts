// Who would gain or lose what by a command, told by the authority before anything is done.
import { useEffect, useState } from "react";
import type { Command, Preview } from "wicketgate/authority";
import { type Failure, failureOf, post } from "../../data/api";
import { useConsole } from "../../data/console-context";

export type Foreseen = { preview: Preview } | { failure: Failure } | "asking" | undefined;

/** Asked anew when the command is another one, and when something changed meanwhile. */
export function usePreview(command: Command | undefined): Foreseen {
  const { version } = useConsole();
  const about = command && JSON.stringify([version, command]);
  const [answer, setAnswer] = useState<{ about: string; foreseen: Foreseen }>();

  useEffect(() => {
    if (about === undefined) return;
    let wanted = true;
    const tell = (foreseen: Foreseen) => wanted && setAnswer({ about, foreseen });
    const [, asked] = JSON.parse(about) as [number, Command];
    post<Preview>("/v1/preview", asked).then(
      (preview) => tell({ preview }),
      (error) => tell({ failure: failureOf(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [about]);

  if (about === undefined) return undefined;
  return answer?.about === about ? answer.foreseen : "asking";
}
