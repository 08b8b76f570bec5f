/** Brings a WebAssembly module up: once, whoever asks; again after a failure; at once where a module is given. */
import { isA, isBufferSource } from "../lib/bytes.js";
import { WicketgateError, quote, reasonOf } from "../lib/error.js";
import type { Buffer, HttpResponse, WasmModule } from "../lib/platform.js";

/** A module, or its bytes, or where they come from. */
export type WasmSource = WasmModule | Buffer | HttpResponse;

/** What tells where a module is. */
type Provider = () => WasmSource | Promise<WasmSource>;

/** The bindings of a module: what it imports, and what takes over an instance of it. */
export interface Bindings {
  imports: () => object;
  started: (instance: object) => unknown;
}

export class Runtime {
  #bindings: Bindings;
  #up: () => void;
  #source: Provider | undefined;
  #other: Provider | undefined;
  #ready = false;
  #flight: Promise<void> | undefined;

  /** `up` is called once it runs. */
  constructor(bindings: Bindings, up: () => void = () => {}) {
    this.#bindings = bindings;
    this.#up = up;
  }

  /** Says where the module comes from when nobody gives one, and where from if it is not there: bundlers lose files that they do not know. */
  provide(source: Provider, other?: Provider): void {
    this.#source = source;
    this.#other = other;
  }

  /** Throws `not_initialized` unless the module is up. */
  require(): void {
    if (!this.#ready) throw new WicketgateError("not_initialized", "the WebAssembly module is not loaded yet: await `init()`");
  }

  /** Brings the module up from a module or bytes, now. Does nothing if it is up. */
  initSync(module: WasmModule | Buffer): void {
    if (this.#ready) return;
    try {
      const { Module, Instance } = engine();
      const compiled = isBufferSource(module) ? new Module(module as BufferSource) : (module as WebAssembly.Module);
      this.#start(new Instance(compiled, this.#bindings.imports() as WebAssembly.Imports));
    } catch (cause) {
      throw failed(cause);
    }
  }

  /** Brings the module up from `source`, or from where it is provided. Callers at the same time share one attempt. */
  init(source?: WasmSource | Promise<WasmSource>): Promise<void> {
    if (this.#ready) return Promise.resolve();
    this.#flight ??= this.#load(source).finally(() => (this.#flight = undefined));
    return this.#flight;
  }

  async #load(given: WasmSource | Promise<WasmSource> | undefined): Promise<void> {
    if (given === undefined && this.#source === undefined) this.require();
    try {
      const source = given === undefined ? await this.#provided() : await contentOf(await given);
      const imports = this.#bindings.imports() as WebAssembly.Imports;
      // At once only where there is no other way: Chromium before 115 forbids it to pages. And one look at `Response` costs Node 40 ms.
      const started = isA("Response", source)
        ? engine().instantiateStreaming(source, imports)
        : engine().instantiate(source, imports);
      const result = (await started) as WebAssembly.Instance | WebAssembly.WebAssemblyInstantiatedSource;
      this.#start("instance" in result ? result.instance : result);
    } catch (cause) {
      if (!this.#ready) throw failed(cause); // Otherwise `initSync` was faster.
    }
  }

  /** From where the module is, or else from the other place. If there is none either, what the first said counts. */
  async #provided(): Promise<Content> {
    try {
      return await contentOf(await this.#source!());
    } catch (cause) {
      try {
        if (this.#other !== undefined) return await contentOf(await this.#other());
      } catch {
        // Then it is as far away as the first.
      }
      throw cause;
    }
  }

  #start(instance: object): void {
    if (this.#ready) return;
    this.#bindings.started(instance);
    this.#up();
    this.#ready = true;
  }
}

/** What can be instantiated: a module, its bytes, or an answer that says that it is one. */
type Content = BufferSource & WebAssembly.Module & Response;

/**
 * By what the source is, not by whose class: the module of a frame, of a test runner or of a sandbox is one too.
 * @throws if what came back is no module, with what it is.
 */
async function contentOf(source: WasmSource): Promise<Content> {
  if (isA("WebAssembly.Module", source) || isBufferSource(source)) return source as Content;
  if (!isA("Response", source)) throw new TypeError("expected a WebAssembly.Module, its bytes or a Response");
  const { ok, url, status, headers } = source as Response;
  if (!ok) throw new Error(`${url} answered ${status}`);
  const type = headers.get("content-type");
  // Another realm's is no stream to this one. And to look at that global costs Node 40 ms.
  if (type?.startsWith("application/wasm") && source instanceof Response) return source as Content;
  const bytes = await (source as Response).arrayBuffer();
  if (new TextDecoder().decode(bytes.slice(0, 4)) !== "\0asm")
    throw new Error(`${url} answered with ${type === null ? "something else" : quote(type)}`);
  return bytes as Content;
}

/** `WebAssembly`, under no name that bundlers look for: some refuse what compiles, and here that is for platforms where it may. */
function engine(): typeof WebAssembly {
  const engine = Reflect.get(globalThis, "WebAssembly") as typeof WebAssembly | undefined;
  if (engine === undefined) throw new Error("this engine has no WebAssembly");
  return engine;
}

function failed(cause: unknown): WicketgateError {
  return new WicketgateError("load_failed", `the WebAssembly module could not be loaded: ${reasonOf(cause)}`, { cause });
}
