/**
 * Types of the platform, from the library that declares them: the DOM's, a Worker's or Node's. Without any library, the part of them that this
 * package uses: its declarations compile in every project.
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
/** A `URL`. */
export type Url = Of<"URL", { readonly href: string }>;
/** An `AbortSignal`. */
export type Signal = Of<"AbortSignal", { readonly aborted: boolean }>;
/** A `Request`. */
export type HttpRequest = Of<"Request", { readonly url: string; readonly method: string }>;
/** A `Response`. */
export type HttpResponse = Of<"Response", { readonly ok: boolean; readonly status: number }>;
/** The platform's `fetch`. */
// biome-ignore lint/suspicious/noExplicitAny: without a declaration of the platform, every `fetch` fits.
export type Fetch = Global extends { readonly fetch: infer Declared } ? Declared : (url: any, init?: any) => Promise<any>;
