// The only exception for development: this machine may be reached without encryption, nothing else.

/** Whether a host name means this machine. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(hostname);
}
