// The whole review as one table.
import type { CsvCell } from "../../ui/csv-button";
import type { Finding, Section } from "./findings";
import { SECTIONS } from "./findings";

export const HEADER = [
  "part",
  "person or link",
  "user id",
  "role or level",
  "on",
  "on (id)",
  "mark",
  "why",
  "last seen or expires",
];

export function csvRows(findings: Record<Section, readonly Finding[]>): CsvCell[][] {
  return (Object.keys(SECTIONS) as Section[]).flatMap((section) =>
    findings[section].map(({ name, person, role, thing, flag, why, at }) => [
      SECTIONS[section],
      name,
      person,
      role,
      thing?.name,
      thing && `${thing.kind}:${thing.id}`,
      flag,
      why,
      at === undefined ? undefined : new Date(at * 1000).toISOString(),
    ]),
  );
}
