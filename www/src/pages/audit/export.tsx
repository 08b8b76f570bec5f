// Saves the log: the filtered entries as CSV, and all entries unchanged as JSON, for others to verify.
import { useEffect, useRef, useState } from "react";
import { failureInWords } from "../../data/problems";
import { theOrganization } from "../../data/settings";
import { Button } from "../../ui/button";
import { saveFile, toCsv } from "../../ui/csv-button";
import { useStatus } from "../../lib/status";
import type { FetchedLog } from "./fetched-log";
import { type AuditRow, type NameOf, inWords } from "./rows";

interface Props {
  log: FetchedLog;
  version: number;
  /** The rows for the CSV file. Called when all entries are loaded. */
  rows: () => readonly AuditRow[];
  nameOf: () => NameOf;
  /** Some names are still loading. */
  pending: boolean;
}

const HEADER = ["entry", "time", "who", "id", "what", "kind", "as written"];

export function Export({ log, version, rows, nameOf, pending }: Props) {
  const say = useStatus();
  const [wanted, setWanted] = useState<"csv" | "json">();
  const abort = useRef<AbortController>(undefined);
  useEffect(() => () => abort.current?.abort(), []);

  async function begin(format: "csv" | "json"): Promise<void> {
    const { signal } = (abort.current = new AbortController());
    setWanted(format);
    const entries = await log.all(version, () => {}, signal);
    if (signal.aborted) return;
    if (!entries) {
      setWanted(undefined);
      const { failure } = log.read();
      say(`Nothing was saved. ${failure ? failureInWords(failure) : ""}`);
    } else if (format === "json") {
      setWanted(undefined);
      const events = entries.map(({ version, text }) => ({ version, text }));
      saveFile(
        `audit-${today()}.json`,
        "application/json",
        JSON.stringify({ organization: theOrganization().id, events }, null, 1),
      );
      say(`Saved all ${entries.length} entries as they were written. verifyChain of wicketgate/authority can verify them.`);
    }
  }

  // The rows of newly fetched entries exist only after the next render.
  const complete = log.read().entries[0]?.version === 1;
  useEffect(() => {
    if (wanted !== "csv" || !complete) return;
    setWanted(undefined);
    const lines = rows().map(({ entry, at, actor, who, what, type }) => [
      entry.version,
      at === undefined ? "" : new Date(at * 1000).toISOString(),
      who,
      actor,
      inWords(what, nameOf()),
      type,
      entry.text,
    ]);
    saveFile(`audit-${today()}.csv`, "text/csv;charset=utf-8", toCsv([HEADER, ...lines]));
    say(`Saved ${lines.length} entries as audit-${today()}.csv.`);
  }, [wanted, complete, rows, nameOf, say]);

  return (
    <>
      <Button busy={pending || wanted === "csv"} onClick={() => void begin("csv")}>
        Export CSV
      </Button>
      <Button busy={wanted === "json"} onClick={() => void begin("json")}>
        Export JSON
      </Button>
    </>
  );
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}
