"use client";
import { useState } from "react";
import { Can, useWicketgate } from "wicketgate/react";
import { described } from "../permissions";

export function Toolbar({ assistant }: { assistant: string }) {
  const { snapshot } = useWicketgate();
  const [clicks, setClicks] = useState(0);
  return (
    <>
      <p data-answer="adapter">{snapshot && described(snapshot)}</p>
      <Can do="assistant.edit" on={assistant}>
        <button onClick={() => setClicks(clicks + 1)}>clicked {clicks}</button>
      </Can>
    </>
  );
}
