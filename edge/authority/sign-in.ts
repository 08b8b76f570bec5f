// Who is asking. There is no sign-in yet, so without the development switch nobody is anybody.
import type { Env } from "./env";
import { Problem } from "./problem";

export function requireDevelopment(env: Env): void {
  if (env.DEVELOPMENT_SIGN_IN !== "on") {
    throw new Problem(501, "sign_in_not_configured", "This deployment has no sign-in, so it serves no member");
  }
}

export function signedInUser(request: Request, env: Env): string {
  requireDevelopment(env);
  const user = new URL(request.url).searchParams.get("as");
  if (!user) throw new Problem(400, "missing_user", "Say who asks", "For development: `?as=<user>`.");
  return user;
}
