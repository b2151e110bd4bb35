import { columns } from './columns.js';
import { tables } from './tables.js';
import { words } from './words.js';

/** By axis: a text with a bar for the cursor, and what it becomes when the first candidate is put in. */
export type Cases = Record<string, [string, string][]>;

export const allCases: Cases = { ...tables, ...columns, ...words };
