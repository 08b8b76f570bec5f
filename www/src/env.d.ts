interface ImportMetaEnv {
  readonly VITE_ISSUER: string;
  readonly VITE_ORGANIZATION: string;
}
