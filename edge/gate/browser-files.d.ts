// The files that the build makes from browser/ (see ../build.mjs).
declare module "browser-files" {
  interface BrowserFile {
    text: string;
    /** Hash of the text. */
    hash: string;
  }

  export const widget: BrowserFile;
  export const frame: BrowserFile;
  export const share: BrowserFile;
  export const chat: BrowserFile;
}
