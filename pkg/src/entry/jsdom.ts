/** Adds two globals that every platform has except Jest's jsdom, which is Node without them. */
const platform = globalThis as { TextDecoder?: unknown; TextEncoder?: unknown };
if (platform.TextDecoder === undefined || platform.TextEncoder === undefined) {
  // Not by `import`: a bundler for servers would have to know the module.
  const { TextDecoder, TextEncoder } = process.getBuiltinModule("node:util");
  platform.TextDecoder ??= TextDecoder;
  platform.TextEncoder ??= TextEncoder;
}
