/**
 * How many bytes the multi-byte character at `position` has, as the client's character set has
 * it; 1 for all else, such as a lead byte with no fitting byte behind it.
 */
export type CharacterLength = (bytes: Uint8Array, position: number) => number;
