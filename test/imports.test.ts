import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';

/*
 * Checks which directories of src may import which, and that no imports form a cycle. A new pair is
 * a decision about the architecture: add it here. A directory may import only those listed before
 * it.
 */

/**
 * The directories, the lowest layer first, and the directories that each may import besides itself
 * and the files directly in `src/`. `types`: it may import only types from these.
 */
const layers: Record<string, { imports: string[]; types?: string[] }> = {
  protocol: { imports: [] },
  text: { imports: [] },
  files: { imports: [] },
  spill: { imports: ['text'] },
  wikis: { imports: ['text'] },
  script: { imports: ['protocol'], types: ['text'] },
  target: { imports: ['text', 'wikis'] },
  progress: { imports: [] },
  output: { imports: ['files', 'protocol', 'text'] },
  cli: { imports: ['output', 'target', 'text', 'wikis'] },
  replica: { imports: ['protocol', 'spill', 'target', 'text'], types: ['cli'] },
  completion: { imports: ['protocol', 'script', 'text'] },
  terminal: { imports: ['files', 'text'] },
  provenance: { imports: ['cli', 'files', 'output', 'text'] },
  session: {
    imports: [
      ...[
        'cli',
        'files',
        'output',
        'progress',
        'protocol',
        'provenance',
        'replica',
        'script',
        'target',
        'text',
        'wikis',
      ],
    ],
  },
  shell: {
    imports: [
      ...[
        'cli',
        'completion',
        'files',
        'output',
        'protocol',
        'script',
        'session',
        'spill',
        'target',
        'terminal',
        'text',
        'wikis',
      ],
    ],
    types: ['replica'],
  },
  fanout: {
    imports: [
      ...[
        'cli',
        'files',
        'output',
        'progress',
        'protocol',
        'provenance',
        'replica',
        'script',
        'session',
        'spill',
      ],
      ...['target', 'text', 'wikis'],
    ],
  },
  library: {
    imports: [
      ...['cli', 'fanout', 'output', 'protocol', 'session', 'spill', 'target', 'text', 'wikis'],
    ],
    types: ['replica'],
  },
};

/** Names that the library exports for its public API, and the program for an internal export. */
const publicCounterparts = ['Column', 'Endpoint', 'Target', 'WikiOutcome', 'resolveTarget'];

/**
 * Directories that start or build the program and may import all of it; src/wasm is not TypeScript.
 */
const unchecked = ['build', 'launch', 'wasm'];

const src = join(import.meta.dirname, '../src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !unchecked.includes(file.split('/')[0] ?? ''))
  .map((file) => ({ file, text: readFileSync(join(src, file), 'utf8') }));

interface Import {
  from: string;
  to: string;
  /** Only types are imported. */
  isType: boolean;
}

function importsOf({ file, text }: { file: string; text: string }): Import[] {
  const clause =
    /(?:import|export)\s+(type\s)?([^;'"]*?)from\s+'(\.[^']+)'|import\(\s*'(\.[^']+)'/g;
  return [...text.matchAll(clause)].map(([, type, names = '', path, late]) => {
    const to = relative(src, join(src, dirname(file), path ?? late ?? '')).replace(/\.js$/, '.ts');
    const [, list] = /^\{(.*)\}\s*$/s.exec(names) ?? [];
    const each = list?.split(',').filter((name) => name.trim() !== '');
    const isType = type !== undefined || each?.every((name) => /^\s*type\s/.test(name)) === true;
    return { from: file, to, isType };
  });
}

const imports = files.flatMap(importsOf).filter(({ to }) => !to.startsWith('..'));
const directoryOf = (file: string) => (file.includes('/') ? (file.split('/')[0] ?? '') : '');

it('lists every directory as a layer', () => {
  const found = new Set(files.map(({ file }) => directoryOf(file)).filter((name) => name !== ''));
  expect([...found].sort()).toEqual(Object.keys(layers).sort());
});

it('allows a layer to import only lower layers', () => {
  const names = Object.keys(layers);
  for (const [name, { imports, types = [] }] of Object.entries(layers)) {
    const lower = names.slice(0, names.indexOf(name));
    expect([name, [...imports, ...types].filter((other) => !lower.includes(other))]).toEqual([
      name,
      [],
    ]);
  }
});

it('finds no import that is not allowed', () => {
  const forbidden = imports.filter(({ from, to, isType }) => {
    const [own, other] = [directoryOf(from), directoryOf(to)];
    if (own === other || other === '' || own === '') return false;
    const { imports: allowed, types = [] } = layers[own] ?? { imports: [] };
    return !(allowed.includes(other) || (isType && types.includes(other)));
  });
  expect(forbidden).toEqual([]);
});

it('allows no import between layers that is not used', () => {
  for (const [name, { imports: allowed, types = [] }] of Object.entries(layers)) {
    const used = (other: string, isType: boolean) =>
      imports.some(
        ({ from, to, ...one }) =>
          directoryOf(from) === name && directoryOf(to) === other && one.isType === isType,
      );
    expect([name, allowed.filter((other) => !used(other, false))]).toEqual([name, []]);
    expect([name, types.filter((other) => !used(other, true))]).toEqual([name, []]);
  }
});

it('finds no import of a directory in the files directly in src, except main.ts and program.ts', () => {
  const others = imports.filter(
    ({ from, to }) =>
      directoryOf(from) === '' &&
      directoryOf(to) !== '' &&
      from !== 'program.ts' &&
      from !== 'main.ts',
  );
  expect(others).toEqual([]);
});

it('finds no cycle of imports, not even of types', () => {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const visit = (file: string, path: string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const to of next.get(file) ?? []) {
      const cycle = visit(to, [...path, file]);
      if (cycle.length > 0) return cycle;
    }
    done.add(file);
    return [];
  };
  for (const { file } of files) expect(visit(file, [])).toEqual([]);
});

it('finds no name that two files export', () => {
  const exported =
    /^export\s+(?:declare\s+|abstract\s+|async\s+)*(?:function\*?|class|const|let|type|interface|enum)\s+([\w$]+)/gm;
  const where = new Map<string, string[]>();
  for (const { file, text } of files) {
    for (const [, name = ''] of text.matchAll(exported)) {
      where.set(name, [...(where.get(name) ?? []), file]);
    }
  }
  const twice = [...where].filter(([name, paths]) => {
    const isPublic =
      publicCounterparts.includes(name) && paths.some((file) => file.startsWith('library/'));
    return new Set(paths).size > (isPublic ? 2 : 1);
  });
  expect(twice).toEqual([]);
});

it('finds every directory of src in the table of CONTRIBUTING.md', () => {
  const map = readFileSync(join(src, '../CONTRIBUTING.md'), 'utf8');
  const listed = [...map.matchAll(/^\| `src\/(.*?)\/?` \|/gm)].map(([, directory]) => directory);
  const found = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(src, file)).isFile())
    .map((file) => (file.includes('/') ? dirname(file) : ''));
  expect(listed.toSorted()).toEqual([...new Set(found)].sort());
});

it('finds a directory of src for each directory of test, except those of the tests themselves', () => {
  const own = [
    'bench',
    'bench/lines',
    'docs',
    'docs/programs',
    'e2e',
    'farm',
    'parity',
    'completion/cases',
    'script/cases',
  ];
  const test = import.meta.dirname;
  const directories = readdirSync(test, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => relative(test, join(entry.parentPath, entry.name)));
  const inSrc = (directory: string) => existsSync(join(src, directory));
  expect(directories.filter((directory) => !own.includes(directory) && !inSrc(directory))).toEqual(
    [],
  );
});
