import { connection } from "next/server";
import { Suspense } from "react";
import { WicketgateSnapshot } from "wicketgate/react";
import { given } from "../permissions";
import { Toolbar } from "./toolbar";

export default function Page() {
  return (
    <Suspense fallback="…">
      <Given />
    </Suspense>
  );
}

/** A principal cannot be handed to client components, a token can. */
async function Given() {
  await connection();
  const { token, keys } = given();
  return (
    <WicketgateSnapshot token={token} keys={keys}>
      <Toolbar assistant="a_1Wn0xP" />
    </WicketgateSnapshot>
  );
}
