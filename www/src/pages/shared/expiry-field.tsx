// When a role ends that is given or changed. What somebody has already keeps its end unless another is chosen; what has ended begins with
// no choice made; what is new is without end, and says so.
import { useState } from "react";
import type { Holding } from "wicketgate";
import { DateField, type End } from "../../ui/date-field";
import { timeInWords } from "../../lib/time";
import { roleName } from "../../why/words";
import { hasExpired } from "./holdings";

export interface ExpiryChoice {
  /** Names what it is about: a field for something else begins anew. */
  about: string;
  /** Absent: it has to be chosen. */
  value: End | undefined;
  /** What it is now. */
  present: End | undefined;
  choose: (end: End) => void;
}

/** @param held what the person has now, which the new one takes the place of */
export function useExpiry(held: Holding | undefined): ExpiryChoice {
  const [choice, setChoice] = useState<{ about: string; end: End }>();
  const about = held === undefined ? "" : JSON.stringify([held.user, held.role]);
  const present = held === undefined || hasExpired(held) ? undefined : (held.expires ?? null);
  const begun = held === undefined ? null : present;
  return { about, present, value: choice?.about === about ? choice.end : begun, choose: (end) => setChoice({ about, end }) };
}

export function ExpiryField({ end: { about, value, present, choose } }: { end: ExpiryChoice }) {
  return <DateField key={about} label="Expires" value={value} present={present} onChange={choose} />;
}

/** What somebody has now, before it is changed. */
export function CurrentRole({ name, held }: { name: string; held: Holding | undefined }) {
  if (held === undefined) return null;
  const words = `${roleName(held.role)} ${endInWords(held.expires)}`;
  return (
    <p className="soft" role="status">
      {hasExpired(held)
        ? `${name} was ${words}. That role has expired. Choose when the new one expires.`
        : `Present role of ${name}: ${words}.`}
    </p>
  );
}

/** "until 3 December 2026, 10:00", "without expiry" */
export function endInWords(expires: number | undefined): string {
  return expires === undefined ? "without expiry" : `until ${timeInWords(expires)}`;
}
