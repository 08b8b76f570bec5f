import { connection } from "next/server";
import { Suspense } from "react";
import { given } from "../permissions";
import { Toolbar } from "./toolbar";

export default function Page() {
  return <Suspense fallback="…"><Given /></Suspense>;
}

async function Given() {
  await connection();
  return <Toolbar {...given()} />;
}
