/** `signal.throwIfAborted()`, for engines that have signals but not this method: Chrome before 100, Firefox before 97. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw signal.reason ?? new DOMException("The operation was aborted.", "AbortError");
}
