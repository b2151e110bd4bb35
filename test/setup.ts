import { afterAll } from 'vitest';
import { removeTemporaryDirectories } from './temporary.js';

/*
 * Executed for each test file. Modules that the files import are executed once in a process, which
 * runs many of them: an afterAll of theirs would be called for the first file alone.
 */
afterAll(removeTemporaryDirectories);
