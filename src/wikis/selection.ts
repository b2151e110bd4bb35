import { Failure } from '../failure.js';
import { printable } from '../text/printable.js';
import { isDbname, parseDblist, readDblistText } from './dblist.js';
import { Dblists } from './dblists.js';
import { evaluateExpression, isOperator } from './expression.js';
import { globPattern, isGlob } from './glob.js';
import { nearestNames } from './nearest.js';
import { namedByRule, oneOf, type Section } from './section.js';
import { SectionMap } from './section-map.js';

/** Which wikis are wanted, and what says where they are. */
export interface SelectionRequest {
  /** The expression of --wikis. */
  wikis: string;
  /** That of --except: taken away at the end. */
  except: string | undefined;
  /** A checkout of mediawiki-config. */
  mwConfigPath: string;
  /** Ask x1, whatever wikis are named. */
  useX1: boolean;
  /** The user has said where all of them are: their sections are not looked up. */
  placed: boolean;
}

/** How many names an error shows. */
const MOST_SHOWN = 5;

/**
 * The wikis of --wikis, sorted by code point, with their sections; with `placed` all undefined.
 *
 * Terms are joined by the operators of the dblists' own expressions (expression.ts), or by commas:
 * these make a union, and bind tighter, so that `wikipedia - closed,private` takes both lists away.
 * A term is the name of a list, with or without suffix (sections are lists, too); a wiki; a glob
 * over the wikis of all sections; `@FILE`, a file in the form of a dblist. A list goes before a wiki
 * of the same name.
 *
 * A name that stands alone must be known; names in lists and files only have to have a section, and
 * with `placed` or `useX1` not even that.
 *
 * @throws Failure `bad-dbexpr` for what is no expression; `bad-wikis` for an odd term;
 * `unknown-wikis` for a term that means nothing here; `no-wikis` where none is left;
 * `wikis-without-section`; and what SectionMap and Dblists throw
 */
export function chooseWikis(request: SelectionRequest): Map<string, Section | undefined> {
  const dblists = new Dblists(request.mwConfigPath);
  const terms = new Terms(dblists, new SectionMap(dblists), request);
  const chosen = new Set(terms.evaluate(request.wikis, '--wikis'));
  if (request.except !== undefined) {
    for (const wiki of terms.evaluate(request.except, '--except')) chosen.delete(wiki);
  }
  if (chosen.size === 0) {
    const less =
      request.except === undefined ? '' : ` without --except '${printable(request.except)}'`;
    throw new Failure('no-wikis', `--wikis '${printable(request.wikis)}'${less}: no wiki is left.`);
  }
  return terms.withSections([...chosen].sort());
}

class Terms {
  readonly #dblists: Dblists;
  readonly #sections: SectionMap;
  readonly #request: SelectionRequest;

  constructor(dblists: Dblists, sections: SectionMap, request: SelectionRequest) {
    this.#dblists = dblists;
    this.#sections = sections;
    this.#request = request;
  }

  evaluate(expression: string, option: string): ReadonlySet<string> {
    const text = expression.replace(/\s*,\s*/g, ',');
    return evaluateExpression(text, option, (word) => {
      if (!word.includes(',')) return this.#term(word, option);
      return new Set(word.split(',').flatMap((term) => [...this.#term(term, option)]));
    });
  }

  withSections(wikis: string[]): Map<string, Section | undefined> {
    const { placed, useX1 } = this.#request;
    if (placed) return new Map(wikis.map((wiki) => [wiki, undefined]));
    const found = new Map(wikis.map((wiki) => [wiki, this.#sections.find(wiki, useX1)]));
    const without = wikis.filter((wiki) => found.get(wiki) === undefined);
    if (without.length > 0) throw withoutSection(without, wikis.length, this.#dblists.directory);
    return found;
  }

  #term(term: string, option: string): ReadonlySet<string> {
    if (term === '' || isOperator(term)) {
      const found = term === '' ? 'nothing stands' : `'${term}' stands`;
      throw new Failure('bad-wikis', `${option}: ${found} where a list or a wiki is due.`);
    }
    if (term.startsWith('@')) return namesOfFile(term.slice(1), option);
    if (isGlob(term)) return this.#glob(term, option);
    const ruled = namedByRule.includes(term) ? new Set([term]) : undefined;
    return ruled ?? this.#dblists.find(term) ?? this.#wiki(term, option);
  }

  #glob(term: string, option: string): ReadonlySet<string> {
    const pattern = globPattern(term);
    if (pattern === undefined) {
      throw new Failure(
        'bad-wikis',
        `${option}: '${printable(term)}' is no glob: look at its brackets.`,
      );
    }
    const fitting = [...this.#sections.wikis()].filter((wiki) => pattern.test(wiki));
    if (fitting.length > 0) return new Set(fitting);
    throw new Failure(
      'unknown-wikis',
      `${option}: '${printable(term)}' fits no wiki of any section.`,
    );
  }

  #wiki(term: string, option: string): ReadonlySet<string> {
    const wikis = this.#sections.wikis();
    // One that has no section is told as such, with all others of its kind.
    const isOne = wikis.has(term) || this.#dblists.find('all')?.has(term);
    if (isOne) return new Set([term]);
    // Told where its data went.
    if (term === 'log') this.#sections.find(term, this.#request.useX1);
    throw this.#unknown(term, option, wikis);
  }

  #unknown(term: string, option: string, wikis: Iterable<string>): Failure {
    const near = nearestNames(term, [...this.#dblists.names(), ...wikis, ...namedByRule]);
    const hints = near.length > 0 ? [`did you mean ${oneOf(near)}?`] : [];
    if (/.[-+&]./.test(term)) hints.push('(Blanks must stand round +, - and &.)');
    const { placed, useX1 } = this.#request;
    if ((placed || useX1) && isDbname(term)) {
      hints.push('(A database that no list names can be given in a file, as @FILE.)');
    }
    const text = `${option}: '${printable(term)}' is neither a list in ${printable(this.#dblists.directory)} nor a wiki of a section`;
    const [first, ...others] = hints;
    const end = first === undefined ? '.' : `${near.length > 0 ? ';' : '.'} ${first}`;
    return new Failure('unknown-wikis', [`${text}${end}`, ...others].join(' '));
  }
}

/** `@FILE`: relative to the working directory. */
function namesOfFile(path: string, option: string): ReadonlySet<string> {
  if (path === '') throw new Failure('bad-wikis', `${option}: no file is named behind @.`);
  if (path === '-') {
    const text = `${option}: @- is not supported, standard input is for statements: write the names to a file.`;
    throw new Failure('bad-wikis', text);
  }
  return new Set(parseDblist(readDblistText(path), path));
}

function withoutSection(without: string[], chosen: number, directory: string): Failure {
  const left = without.length - MOST_SHOWN;
  const more = left > 0 ? ` and ${left} more` : '';
  const names = `${without.slice(0, MOST_SHOWN).join(', ')}${more}`;
  return new Failure(
    'wikis-without-section',
    `--wikis: ${without.length} of ${chosen} wikis are named by no sN.dblist in ${printable(directory)}: ${names}. Take them away with --except, or say where they are with --section or --use-x1.`,
  );
}
