/** The assistant that the address of this page names: its last segment. What is no text names none. */
export function assistantOf({ pathname }: Location): string {
  try {
    return decodeURIComponent(pathname.slice(pathname.lastIndexOf("/") + 1));
  } catch {
    return "";
  }
}
