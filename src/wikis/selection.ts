import { createOptionFailure, Failure } from '../failure.js';
import { joinWithOr } from '../text/join-with-or.js';
import { printable } from '../text/printable.js';
import { isDbname, parseDblist, readDblistText } from './dblist.js';
import { Dblists } from './dblists.js';
import { evaluateExpression, isOperator } from './expression.js';
import { compileGlob, isGlob } from './glob.js';
import { databasesWithFixedSection, type Section } from './section.js';
import { SectionMap } from './section-map.js';
import { suggestNames } from './suggest-names.js';

/* Evaluates --wikis and --except, the options that select many wikis. */

/** Options of chooseWikis. */
export interface SelectionRequest {
  /** The value of --wikis. */
  wikis: string;
  /** The value of --except: these wikis are removed at the end. */
  except: string | undefined;
  /** The path of a checkout of mediawiki-config. */
  mwConfigPath: string;
  /** Use x1 for all wikis. */
  useX1: boolean;
  /** The user gave the section or the address for all wikis, so that no sections are looked up. */
  locationGiven: boolean;
}

/** The maximum number of names in an error message. */
const MAX_SHOWN = 5;

/**
 * Returns the wikis of --wikis, sorted by code point, each with its section; with `locationGiven`
 * the sections are undefined.
 *
 * --wikis consists of terms and the operators of dblist expressions (expression.ts). A comma is a
 * union with a higher precedence: `wikipedia - closed,private` removes both lists. A term is the
 * name of a list, with or without suffix (sections are lists, too); a wiki; a glob over the wikis
 * of all sections; or `@FILE`, a file in the format of a dblist. A list takes precedence over a
 * wiki of the same name.
 *
 * A wiki given as a term must be known. Wikis in lists and files need only a section, or nothing
 * with `locationGiven` or `useX1`.
 *
 * @throws Failure `bad-dbexpr` for an invalid expression; `bad-wikis` for an invalid term;
 * `unknown-wikis` for an unknown term; `no-wikis` if no wiki remains; `wikis-without-section`; and
 * the errors of SectionMap and Dblists
 */
export function chooseWikis(request: SelectionRequest): Map<string, Section | undefined> {
  const dblists = new Dblists(request.mwConfigPath);
  const evaluator = new TermEvaluator(dblists, new SectionMap(dblists), request);
  const chosen = new Set(evaluator.evaluate(request.wikis, 'wikis'));
  if (request.except !== undefined) {
    for (const wiki of evaluator.evaluate(request.except, 'except')) chosen.delete(wiki);
  }
  if (chosen.size === 0) {
    const exceptText =
      request.except === undefined ? '' : ` with --except '${printable(request.except)}'`;
    throw createOptionFailure(
      'no-wikis',
      `--wikis '${printable(request.wikis)}'${exceptText} selects no wiki.`,
      'wikis',
      'except',
    );
  }
  return evaluator.addSections([...chosen].sort());
}

class TermEvaluator {
  readonly #dblists: Dblists;
  readonly #sections: SectionMap;
  readonly #request: SelectionRequest;

  constructor(dblists: Dblists, sections: SectionMap, request: SelectionRequest) {
    this.#dblists = dblists;
    this.#sections = sections;
    this.#request = request;
  }

  /** `name`: the option, `wikis` or `except`. */
  evaluate(expression: string, name: string): ReadonlySet<string> {
    try {
      return this.#evaluate(expression, `--${name}`);
    } catch (error) {
      if (error instanceof Failure && error.options.length === 0) error.about(name);
      throw error;
    }
  }

