import { connection } from "next/server";
import { Suspense } from "react";
import { Editor } from "./editor";
import { described, given, snapshotOf } from "./permissions";

export default function Home() {
  return (
    <main>
      <Suspense fallback="…">
        <Assistants />
      </Suspense>
    </main>
  );
}

async function Assistants() {
  await connection();
  const snapshot = given();
  return (
    <>
      <p data-answer="server component">{described(await snapshotOf(snapshot))}</p>
      <Editor {...snapshot} />
    </>
  );
}
