/** In place of mysql2's channels for programs that watch it, which are made at once: nobody does. */
export function shouldTrace(): boolean {
  return false;
}
