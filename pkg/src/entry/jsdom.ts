/** Jest's jsdom is Node without these two globals, which every other platform has. */
const platform = globalThis as { TextDecoder?: unknown; TextEncoder?: unknown };
if (platform.TextDecoder === undefined || platform.TextEncoder === undefined) {
  // Not imported: whatever bundles this for a server would have to know it.
  const { TextDecoder, TextEncoder } = process.getBuiltinModule("node:util");
  platform.TextDecoder ??= TextDecoder;
  platform.TextEncoder ??= TextEncoder;
}
