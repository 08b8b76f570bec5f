/** The OpenAPI document of this Worker; `edge/build.mjs` makes it from `edge/openapi`. */
declare module "openapi-document" {
  export const contract: {
    /** JSON. */
    text: string;
    /** Its entity tag. */
    etag: string;
  };
}
