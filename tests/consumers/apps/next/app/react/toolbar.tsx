"use client";
import { use, useState } from "react";
import { Can, useWicketgate, Wicketgate } from "wicketgate/react";
import { described, snapshotOf, type Given } from "../permissions";

export function Toolbar(given: Given) {
  const snapshot = use(snapshotOf(given));
  const [clicks, setClicks] = useState(0);
  const me = snapshot.as();
  return <Wicketgate principal={me} snapshot={snapshot}>
    <Answers />
    <Can do="assistant.edit" on={me.list("assistant.edit")[0] ?? ""}><button onClick={() => setClicks(clicks + 1)}>clicked {clicks}</button></Can>
  </Wicketgate>;
}

function Answers() {
  const { snapshot } = useWicketgate();
  return <p data-answer="adapter">{snapshot && described(snapshot)}</p>;
}