  #evaluate(expression: string, option: string): ReadonlySet<string> {
    const text = expression.replace(/\s*,\s*/g, ',');
    const createError = (description: string) => {
      const joined = joinWithCommas(text);
      const hint = joined === undefined ? '' : ` (Did you mean '${printable(joined)}'?)`;
      return createOptionFailure('bad-dbexpr', `${option}: ${description}${hint}`);
    };
    return evaluateExpression(text, createError, (word) => {
      if (!word.includes(',')) return this.#evaluateTerm(word, option);
      return new Set(word.split(',').flatMap((term) => [...this.#evaluateTerm(term, option)]));
    });
  }

  addSections(wikis: string[]): Map<string, Section | undefined> {
    const { locationGiven, useX1 } = this.#request;
    if (locationGiven) return new Map(wikis.map((wiki) => [wiki, undefined]));
    const found = new Map(wikis.map((wiki) => [wiki, this.#sections.find(wiki, useX1)]));
    const wikisWithoutSection = wikis.filter((wiki) => found.get(wiki) === undefined);
    if (wikisWithoutSection.length > 0)
      throw createNoSectionError(wikisWithoutSection, wikis.length, this.#dblists.directory);
    return found;
  }

  #evaluateTerm(term: string, option: string): ReadonlySet<string> {
    if (term === '' || isOperator(term)) {
      const found = term === '' ? 'nothing' : `'${term}'`;
      throw createOptionFailure(
        'bad-wikis',
        `${option}: expected a list or a wiki but found ${found}.`,
      );
    }
    if (term.startsWith('@')) return readNamesFile(term.slice(1), option);
    if (isGlob(term)) return this.#evaluateGlob(term, option);
    const withFixedSection = databasesWithFixedSection.includes(term) ? new Set([term]) : undefined;
    return withFixedSection ?? this.#dblists.find(term) ?? this.#evaluateWiki(term, option);
  }

  #evaluateGlob(term: string, option: string): ReadonlySet<string> {
    const pattern = compileGlob(term);
    if (pattern === undefined) {
      throw createOptionFailure(
        'bad-wikis',
        `${option}: '${printable(term)}' is not a valid glob: check its brackets.`,
      );
    }
    const matches = [...this.#sections.listWikis()].filter((wiki) => pattern.test(wiki));
    if (matches.length > 0) return new Set(matches);
    throw createOptionFailure(
      'unknown-wikis',
      `${option}: '${printable(term)}' matches no wiki of any section.`,
    );
  }

  #evaluateWiki(term: string, option: string): ReadonlySet<string> {
    const wikis = this.#sections.listWikis();
    // A wiki without a section is accepted here. addSections reports all such wikis together.
    const isWiki = wikis.has(term) || this.#dblists.find('all')?.has(term);
    if (isWiki) return new Set([term]);
    // For `log`, this throws the error that names the new location of its data.
    if (term === 'log') this.#sections.find(term, this.#request.useX1);
    throw this.#createUnknownError(term, option, wikis);
  }

  #createUnknownError(term: string, option: string, wikis: Iterable<string>): Failure {
    if (term === 'x1') {
      const text = `${option}: x1 is not a list, but a section with tables of all wikis`;
      const example = 'use --use-x1 with a list, such as --wikis all --use-x1.';
      return createOptionFailure('unknown-wikis', `${text}: ${example}`);
    }
    const suggestions = suggestNames(term, [
      ...this.#dblists.listNames(),
      ...wikis,
      ...databasesWithFixedSection,
    ]);
    const hints = suggestions.length > 0 ? [`did you mean ${joinWithOr(suggestions)}?`] : [];
    if (suggestions.length === 0 && /[./]/.test(term)) {
      hints.push(`(Use @${printable(term)} for the names in a file.)`);
    }
    if (/.[-+&]./.test(term)) hints.push('(Put spaces around +, - and &.)');
    const { locationGiven, useX1 } = this.#request;
    if ((locationGiven || useX1) && isDbname(term)) {
      hints.push('(Use @FILE for a database that is in no list.)');
    }
    const text = `${option}: '${printable(term)}' is neither a list in '${printable(this.#dblists.directory)}' nor a wiki of a section`;
    const [first, ...others] = hints;
    const ending = first === undefined ? '.' : `${first.startsWith('(') ? '.' : ';'} ${first}`;
    return createOptionFailure('unknown-wikis', [`${text}${ending}`, ...others].join(' '));
  }
}

/**
 * Returns an expression with commas where an operator between two terms is missing; undefined if
 * none is.
 */
function joinWithCommas(expression: string): string | undefined {
  const [first = '', ...others] = expression
    .replace(/#.*/g, '')
    .replace('%%', '')
    .trim()
    .split(/\s+/);
  let text = first;
  let previous = first;
  let misses = false;
  for (const word of others) {
    const isMissing = !isOperator(previous) && !isOperator(word);
    misses ||= isMissing;
    text += `${isMissing ? ',' : ' '}${word}`;
    previous = word;
  }
  return misses ? text : undefined;
}

/**
 * Returns the names in the file of a term `@FILE`. The path is relative to the working directory.
 */
function readNamesFile(path: string, option: string): ReadonlySet<string> {
  if (path === '')
    throw createOptionFailure('bad-wikis', `${option}: expected the name of a file after '@'.`);
  if (path === '-') {
    const text = `${option}: '@-' cannot be used, because standard input is for statements: write the names to a file.`;
    throw createOptionFailure('bad-wikis', text);
  }
  try {
    return new Set(parseDblist(readDblistText(path), path));
  } catch (error) {
    throw error instanceof Failure ? createOptionFailure(error.code, error.message) : error;
  }
}

function createNoSectionError(
  wikisWithoutSection: string[],
  chosen: number,
  directory: string,
): Failure {
  const hiddenCount = wikisWithoutSection.length - MAX_SHOWN;
  const more = hiddenCount > 0 ? ` and ${hiddenCount} more` : '';
  const names = `${wikisWithoutSection.slice(0, MAX_SHOWN).join(', ')}${more}`;
  return new Failure(
    'wikis-without-section',
    `--wikis: ${wikisWithoutSection.length} of ${chosen} wikis are in no sN.dblist of '${printable(directory)}': ${names}. Use --except to remove them, or --section or --use-x1 to say where they are.`,
  ).about('wikis');
}
