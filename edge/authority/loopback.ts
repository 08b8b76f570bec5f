// The only exception for development: this machine may be reached without encryption, nothing else.

/** Whether a host name means this machine. */
export function isLoopback(hostname: string): boolean {
  // RFC 6761, section 6.3: `localhost` and the names below it.
  return /^(([a-z0-9-]+\.)*localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(hostname);
}
