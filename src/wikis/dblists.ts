import { join } from 'node:path';
import { Failure } from '../failure.js';
import { printable } from '../text/printable.js';
import { getDblistsDirectory, listDblists, parseDblist, readDblistText } from './dblist.js';
import { evaluateExpression } from './expression.js';

const LIST_SUFFIX = '.dblist';
const EXPRESSION_SUFFIX = '.dbexpr';
const LIST_NAME = /^[a-z0-9][a-z0-9_-]*$/i;

/**
 * Reads the lists of a checkout of mediawiki-config: each list once, when it is first needed. Every
 * method throws the Failures of listDblists.
 */
export class Dblists {
  /** The directory of the lists. */
  readonly directory: string;
  readonly #mwConfigPath: string;
  #files: ReadonlySet<string> | undefined;
  readonly #contents = new Map<string, ReadonlySet<string>>();

  constructor(mwConfigPath: string) {
    this.#mwConfigPath = mwConfigPath;
    this.directory = getDblistsDirectory(mwConfigPath);
  }

  /** Returns the names of all files in the directory. */
  listFiles(): ReadonlySet<string> {
    this.#files ??= new Set(listDblists(this.#mwConfigPath));
    return this.#files;
  }

  /** Returns the names of all lists, without suffix. */
  listNames(): string[] {
    const names = [...this.listFiles()].flatMap((file) => {
      const suffix = [LIST_SUFFIX, EXPRESSION_SUFFIX].find((end) => file.endsWith(end));
      return suffix === undefined ? [] : [file.slice(0, -suffix.length)];
    });
    return [...new Set(names)];
  }

  /**
   * Returns the databases of a list from its `.dblist` file or, if there is none, from its
   * `.dbexpr` file. undefined if there is no such list. The name can have one of these suffixes;
   * with `.dbexpr`, only that file is read.
   * @throws Failure `bad-dblist`; `bad-dbexpr`; `unknown-dblist` (an expression names a list that
   * does not exist); `dbexpr-cycle` (expressions refer to each other)
   */
  find(name: string): ReadonlySet<string> | undefined {
    return this.#find(name, []);
  }

  /** Returns the databases in a `.dblist` file of the directory, in its order. */
  readFile(file: string): ReadonlySet<string> {
    const path = join(this.directory, file);
    return this.#readOnce(file, () => new Set(parseDblist(readDblistText(path), path)));
  }

  #find(name: string, parents: readonly string[]): ReadonlySet<string> | undefined {
    const isExpression = name.endsWith(EXPRESSION_SUFFIX);
    const suffix = isExpression ? EXPRESSION_SUFFIX : LIST_SUFFIX;
    const base = name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
    if (!LIST_NAME.test(base)) return undefined;
    const files = this.listFiles();
    if (!isExpression && files.has(`${base}${LIST_SUFFIX}`))
      return this.readFile(`${base}${LIST_SUFFIX}`);
    const file = `${base}${EXPRESSION_SUFFIX}`;
    return files.has(file) ? this.#evaluateFile(file, base, parents) : undefined;
  }

  #evaluateFile(file: string, name: string, parents: readonly string[]): ReadonlySet<string> {
    if (parents.includes(name)) {
      const cycle = [...parents.slice(parents.indexOf(name)), name].join(' → ');
      throw new Failure(
        'dbexpr-cycle',
        `Expressions in '${printable(this.directory)}' form a cycle: ${cycle}.`,
      );
    }
    const path = join(this.directory, file);
    return this.#readOnce(file, () =>
      evaluateExpression(
        readDblistText(path),
        (description) => new Failure('bad-dbexpr', `${printable(path)}: ${description}`),
        (word) => this.#resolveOperand(word, [...parents, name]),
      ),
    );
  }

  #resolveOperand(word: string, parents: readonly string[]): ReadonlySet<string> {
    const found = this.#find(word, parents);
    if (found !== undefined) return found;
    const name = word.endsWith(LIST_SUFFIX) ? word.slice(0, -LIST_SUFFIX.length) : word;
    if (!LIST_NAME.test(name)) {
      throw new Failure('bad-dbexpr', `'${printable(word)}' is not a name of a dblist.`);
    }
    throw new Failure(
      'unknown-dblist',
      `No list '${name}': '${printable(this.directory)}' has neither ${name}.dblist nor ${name}.dbexpr.`,
    );
  }

  #readOnce(file: string, read: () => ReadonlySet<string>): ReadonlySet<string> {
    const found = this.#contents.get(file) ?? read();
    this.#contents.set(file, found);
    return found;
  }
}
