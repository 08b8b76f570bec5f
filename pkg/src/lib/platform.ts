/**
 * Types of the platform, from whichever library declares them: the DOM's, a Worker's, Node's. Where none does, what this package uses of them:
 * the declarations need no library at all.
 */

type Global = typeof globalThis;
/** The instances of a global class. */
type Of<Name extends string, Instead> = Global extends { readonly [name in Name]: { prototype: infer Instance } }
  ? Instance
  : Instead;

/** A compiled `WebAssembly.Module`. */
export type WasmModule = Global extends { readonly WebAssembly: { Module: { prototype: infer Instance } } } ? Instance : object;
/** Bytes, or a view of some. */
export type Buffer = ArrayBuffer | ArrayBufferView;
/** An address. */
export type Url = Of<"URL", { readonly href: string }>;
/** Tells when to give up. */
export type Signal = Of<"AbortSignal", { readonly aborted: boolean }>;
/** A request of HTTP. */
export type HttpRequest = Of<"Request", { readonly url: string; readonly method: string }>;
/** An answer of HTTP. */
export type HttpResponse = Of<"Response", { readonly ok: boolean; readonly status: number }>;
/** The platform's `fetch`. */
// biome-ignore lint/suspicious/noExplicitAny: without a declaration of the platform, every `fetch` fits.
export type Fetch = Global extends { readonly fetch: infer Declared } ? Declared : (url: any, init?: any) => Promise<any>;
