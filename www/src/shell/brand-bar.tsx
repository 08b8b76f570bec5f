// The head of pages that stand alone: before anybody has signed in, or without an organization.
export function BrandBar() {
  return (
    <header className="bar">
      <p className="brand">
        <img src="/icon.svg" alt="" width="26" height="26" />
        Wicketgate
      </p>
    </header>
  );
}
