// The size of the script that customers' pages load, built and compressed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { browserFile } from "../../edge/build.mjs";

const MOST = { "widget.ts": 3 * 1024, "frame.ts": 4 * 1024, "share.ts": 4 * 1024, "chat.css": 2 * 1024 };

for (const [name, most] of Object.entries(MOST)) {
  test(`${name} fits into ${most} bytes`, async (context) => {
    const text = await browserFile(name);
    const size = brotliCompressSync(text).length;
    context.diagnostic(`${name}: ${text.length} bytes, ${size} as brotli`);
    assert.ok(size > 100 && size <= most, `${size} bytes`);
  });
}
