import { columns } from './columns.js';
import { tables } from './tables.js';
import { words } from './words.js';

/**
 * By topic: a text in which a bar marks the cursor, and the same with the first candidate inserted.
 */
export type Cases = Record<string, [string, string][]>;

export const allCases: Cases = { ...tables, ...columns, ...words };
