// A progress bar for entries.
const number = new Intl.NumberFormat();

export function Progress({ what, done, of }: { what: string; done: number; of: number }) {
  const words = `${what}: ${number.format(done)} of ${number.format(of)} entries`;
  return (
    <div className="progress">
      <progress value={done} max={of} aria-label={what} />
      <p className="soft">{words}</p>
    </div>
  );
}
