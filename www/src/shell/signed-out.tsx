// Nobody is signed in: the reason, and the link to sign in.
import { useEffect } from "react";
import type { ErrorCode } from "wicketgate";
import type { AuthorityProblemCode } from "wicketgate/contract";
import { useLocation } from "wouter";
import { refusedSignIn } from "./refused-sign-in";

interface Notice {
  title: string;
  text: string;
  /** Another person is signed in, so the link leads into the console. */
  onward?: boolean;
}

const NOBODY: Notice = { title: "You are not signed in", text: "Sign in to see what you may do here." };

const NOTICES: Partial<Record<ErrorCode | AuthorityProblemCode, Notice>> = {
  removed_user: {
    title: "Your access was removed",
    text: "An administrator removed this account. To come back, you need a new invitation.",
  },
  suspended_user: {
    title: "Your account is suspended",
    text: "An administrator suspended this account. You have no access until it is reactivated.",
  },
  other_user: {
    title: "Somebody else signed in here",
    text: "Another person signed in with this browser, so this page no longer shows anything.",
    onward: true,
  },
};

export function SignedOut({ code }: { code: ErrorCode | AuthorityProblemCode }) {
  const { title, text, onward = false } = NOTICES[code] ?? NOBODY;
  const refused = code === "not_signed_in" ? refusedSignIn : undefined;
  const [path] = useLocation();
  useEffect(() => {
    document.title = `${title} – Wicketgate`;
  }, [title]);
  return (
    <section className="card signed-out">
      <div role={code === "not_signed_in" ? "status" : "alert"}>
        <h1>{title}</h1>
        {refused === undefined ? <p>{text}</p> : <p className="problem">You could not be signed in. {refused}</p>}
      </div>
      <a className="button primary" href={onward ? "/" : `/v1/sign-in?return=${encodeURIComponent(path)}`}>
        {onward ? "Continue as the other person" : "Sign in"}
      </a>
    </section>
  );
}
