/** Brings a WebAssembly module up: once, whoever asks; again after a failure; at once where a module is given. */
import { isA, isBufferSource } from "./bytes.js";
import { WicketgateError, reasonOf } from "./error.js";

/** A module, or its bytes, or where they come from. */
export type WasmSource = WebAssembly.Module | BufferSource | Response;

export class Runtime {
  #instantiate: (module: WebAssembly.Module) => unknown;
  #source: (() => WasmSource | Promise<WasmSource>) | undefined;
  #ready = false;
  #flight: Promise<void> | undefined;

  /** `instantiate` is called once. */
  constructor(instantiate: (module: WebAssembly.Module) => unknown) {
    this.#instantiate = instantiate;
  }

  /** Says where the module comes from when nobody gives one. */
  provide(source: () => WasmSource | Promise<WasmSource>): void {
    this.#source = source;
  }

  /** Throws `not_initialized` unless the module is up. */
  require(): void {
    if (!this.#ready) throw new WicketgateError("not_initialized", "the WebAssembly module is not loaded yet: await `init()`");
  }

  /** Brings the module up from a module or bytes, now. Does nothing if it is up. */
  initSync(module: WebAssembly.Module | BufferSource): void {
    if (this.#ready) return;
    try {
      this.#instantiate(isBufferSource(module) ? new WebAssembly.Module(module) : module);
    } catch (cause) {
      throw failed(cause);
    }
    this.#ready = true;
  }

  /** Brings the module up from `source`, or from where it is provided. Callers at the same time share one attempt. */
  init(source?: WasmSource | Promise<WasmSource>): Promise<void> {
    if (this.#ready) return Promise.resolve();
    this.#flight ??= this.#load(source).finally(() => (this.#flight = undefined));
    return this.#flight;
  }

  async #load(given: WasmSource | Promise<WasmSource> | undefined): Promise<void> {
    const source = given ?? this.#source;
    if (source === undefined) this.require();
    let module: WebAssembly.Module;
    try {
      module = await compile(await (typeof source === "function" ? source() : source!));
    } catch (cause) {
      if (this.#ready) return; // `initSync` was faster.
      throw failed(cause);
    }
    this.initSync(module);
  }
}

function failed(cause: unknown): WicketgateError {
  return new WicketgateError("load_failed", `the WebAssembly module could not be loaded: ${reasonOf(cause)}`, { cause });
}

/** By what the source is, not by whose class: the module of a frame, of a test runner or of a sandbox is one too. */
async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  if (isA("WebAssembly.Module", source)) return source as WebAssembly.Module;
  if (isBufferSource(source)) return WebAssembly.compile(source);
  if (!isA("Response", source)) throw new TypeError("expected a WebAssembly.Module, its bytes or a Response");
  const { ok, url, status, headers } = source as Response;
  if (!ok) throw new Error(`${url} answered ${status}`);
  // Another realm's is no stream to this one. And to look at that global costs Node 40 ms.
  const streams = headers.get("content-type")?.startsWith("application/wasm") && source instanceof Response;
  return streams ? WebAssembly.compileStreaming(source) : WebAssembly.compile(await (source as Response).arrayBuffer());
}
