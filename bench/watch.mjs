// Watches the WebAssembly memories of a peer. The function depends on nothing else, because it is used in Node and, as text, in a page.

/** Records every memory that is exported from now on. @returns a function that gives their sizes in bytes */
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
