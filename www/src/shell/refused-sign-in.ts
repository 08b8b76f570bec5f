// Why the last sign-in was refused. The authority puts the code into the address, from which it is removed.
import { isProblemCode } from "../data/api";
import { problemInWords } from "../data/problems";

export const refusedSignIn = readRefusal();

function readRefusal(): string | undefined {
  const code = new URLSearchParams(location.search).get("refused");
  if (code === null) return undefined;
  history.replaceState(null, "", location.pathname);
  const title = "The sign-in failed";
  return isProblemCode(code) ? problemInWords({ code, title }) : `${title}.`;
}
