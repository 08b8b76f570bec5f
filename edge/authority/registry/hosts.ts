// Hosts in one spelling: lower case, IDNA's ASCII form, without a port. On this machine the port belongs to the host, because each program
// of a developer has its own.
import { isLoopback } from "../loopback";

/** The host in its one spelling; nothing if it is not one. */
export function normalHost(text: string): string | undefined {
  if (!/^[^\s/\\@?#:[\]]{1,253}(:\d{1,5})?$/.test(text) || !URL.canParse(`https://${text}`)) return undefined;
  const { host, hostname } = new URL(`http://${text}`);
  if (isLoopback(hostname)) return host;
  const named = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
  return !text.includes(":") && named.test(hostname) ? hostname : undefined;
}

/** The host of a request's address, in the same spelling. */
export function hostOf(address: string): string {
  const { host, hostname } = new URL(address);
  return isLoopback(hostname) ? host : hostname;
}

/** The origin at which browsers reach a host. */
export function originOf(host: string): string {
  const { protocol, hostname } = new URL(`http://${host}`);
  return isLoopback(hostname) ? `${protocol}//${host}` : `https://${host}`;
}
