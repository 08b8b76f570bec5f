// Opens the page of something that was just made, as soon as the person's own snapshot has it.
import { useEffect, useState } from "react";
import { useLocation } from "wouter";

/** @returns whether it is waited for, and what is told the id */
export function useCreatedPage(path: string, known: (id: string) => boolean): [boolean, (id: string) => void] {
  const [made, openCreated] = useState<string>();
  const [, navigate] = useLocation();
  const there = made !== undefined && known(made);
  useEffect(() => {
    if (there) navigate(`${path}/${encodeURIComponent(made)}`);
  }, [there, made, path, navigate]);
  return [made !== undefined, openCreated];
}
