import { createOptionFailure, Failure } from '../failure.js';
import { printable } from '../text/printable.js';
import { isOperator } from '../wikis/expression.js';
import { isUseOf } from './option-use.js';
import type { ParsedArgv } from './parse-argv.js';
import type { Settings } from './settings.js';

/*
 * Explains an argument that is neither an option nor the only database.
 */

/** The form of a database's name; it is not a file, and seldom a statement. */
const databaseName = /^\w+$/;
/** The words with which statements begin that users write without -e. */
const statementWord =
  /^(?:select|show|with|desc|describe|explain|use|set|call|insert|update|delete|create|drop|alter)\b/i;

/** What an argument seems to be; an operator of --wikis counts as a database. */
type ArgumentKind = 'database' | 'statement' | 'file';

/**
 * Returns the error for more than one database. It names the argument that is too many, and says
 * where statements, files and wikis go.
 */
export function createExtraArgumentError({ positionals, uses }: ParsedArgv): Failure {
  const code = 'extra-argument';
  if (asksPassword(uses)) {
    const text = 'more than one database given; write a password directly after -p (-pPASSWORD)';
    return new Failure(code, text);
  }
  const [first = '', second = ''] = positionals;
  const isFirstExtra = classify(first) !== 'database' && classify(second) === 'database';
  const [database, extra] = isFirstExtra ? [second, first] : [first, second];
  const isWiki = [database, extra].every((word) => classify(word) === 'database');
  const wikis = isWiki ? ` (--wikis ${printable(`${database},${extra}`)})` : '';
  const text = `unexpected argument '${shorten(extra)}' besides the database '${shorten(database)}'`;
  return new Failure(
    code,
    `${text}: write ${describePlaces(extra)}, several wikis after --wikis${wikis}`,
  );
}

/** Returns the error for an argument besides --wikis, which names all databases of a run. */
export function createExtraWikiError({ positionals, uses }: ParsedArgv, wikis: string): Failure {
  const code = 'fanout-clash';
  if (asksPassword(uses)) {
    const text =
      'a database name cannot be used with --wikis; write a password directly after -p (-pPASSWORD)';
    return createOptionFailure(code, text);
  }
  const [extra = ''] = positionals;
  const text = `unexpected argument '${shorten(extra)}' with --wikis`;
  const expression = `write all wikis into one quoted expression${giveExample(wikis, positionals)}`;
  return createOptionFailure(code, `${text}: ${expression}, ${describePlaces(extra)}`);
}

/** Returns the expression that the user may have meant, if the words can be part of one. */
function giveExample(wikis: string, words: readonly string[]): string {
  const isTerm = (word: string) => /^[\w*?,]+$/.test(word) || isOperator(word);
  if (![wikis, ...words].every(isTerm)) return '';
  const separator = words.some(isOperator) ? ' ' : ',';
  return ` (--wikis '${[wikis, ...words].map(printable).join(separator)}')`;
}

/**
 * Returns the error of an unknown database without the database's name, if the name may be the
 * password of `-p PASSWORD`. Returns other errors unchanged.
 */
export function hidePossiblePassword(error: unknown, { connect, input }: Settings): unknown {
  const mayBePassword = typeof connect.password === 'object' && input.hasDatabaseArgument;
  if (!mayBePassword || !(error instanceof Failure) || error.code !== 'unknown-database') {
    return error;
  }
  const text = 'unknown database; write a password directly after -p (-pPASSWORD)';
  return new Failure(error.code, text);
}

/** Whether -p was given without a value: the next argument may then be the password. */
function asksPassword(uses: ParsedArgv['uses']): boolean {
  return uses.some(
    (use) => use.kind === 'client' && isUseOf(use, 'password') && use.value === undefined,
  );
}

function describePlaces(extra: string): string {
  const file = classify(extra) === 'file' ? ` (< ${printable(extra)})` : '';
  return `SQL in quotes after -e, a file of SQL after <${file}`;
}

function classify(argument: string): ArgumentKind {
  if (statementWord.test(argument) || /\s/.test(argument)) return 'statement';
  return databaseName.test(argument) || isOperator(argument) ? 'database' : 'file';
}

/** Returns the first word of an argument: the rest of a statement may be confidential. */
function shorten(argument: string): string {
  const [first = '', ...rest] = argument.trim().split(/[\s(]/);
  return `${printable(first)}${rest.length > 0 ? ' …' : ''}`;
}
