// Addresses of websites that may embed an assistant, in words. The authority decides which ones it accepts.
const HOST = /^(\[[0-9a-f:.]+\]|[\w-]+(\.[\w-]+)*\.?)(:\d{1,5})?$/i;

/** What is wrong with an address that the authority has refused. */
export function whatIsWrong(text: string): string | undefined {
  if (text === "*") return undefined;
  if (text === "null") return "Pages without an own address can’t be allowed.";
  const match = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(text);
  if (!match)
    return /^[\w*.-]+(:\d+)?(\/.*)?$/.test(text)
      ? `Begin with https://, as in https://${text.replace(/\/.*$/, "")}.`
      : "Enter an address such as https://docs.acme.example.";
  const [, scheme = "", rest = ""] = match;
  const [host = ""] = rest.split(/[/?#]/);
  if (host.includes("@")) return "Remove the name and password before the @.";
  if (host !== rest) return `Enter only the beginning of the address, for the whole website: ${scheme.toLowerCase()}://${host}.`;
  const wildcard = host.startsWith("*.");
  const bare = wildcard ? host.slice(2) : host;
  if (bare.includes("*")) return "A * is possible only at the beginning, as in https://*.acme.example.";
  if (/[^\x21-\x7e]/.test(bare)) return `Enter the name as browsers send it: ${punycode(bare) ?? "with xn--"}.`;
  if (!HOST.test(bare)) return "This is not the name of a website. Enter a name such as https://docs.acme.example.";
  if (Number(/:(\d+)$/.exec(bare)?.[1] ?? 0) > 65_535) return "This port does not exist.";
  const local = /^localhost(:\d+)?$/i.test(bare) && !wildcard;
  if (scheme.toLowerCase() === "http")
    return local ? undefined : "Only websites with https:// can be allowed; http:// is only for localhost.";
  return scheme.toLowerCase() === "https" ? undefined : "Only websites with https:// can be allowed.";
}

/** What the pattern allows, in words. */
export function whatItAllows(pattern: string): string | undefined {
  if (pattern === "*") return "Every website";
  const [, domain] = /^https:\/\/\*\.(.*)$/i.exec(pattern) ?? [];
  return domain === undefined ? undefined : `Every website below ${domain}, but not ${domain} itself`;
}

/** Whether a page of this origin is on an allowed website. `tests/node/console-rules.test.mjs` compares this with the core. */
export function allows(pattern: string, origin: string): boolean {
  if (pattern === "*") return true;
  const [, scheme, wildcard, host] = /^(https?:\/\/)(\*\.)?(.*)$/i.exec(pattern) ?? [];
  if (scheme === undefined || !URL.canParse(scheme + host)) return false;
  const [allowed, visitor] = [new URL(scheme + host), new URL(origin)];
  if (allowed.protocol !== visitor.protocol || allowed.port !== visitor.port) return false;
  return wildcard === undefined ? allowed.hostname === visitor.hostname : visitor.hostname.endsWith(`.${allowed.hostname}`);
}

function punycode(host: string): string | undefined {
  return URL.canParse(`https://${host}`) ? new URL(`https://${host}`).host : undefined;
}
