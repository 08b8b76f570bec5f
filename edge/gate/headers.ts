// Headers of every answer, unless the answer sets them itself.
const HEADERS = Object.entries({
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
});

export function withHeaders(response: Response): Response {
  for (const [name, value] of HEADERS) if (!response.headers.has(name)) response.headers.set(name, value);
  return response;
}
