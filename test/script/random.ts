/**
 * Returns a function for pseudo-random integers from 0 up to, but not including, `limit`. The same
 * seed gives the same sequence.
 */
export function createRandom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % limit;
  };
}
