import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatManPage } from '../../src/build/man-page.js';
import { environment, exitStatuses } from '../../src/build/manual-texts.js';
import { clientOptions } from '../../src/cli/client-options.js';
import { normalizeName } from '../../src/cli/option.js';
import { ownOptions } from '../../src/cli/own-options.js';
import { requireProgram } from './programs.js';

const root = join(import.meta.dirname, '../..');
const page = formatManPage(new Date('2026-08-01T23:30:00Z'));

/** Runs a program with the page on its standard input. */
function run(program: string, ...args: string[]): string {
  const { stdout, stderr } = spawnSync(program, args, { input: page, encoding: 'utf8' });
  return stdout + stderr;
}

describe('the manual page', () => {
  it('has no errors and no warnings for mandoc', (test) => {
    requireProgram(test, 'mandoc');
    expect(run('mandoc', '-T', 'lint', '-W', 'warning')).toBe('');
  });

  it('shows names, arguments and special characters', (test) => {
    requireProgram(test, 'mandoc');
    const text = run('mandoc', '-T', 'utf8', '-O', 'width=78').replaceAll(/.\x08/g, '');
    expect(text).toContain('\n     -e, --execute SQL\n');
    expect(text).toContain('\n     --resume[=AGE]\n');
    expect(text).toContain('\n     -?, --help [TOPIC]\n');
    expect(text).toContain('\n     -#, --debug[=OPTIONS]\n');
    const flowing = text.replaceAll(/\s+/g, ' ');
    expect(flowing).toContain('overrides -t -E -H -X and \\G.');
    expect(flowing).toContain("as after 'set editing-mode vi' in ~/.inputrc");
    expect(flowing).toContain('(s1 … s8, x1, staging)');
    expect(flowing).toContain('August 1, 2026');
  });

  it('has every option', () => {
    const shown = [...page.matchAll(/^\.It(?: Fl \\&(.) ,)? Fl Fl (\S+)/gm)].map(
      ([, letter = '', name = '']) => `${name.replaceAll('\\-', '-')} ${letter}`,
    );
    const names = [...ownOptions, ...clientOptions].map(
      (option) => `${normalizeName(option.name)} ${('letter' in option && option.letter) || ''}`,
    );
    expect(shown.toSorted()).toEqual(names.toSorted());
  });

  it('has every environment variable that the program reads', () => {
    const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
    const text = files
      .filter((file) => file.endsWith('.ts') && !file.startsWith('build/'))
      .map((file) => readFileSync(join(root, 'src', file), 'utf8'))
      .join('\n');
    const destructured = [...text.matchAll(/const \{([^}]*)\} = (?:environment|process\.env)\b/g)];
    const read = new Set([
      ...[...text.matchAll(/\benv(?:ironment)?\.([A-Z][A-Z_\d]*)\b/g)].map(([, name]) => name),
      ...[...text.matchAll(/getExactVariable\(env, '(\w+)'/g)].map(([, name]) => name),
      ...destructured.flatMap(([, names = '']) => names.match(/\b[A-Z][A-Z_\d]*\b/g) ?? []),
    ]);
    const described = environment.flatMap(([names]) => names.split(', '));
    expect(read.size).toBeGreaterThan(20);
    expect([...read].filter((name = '') => !described.includes(name))).toEqual([]);
    // The last condition would hold for names that no code reads.
    expect(described.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
  });

  it('has the exit statuses of README.md', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const rows = [...readme.matchAll(/^\| (\d[^|]*) \|/gm)].map(([, status = '']) =>
      status.replace(' – ', ' to '),
    );
    expect(exitStatuses.map(([status]) => status)).toEqual(expect.arrayContaining(rows));
    expect(rows).toContain('128 + n');
  });
});
