// The expiry of a role that is given or changed. A present role keeps its expiry unless another is chosen. For an expired role, an expiry
// must be chosen. A new role starts without expiry.
import { useState } from "react";
import type { Holding } from "wicketgate";
import { DateField, type End } from "../../ui/date-field";
import { timeInWords } from "../../lib/time";
import { roleName } from "../../why/words";
import { hasExpired } from "./holdings";

export interface ExpiryChoice {
  /** Identifies the present role: for another one, the field starts again. */
  about: string;
  /** Absent: it must be chosen. */
  value: End | undefined;
  /** The expiry now. */
  present: End | undefined;
  choose: (end: End) => void;
}

/** @param held the person's present role, which the new one replaces */
export function useExpiry(held: Holding | undefined): ExpiryChoice {
  const [choice, setChoice] = useState<{ about: string; end: End }>();
  const about = held === undefined ? "" : JSON.stringify([held.user, held.role]);
  const present = held === undefined || hasExpired(held) ? undefined : (held.expires ?? null);
  const initial = held === undefined ? null : present;
  return { about, present, value: choice?.about === about ? choice.end : initial, choose: (end) => setChoice({ about, end }) };
}

export function ExpiryField({ end: { about, value, present, choose } }: { end: ExpiryChoice }) {
  return <DateField key={about} label="Expires" value={value} present={present} onChange={choose} />;
}

/** The person's present role, before it is changed. */
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
