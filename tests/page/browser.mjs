// The browser that the page is tested in.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

export function launchBrowser() {
  const candidates = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const executablePath = process.env.CHROME ?? candidates.find((file) => existsSync(file));
  if (!executablePath) throw new Error("no Chromium found: install it, or set CHROME to its path");
  return chromium.launch({ executablePath, args: FLAGS });
}
