/** `signal.throwIfAborted()`, which engines have had for a shorter time than signals: Chrome since 100, Firefox since 97. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw signal.reason ?? new DOMException("The operation was aborted.", "AbortError");
}
