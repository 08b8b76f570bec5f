// Watches the WebAssembly memories that a peer makes. Used in Node and, as text, in a page, so the
// function stands alone.

/** From now on remembers every exported memory; the returned function gives their sizes in bytes. */
export function watchMemories() {
  const found = new Set();
  const keep = (instance) => {
    for (const value of Object.values(instance.exports)) {
      if (value instanceof WebAssembly.Memory) found.add(value);
    }
    return instance;
  };
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    if (!original) continue;
    WebAssembly[name] = async (...args) => {
      const made = await original.apply(WebAssembly, args);
      keep(made.instance ?? made);
      return made;
    };
  }
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct: (target, args) => keep(new target(...args)),
  });
  // A memory never shrinks, so its size at the end is its peak.
  return () => [...found].map((memory) => memory.buffer.byteLength);
}
