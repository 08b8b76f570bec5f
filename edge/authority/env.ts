export interface Env {
  /** Key `facts`: the organization's document; its metadata holds the version. */
  DIRECTORY: KVNamespace;
  /** Key `gate:<assistant>`: the snapshot of one public assistant. */
  GATE: KVNamespace;
  /** Secret: the private JWK that signs. */
  SIGNING_KEY: string;
  ISSUER: string;
  /** `on` lets anybody be anybody with `?as=`: for development alone, and absent otherwise. */
  DEVELOPMENT_SIGN_IN?: string;
}
