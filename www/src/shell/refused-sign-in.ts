// Why the sign-in that led here was refused: the authority says it in the address, from which it is taken.
import { problemInWords } from "../data/problems";

export const refusedSignIn = take();

function take(): string | undefined {
  const code = new URLSearchParams(location.search).get("refused");
  if (code === null) return undefined;
  history.replaceState(null, "", location.pathname);
  return problemInWords({ code, title: "Something went wrong on the way" });
}
