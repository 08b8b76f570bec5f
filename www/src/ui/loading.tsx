// A placeholder while something loads.
export function Loading({ what = "Loading" }: { what?: string }) {
  return (
    <div className="loading">
      <p role="status">{what}…</p>
      <div aria-hidden="true" className="skeleton" />
      <div aria-hidden="true" className="skeleton" />
      <div aria-hidden="true" className="skeleton" />
    </div>
  );
}
