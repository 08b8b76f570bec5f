import { connection } from "next/server";
import { described, given, snapshotOf } from "../permissions";

export async function GET() {
  await connection();
  return new Response(described(await snapshotOf(given())));
}
