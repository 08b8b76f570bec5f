import { env } from "$env/dynamic/private";
import { described, opened } from "../permissions";

export async function load() {
  const given = JSON.parse(env.SNAPSHOT!);
  return { ...given, answer: described(await opened(given)) };
}
