// Why the last sign-in was refused. The authority puts the code into the address, from which it is removed.
import { problemInWords } from "../data/problems";

export const refusedSignIn = readRefusal();

function readRefusal(): string | undefined {
  const code = new URLSearchParams(location.search).get("refused");
  if (code === null) return undefined;
  history.replaceState(null, "", location.pathname);
  return problemInWords({ code, title: "The sign-in failed" });
}
