// The files that browsers load: the widget's script for customers' pages, and the scripts and styles of the gate's pages.
import { type BrowserFile, chat, frame, share, widget } from "browser-files";
import { heldTags } from "../shared/entity-tags";

const TYPES = { js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8" };

/** Address of a page's file. It contains a hash of the content, so caches may keep the file for ever. */
export function assetPath(name: string, type: keyof typeof TYPES, { hash }: BrowserFile): string {
  return `/embed/assets/${name}.${hash}.${type}`;
}

const ASSETS = new Map([
  [assetPath("frame", "js", frame), { text: frame.text, type: TYPES.js }],
  [assetPath("share", "js", share), { text: share.text, type: TYPES.js }],
  [assetPath("chat", "css", chat), { text: chat.text, type: TYPES.css }],
]);

export function assetResponse(path: string): Response | undefined {
  const asset = ASSETS.get(path);
  return (
    asset &&
    new Response(asset.text, {
      headers: { "Content-Type": asset.type, "Cache-Control": "public, max-age=31536000, immutable" },
    })
  );
}

const WIDGET_TAG = `"${widget.hash}"`;

/** The widget's script. Any cache may keep it, because it is equal for everybody, but not for long, because its address never changes. */
export function widgetResponse(request: Request): Response {
  const headers = {
    "Cache-Control": "public, max-age=3600, stale-while-revalidate=86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
    ETag: WIDGET_TAG,
  };
  if (heldTags(request.headers).includes(WIDGET_TAG)) return new Response(null, { status: 304, headers });
  return new Response(widget.text, { headers: { ...headers, "Content-Type": TYPES.js } });
}
