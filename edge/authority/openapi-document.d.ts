/** The OpenAPI documents of this Worker; `edge/build.mjs` makes them from `edge/openapi`. */
declare module "openapi-document" {
  export interface ContractDocument {
    /** JSON. */
    text: string;
    /** Its entity tag. */
    etag: string;
  }
  /** Of the hosts of organizations. */
  export const organizations: ContractDocument;
  /** Of the apex. */
  export const apex: ContractDocument;
}
