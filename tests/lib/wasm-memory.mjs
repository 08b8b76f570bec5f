// The memory of the WebAssembly module that is instantiated next.

/** Watches instantiations from now on. `memory` is that of the last one; `stop` ends it. */
export function watchMemory() {
  const { instantiate } = WebAssembly;
  const watch = {
    memory: undefined,
    stop: () => {
      WebAssembly.instantiate = instantiate;
    },
  };
  WebAssembly.instantiate = async (...given) => {
    const started = await instantiate(...given);
    watch.memory = Object.values(started.instance.exports).find((exported) => exported instanceof WebAssembly.Memory);
    return started;
  };
  return watch;
}
