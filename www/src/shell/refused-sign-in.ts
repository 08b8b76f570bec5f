// Why the sign-in that led here was refused: the authority says it in the address, from which it is taken.
import { isProblemCode } from "../data/api";
import { problemInWords } from "../data/problems";

export const refusedSignIn = take();

function take(): string | undefined {
  const code = new URLSearchParams(location.search).get("refused");
  if (code === null) return undefined;
  history.replaceState(null, "", location.pathname);
  const title = "Something went wrong on the way";
  return isProblemCode(code) ? problemInWords({ code, title }) : `${title}.`;
}
