// What somebody who is not signed in gets from the gate: the share links of the demonstration, and the widget in a frame.
import { useState } from "react";
import type { AssistantRow } from "./assistant-list";
import type { DemoLink } from "./api";

export function VisitorView({ row, links }: { row: AssistantRow; links: DemoLink[] }) {
  const [embedding, setEmbedding] = useState(false);
  const address = `/a/${encodeURIComponent(row.id)}`;
  return (
    <>
      <h3>What a visitor gets</h3>
      <ul className="links">
        {links.map(({ link, level, key, expired }) => (
          <li key={link}>
            <a href={`${address}?key=${encodeURIComponent(key)}`} target="_blank" rel="noreferrer">
              Open the {expired ? "expired " : ""}{level} link
            </a>
          </li>
        ))}
        <li><a href={address} target="_blank" rel="noreferrer">Open without a key</a></li>
      </ul>
      <button type="button" aria-expanded={embedding} onClick={() => setEmbedding(!embedding)}>
        {embedding ? "Hide the embedded widget" : "Try to embed it in this page"}
      </button>
      {embedding && (
        <iframe
          key={row.id}
          title={`${row.name}, embedded`}
          src={`/embed/${encodeURIComponent(row.id)}`}
          referrerPolicy="origin"
          sandbox=""
        />
      )}
    </>
  );
}
