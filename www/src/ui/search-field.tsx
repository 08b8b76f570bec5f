// Filters what the page shows, while one types.
import { useDeferredValue, useMemo } from "react";
import { Field, type FieldProps } from "./field";

export function SearchField({
  value,
  onChange,
  placeholder,
  ...field
}: FieldProps & { value: string; onChange: (value: string) => void; placeholder?: string }) {
  return (
    <Field {...field}>
      {(control) => (
        <input
          {...control}
          type="search"
          value={value}
          placeholder={placeholder}
          autoComplete="off"
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}

/**
 * The items that contain every word of the search.
 * @param textOf the searched text of an item; the same function in every render
 */
export function useFound<T>(items: readonly T[], search: string, textOf: (item: T) => string): T[] {
  const wanted = useDeferredValue(search).trim().toLowerCase();
  return useMemo(() => {
    const parts = wanted.split(/\s+/);
    return items.filter((item) => {
      const text = textOf(item).toLowerCase();
      return parts.every((part) => text.includes(part));
    });
  }, [items, wanted, textOf]);
}
