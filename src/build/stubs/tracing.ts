/** Replaces mysql2's tracing, which creates diagnostics channels at its start: nothing reads them. */
export function shouldTrace(): boolean {
  return false;
}
