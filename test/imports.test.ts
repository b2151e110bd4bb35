import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';

/*
 * Which directories of src may import which, and that no import leads round in a circle. A new pair is
 * a decision about the architecture: add it here, with a lower directory to the right of the colon.
 */

/**
 * The directories, the lowest first, and what each may import besides itself and the files of `src/`
 * that belong to no directory. `types`: their types alone.
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
  cli: { imports: ['output', 'target'] },
  replica: { imports: ['protocol', 'spill', 'target'], types: ['cli'] },
  completion: { imports: ['protocol', 'script'] },
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

/** What the library calls by a name of its own that the program has for something more. */
const publicCounterparts = ['Column', 'Endpoint', 'Target', 'WikiOutcome', 'resolveTarget'];

/** These start or make the program, and may import all of it; src/wasm is another language. */
const outside = ['build', 'launch', 'wasm'];

const src = join(import.meta.dirname, '../src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !outside.includes(file.split('/')[0] ?? ''))
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

it('every directory is a layer', () => {
  const found = new Set(files.map(({ file }) => directoryOf(file)).filter((name) => name !== ''));
  expect([...found].sort()).toEqual(Object.keys(layers).sort());
});

it('a layer may import lower ones only', () => {
  const names = Object.keys(layers);
  for (const [name, { imports, types = [] }] of Object.entries(layers)) {
    const lower = names.slice(0, names.indexOf(name));
    expect([name, [...imports, ...types].filter((other) => !lower.includes(other))]).toEqual([
      name,
      [],
    ]);
  }
});

it('directories import what they may, and nothing else', () => {
  const forbidden = imports.filter(({ from, to, isType }) => {
    const [own, other] = [directoryOf(from), directoryOf(to)];
    if (own === other || other === '' || own === '') return false;
    const { imports: allowed, types = [] } = layers[own] ?? { imports: [] };
    return !(allowed.includes(other) || (isType && types.includes(other)));
  });
  expect(forbidden).toEqual([]);
});

it('no pair of layers is allowed that nobody needs', () => {
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

it('files of no directory import each other only, but for the entry and the program', () => {
  const others = imports.filter(
    ({ from, to }) =>
      directoryOf(from) === '' &&
      directoryOf(to) !== '' &&
      from !== 'program.ts' &&
      from !== 'main.ts',
  );
  expect(others).toEqual([]);
});

it('no import leads round in a circle, not even of types', () => {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const visit = (file: string, path: string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const to of next.get(file) ?? []) {
      const circle = visit(to, [...path, file]);
      if (circle.length > 0) return circle;
    }
    done.add(file);
    return [];
  };
  for (const { file } of files) expect(visit(file, [])).toEqual([]);
});

it('no name is exported by two files', () => {
  const exported =
    /^export\s+(?:declare\s+|abstract\s+|async\s+)*(?:function\*?|class|const|let|type|interface|enum)\s+([\w$]+)/gm;
  const where = new Map<string, string[]>();
  for (const { file, text } of files) {
    for (const [, name = ''] of text.matchAll(exported)) {
      where.set(name, [...(where.get(name) ?? []), file]);
    }
  }
  const twice = [...where].filter(([name, places]) => {
    const isPublic =
      publicCounterparts.includes(name) && places.some((file) => file.startsWith('library/'));
    return new Set(places).size > (isPublic ? 2 : 1);
  });
  expect(twice).toEqual([]);
});

it('the map of CONTRIBUTING lists every directory of src', () => {
  const map = readFileSync(join(src, '../CONTRIBUTING.md'), 'utf8');
  const listed = [...map.matchAll(/^\| `src\/(.*?)\/?` \|/gm)].map(([, directory]) => directory);
  const found = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => (file.includes('/') ? dirname(file) : ''));
  expect(listed.toSorted()).toEqual([...new Set(found)].sort());
});

it('the directories of test are those of src, and those of the tests themselves', () => {
  const own = ['bench', 'bench/lines', 'e2e', 'farm', 'parity', 'completion/cases', 'script/cases'];
  const test = import.meta.dirname;
  const directories = readdirSync(test, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => relative(test, join(entry.parentPath, entry.name)));
  const inSrc = (directory: string) => existsSync(join(src, directory));
  expect(directories.filter((directory) => !own.includes(directory) && !inSrc(directory))).toEqual(
    [],
  );
});
