// Opens the page of a new team or assistant as soon as the person's own snapshot contains it.
import { useEffect, useState } from "react";
import { useLocation } from "wouter";

/**
 * @param isKnown whether the snapshot contains the id
 * @returns whether a page is about to open, and the function that takes the new id
 */
export function useCreatedPage(path: string, isKnown: (id: string) => boolean): [boolean, (id: string) => void] {
  const [created, openCreated] = useState<string>();
  const [, navigate] = useLocation();
  const ready = created !== undefined && isKnown(created);
  useEffect(() => {
    if (ready) navigate(`${path}/${encodeURIComponent(created)}`);
  }, [ready, created, path, navigate]);
  return [created !== undefined, openCreated];
}
