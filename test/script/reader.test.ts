import { describe, expect, it } from 'vitest';
import { allCases } from './cases/index.js';
import { readScript } from './read-script.js';

describe.each(Object.entries(allCases))('ScriptReader reads a script: %s', (_topic, cases) => {
  it.each(cases.map((row) => [JSON.stringify([row[0], row[2]]), row] as const))(
    '%s',
    (_name, [script, items, options]) => {
      expect(readScript(script, options)).toEqual(items);
    },
  );
});
