// The samples of one measure, from the results of a run.

/** The samples of a peer at a size; undefined if it was not measured. */
export function samples({ bytes, wire, cold, can, list, memory }, measure, size, id) {
  const all = {
    bytes: () => bytes[id] && [bytes[id].brotli],
    wire: () => wire[size]?.[id] && [wire[size][id].brotli],
    cold: () => cold[size]?.[id]?.map(({ total }) => total),
    early: () => cold[size]?.[id]?.map(({ early }) => early),
    can: () => can[size]?.[id],
    list: () => list[size]?.[id],
    memory: () => memory[size]?.[id] && [memory[size][id].total],
  };
  return all[measure]();
}
