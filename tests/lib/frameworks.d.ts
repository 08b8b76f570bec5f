// Types of frameworks that are not installed for the tests, as far as the guides use them. With them the guides' calls of the package are type-checked.

declare module "next" {
  export interface Metadata {
    title?: string;
    description?: string;
  }
}
declare module "next/headers" {
  export function cookies(): Promise<{ get(name: string): { name: string; value: string } | undefined }>;
}
declare module "next/server" {
  export function connection(): Promise<void>;
  export interface NextRequest extends Request {
    cookies: { get(name: string): { name: string; value: string } | undefined };
  }
  export class NextResponse extends Response {
    static next(): NextResponse;
    static redirect(url: URL): NextResponse;
  }
}

declare module "express" {
  function express(): express.Application;
  namespace express {
    interface Request {
      params: { id: string };
      headers: { cookie?: string };
    }
    interface Response {
      status(code: number): Response;
      json(body: unknown): Response;
    }
    type NextFunction = () => void;
    interface Application {
      put(path: string, handler: (request: Request, response: Response) => unknown): void;
      use(handler: (error: Error, request: Request, response: Response, next: NextFunction) => void): void;
      listen(port: number): void;
    }
  }
  export default express;
}
declare module "fastify" {
  interface Reply {
    code(status: number): Reply;
    send(body: unknown): Reply;
  }
  interface Fastify {
    put<Route extends { Params: object }>(
      path: string,
      handler: (request: { params: Route["Params"]; headers: { cookie?: string } }, reply: Reply) => unknown,
    ): void;
    setErrorHandler(handler: (error: Error, request: unknown, reply: Reply) => unknown): void;
    listen(options: { port: number }): Promise<string>;
  }
  export default function fastify(): Fastify;
}

declare module "vitest" {
  export function test(name: string, run: () => unknown): void;
  export function expect(value: unknown): { toBe(expected: unknown): void; toEqual(expected: unknown): void };
}

declare module "@sveltejs/kit" {
  export function json(body: unknown, init?: ResponseInit): Response;
}
declare module "@angular/platform-browser" {
  export function bootstrapApplication(component: unknown, options: { providers: unknown[] }): Promise<unknown>;
}
declare module "*.vue" {
  const component: import("vue").Component;
  export default component;
}

// Nuxt imports these automatically.
declare function defineEventHandler<Answer>(handler: (event: object) => Answer): (event: object) => Answer;
declare function getCookie(event: object, name: string): string | undefined;
declare function getRouterParam(event: object, name: string): string | undefined;
declare function createError(error: { statusCode: number; statusMessage: string }): Error;
declare function defineNuxtPlugin(plugin: (nuxt: { vueApp: import("vue").App }) => Promise<void>): void;
declare function useFetch(
  path: "/api/snapshot",
): Promise<{ data: { value: { token: string; options: import("wicketgate").OpenOptions } | null } }>;

declare const Deno: { serve(options: { port: number }, handler: (request: Request) => Response): void };
declare const Bun: { serve(options: { port: number; fetch(request: Request): Response }): void };
