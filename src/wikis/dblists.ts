import { join } from 'node:path';
import { Failure } from '../failure.js';
import { printable } from '../text/printable.js';
import { dblistsDirectory, listDblists, parseDblist, readDblistText } from './dblist.js';
import { evaluateExpression } from './expression.js';

const LIST = '.dblist';
const EXPRESSION = '.dbexpr';
const LIST_NAME = /^[a-z0-9][a-z0-9_-]*$/i;

/**
 * The lists of a checkout of mediawiki-config, each read when it is first asked for, and once.
 * Every method throws what reading the directory throws (dblist.ts).
 */
export class Dblists {
  /** The directory that holds them. */
  readonly directory: string;
  readonly #mwConfigPath: string;
  #files: ReadonlySet<string> | undefined;
  readonly #read = new Map<string, ReadonlySet<string>>();

  constructor(mwConfigPath: string) {
    this.#mwConfigPath = mwConfigPath;
    this.directory = dblistsDirectory(mwConfigPath);
  }

  /** The names of all files in the directory. */
  files(): ReadonlySet<string> {
    this.#files ??= new Set(listDblists(this.#mwConfigPath));
    return this.#files;
  }

  /** The names of all lists, without suffix. */
  names(): string[] {
    const names = [...this.files()].flatMap((file) => {
      const suffix = [LIST, EXPRESSION].find((end) => file.endsWith(end));
      return suffix === undefined ? [] : [file.slice(0, -suffix.length)];
    });
    return [...new Set(names)];
  }

  /**
   * The databases of a list: of its `.dblist` file, else of its `.dbexpr` file; the suffix may
   * stand behind the name, and `.dbexpr` then asks for that file. undefined: there is no such list.
   * @throws Failure `bad-dblist`; `bad-dbexpr`, `unknown-dblist` (an expression names a list that is
   * not there), `dbexpr-cycle` (expressions that need each other)
   */
  find(name: string): ReadonlySet<string> | undefined {
    return this.#find(name, []);
  }

  /** The databases of a file of the directory that holds names, in its order. */
  readFile(file: string): ReadonlySet<string> {
    const path = join(this.directory, file);
    return this.#once(file, () => new Set(parseDblist(readDblistText(path), path)));
  }

  #find(name: string, within: readonly string[]): ReadonlySet<string> | undefined {
    const wantsExpression = name.endsWith(EXPRESSION);
    const suffix = wantsExpression ? EXPRESSION : LIST;
    const base = name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
    if (!LIST_NAME.test(base)) return undefined;
    const files = this.files();
    if (!wantsExpression && files.has(`${base}${LIST}`)) return this.readFile(`${base}${LIST}`);
    const file = `${base}${EXPRESSION}`;
    return files.has(file) ? this.#evaluateFile(file, base, within) : undefined;
  }

  #evaluateFile(file: string, name: string, within: readonly string[]): ReadonlySet<string> {
    if (within.includes(name)) {
      const circle = [...within.slice(within.indexOf(name)), name].join(' → ');
      throw new Failure(
        'dbexpr-cycle',
        `Expressions in ${printable(this.directory)} need each other: ${circle}.`,
      );
    }
    const path = join(this.directory, file);
    return this.#once(file, () =>
      evaluateExpression(readDblistText(path), printable(path), (word) =>
        this.#operand(word, [...within, name]),
      ),
    );
  }

  #operand(word: string, within: readonly string[]): ReadonlySet<string> {
    const found = this.#find(word, within);
    if (found !== undefined) return found;
    const name = word.endsWith(LIST) ? word.slice(0, -LIST.length) : word;
    if (!LIST_NAME.test(name)) {
      throw new Failure('bad-dbexpr', `'${printable(word)}' is not the name of a dblist.`);
    }
    throw new Failure(
      'unknown-dblist',
      `No list '${name}': ${printable(this.directory)} has neither ${name}.dblist nor ${name}.dbexpr.`,
    );
  }

  #once(file: string, read: () => ReadonlySet<string>): ReadonlySet<string> {
    const found = this.#read.get(file) ?? read();
    this.#read.set(file, found);
    return found;
  }
}
