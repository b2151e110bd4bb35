import { isHostSeparator } from '../script/code-tokens.js';
import type { Token } from '../script/token.js';
import type { CandidateGroup, Completion, KnownNames } from './completion.js';
import { rankCandidates } from './rank-candidates.js';

const scopePattern = /^@@(?:(?:global|session|local)\.)?/i;

/** Completes the variable at the cursor; returns undefined if the cursor is not behind an `@`. */
export function completeVariable(
  text: string,
  tokens: readonly Token[],
  cursor: number,
  names: KnownNames,
): Completion | undefined {
  const index = tokens.findIndex(({ start, end }) => start < cursor && cursor <= end);
  const token = tokens[index];
  if (token === undefined) return undefined;
  const isVariable = token.kind === 'variable' || isBareAt(text, tokens, index);
  if (!isVariable) return undefined;
  const typed = text.slice(token.start, cursor);
  const [prefix] = scopePattern.exec(typed) ?? ['@'];
  const others = tokens.filter((other) => other !== token);
  const groups =
    prefix === '@' ? findUserVariables(text, others, names) : systemVariables(prefix, names);
  const start = token.start + prefix.length;
  return { start, end: cursor, candidates: rankCandidates(groups, text.slice(start, cursor)) };
}

/** Whether a token is an `@` without a name that does not separate a user from a host. */
function isBareAt(text: string, tokens: readonly Token[], index: number): boolean {
  const { start, end } = tokens[index] as Token;
  return text.slice(start, end) === '@' && !isHostSeparator(text, start, tokens.slice(0, index));
}

function systemVariables(prefix: string, { systemVariables = [] }: KnownNames): CandidateGroup[] {
  const scopes = prefix === '@@' && systemVariables.length > 0 ? ['global.', 'session.'] : [];
  return [
    { kind: 'variable', texts: systemVariables, rank: 0 },
    { kind: 'keyword', texts: scopes, rank: 1, match: 'prefix' },
  ];
}

function findUserVariables(
  text: string,
  tokens: readonly Token[],
  { userVariables = [] }: KnownNames,
): CandidateGroup[] {
  const texts = new Set([...userVariables, ...findAssignedVariables(text, tokens)]);
  return [{ kind: 'variable', texts, rank: 0 }];
}

/**
 * Returns the names, without `@`, of the user variables that a text sets: before `:=`, before `=` in
 * SET, and after INTO. Names in quotes are not included.
 */
export function findAssignedVariables(text: string, tokens: readonly Token[]): string[] {
  const found: string[] = [];
  let isSet = false;
  let isInto = false;
  let isFirst = true;
  for (const [index, { kind, start, end }] of tokens.entries()) {
    if (kind === 'comment') continue;
    const source = text.slice(start, end);
    if (isFirst) isSet = /^set$/i.test(source);
    isFirst = kind === 'delimiter';
    if (kind === 'variable') {
      const next = tokens[index + 1];
      const operator = next === undefined ? '' : text.slice(next.start, next.end);
      const isAssigned = operator === ':=' || (isSet && operator === '=') || isInto;
      if (isAssigned && /^@[\w$.\u0080-\uffff]+$/.test(source)) found.push(source.slice(1));
    } else if (source !== ',') {
      isInto = /^into$/i.test(source);
    }
  }
  return found;
}
