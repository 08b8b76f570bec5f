// What the build makes of browser/ (see ../build.mjs).
declare module "browser-files" {
  interface BrowserFile {
    text: string;
    /** Of the text. */
    hash: string;
  }

  export const widget: BrowserFile;
  export const frame: BrowserFile;
  export const share: BrowserFile;
  export const chat: BrowserFile;
}
