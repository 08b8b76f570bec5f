/** The assistant in this page's address: the last segment. Empty if it cannot be decoded. */
export function assistantOf({ pathname }: Location): string {
  try {
    return decodeURIComponent(pathname.slice(pathname.lastIndexOf("/") + 1));
  } catch {
    return "";
  }
}
