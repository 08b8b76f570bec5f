"use client";
import { use, useState } from "react";
import { described, snapshotOf, type Given } from "./permissions";

export function Editor(given: Given) {
  const snapshot = use(snapshotOf(given));
  const [clicks, setClicks] = useState(0);
  return (
    <>
      <p data-answer="client component">{described(snapshot)}</p>
      <button onClick={() => setClicks(clicks + 1)}>clicked {clicks}</button>
    </>
  );
}
