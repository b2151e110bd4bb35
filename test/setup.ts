import { afterAll } from 'vitest';
import { removeTemporaryDirectories } from './temporary-directory.js';

/*
 * Runs for each test file. A process runs many test files but executes a module that they import only
 * once, so an afterAll in such a module would be called only for the first file.
 */
afterAll(removeTemporaryDirectories);
