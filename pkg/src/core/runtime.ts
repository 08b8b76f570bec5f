/** Loads a WebAssembly module: once, however many callers there are; again after a failure; synchronously if a module is given. */
import { isA, isBufferSource } from "../lib/bytes.js";
import { WicketgateError, quote, reasonOf } from "../lib/error.js";
import type { Buffer, HttpResponse, WasmModule } from "../lib/platform.js";

/** A compiled module, its bytes, or the `Response` that brings them. */
export type WasmSource = WasmModule | Buffer | HttpResponse;

/** Returns the module, or the place that it is fetched from. */
type Provider = () => WasmSource | Promise<WasmSource>;

/** The generated bindings of a module: its imports, and the function that takes over a new instance. */
export interface Bindings {
  imports: () => object;
  started: (instance: object) => unknown;
}

export class Runtime<Core extends Bindings = Bindings> {
  #make: () => Core;
  #core: Core | undefined;
  #started: (core: Core) => void;
  #source: Provider | undefined;
  #fallback: Provider | undefined;
  #ready = false;
  #flight: Promise<void> | undefined;

  /** @param bindings makes the bindings of one instance. @param started called once, when the module runs. */
  constructor(bindings: () => Core, started: (core: Core) => void = () => {}) {
    this.#make = bindings;
    this.#started = started;
  }

  /** The functions of the module. They may be called once it is {@link ready}. */
  get core(): Core {
    return (this.#core ??= this.#make());
  }

  /** Whether the module runs. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Whether it has a default source. */
  get provided(): boolean {
    return this.#source !== undefined;
  }

  /** Sets the default source, and a fallback for bundlers that leave the `.wasm` file behind. */
  provide(source: Provider, fallback?: Provider): void {
    this.#source = source;
    this.#fallback = fallback;
  }

  /** @throws {WicketgateError} `not_initialized` if the module is not loaded. */
  require(): void {
    if (!this.#ready) throw new WicketgateError("not_initialized", "the WebAssembly module is not loaded yet: await `init()`");
  }

  /** Loads the module synchronously, from a compiled module or its bytes. Does nothing if it is loaded. */
  initSync(module: WasmModule | Buffer): void {
    if (this.#ready) return;
    try {
      const { Module, Instance } = engine();
      const compiled = isBufferSource(module) ? new Module(module as BufferSource) : (module as WebAssembly.Module);
      this.#start(new Instance(compiled, this.core.imports() as WebAssembly.Imports));
    } catch (cause) {
      throw failed(cause);
    }
  }

  /** Loads the module from `source` or the default source. Calls at the same time share one attempt. */
  init(source?: WasmSource | Promise<WasmSource>): Promise<void> {
    if (this.#ready) return Promise.resolve();
    this.#flight ??= this.#load(source).finally(() => (this.#flight = undefined));
    return this.#flight;
  }

  async #load(source: WasmSource | Promise<WasmSource> | undefined): Promise<void> {
    if (source === undefined && this.#source === undefined) this.require();
    try {
      const content = source === undefined ? await this.#provided() : await contentOf(await source);
      const imports = this.core.imports() as WebAssembly.Imports;
      // Asynchronously, because Chromium before 115 forbids the synchronous way to pages. `instanceof Response` would cost Node 40 ms.
      const started = isA("Response", content)
        ? engine().instantiateStreaming(content, imports)
        : engine().instantiate(content, imports);
      const result = (await started) as WebAssembly.Instance | WebAssembly.WebAssemblyInstantiatedSource;
      this.#start("instance" in result ? result.instance : result);
    } catch (cause) {
      if (!this.#ready) throw failed(cause); // Otherwise `initSync` was faster.
    }
  }

  /** The content of the default source, or of the fallback. If both fail, throws the error of the default source. */
  async #provided(): Promise<Content> {
    try {
      return await contentOf(await this.#source!());
    } catch (cause) {
      try {
        if (this.#fallback !== undefined) return await contentOf(await this.#fallback());
      } catch {
        // The first error says more.
      }
      throw cause;
    }
  }

  #start(instance: object): void {
    if (this.#ready) return;
    this.core.started(instance);
    this.#started(this.core);
    this.#ready = true;
  }
}

/** A module, its bytes, or a response of type `application/wasm`. */
type Content = BufferSource & WebAssembly.Module & Response;

/**
 * Recognizes the kind of source. Modules and responses of other realms (frames, test runners, sandboxes) count too.
 * @throws if the source is no module; the message says what it is.
 */
async function contentOf(source: WasmSource): Promise<Content> {
  if (isA("WebAssembly.Module", source) || isBufferSource(source)) return source as Content;
  if (!isA("Response", source)) throw new TypeError("expected a WebAssembly.Module, its bytes or a Response");
  const { ok, url, status, headers } = source as Response;
  if (!ok) throw new Error(`${url} answered ${status}`);
  const type = headers.get("content-type");
  // A response of another realm cannot be streamed here. Tested last, because the first use of this global costs Node 40 ms.
  if (type?.startsWith("application/wasm") && source instanceof Response) return source as Content;
  const bytes = await (source as Response).arrayBuffer();
  if (new TextDecoder().decode(bytes.slice(0, 4)) !== "\0asm")
    throw new Error(`${url} answered with ${type === null ? "something else" : quote(type)}`);
  return bytes as Content;
}

/** `WebAssembly`, read in a way that bundlers do not see: some refuse code that compiles modules, which is for other platforms here. */
function engine(): typeof WebAssembly {
  const engine = Reflect.get(globalThis, "WebAssembly") as typeof WebAssembly | undefined;
  if (engine === undefined) throw new Error("this engine has no WebAssembly");
  return engine;
}

function failed(cause: unknown): WicketgateError {
  return new WicketgateError("load_failed", `the WebAssembly module could not be loaded: ${reasonOf(cause)}`, { cause });
}
