import { clientOptions } from '../client-options.js';
import { normalizeName, type ValueSource } from '../option.js';
import { ownOptions } from '../own-options.js';

/** An option as the completion scripts need it. */
export interface CompletedOption {
  /** Without the leading `--`. */
  name: string;
  letter: string | undefined;
  /** The first sentence of what it does. */
  summary: string;
  /**
   * How its value is given. `joined`: in the same word after `=`, or not at all; `topic`: the next word,
   * or not at all.
   */
  value: 'none' | 'required' | 'joined' | 'topic';
  /** The placeholder of the value. */
  argument: string;
  values: ValueSource | undefined;
  /** The option may be given more than once. */
  repeats: boolean;
}

/**
 * The options that completion offers: those of --help, and `skip-NAME` for those that are on by default
 * or can be turned off.
 */
export const completedOptions: readonly CompletedOption[] = [
  ...ownOptions.map((option): CompletedOption => {
    const { name, kind, help } = option;
    return {
      name,
      letter: undefined,
      summary: firstSentence(help),
      value: kind === 'flag' ? 'none' : kind === 'optional' ? 'joined' : 'required',
      argument: 'argument' in option ? option.argument : '',
      values: option.values ?? ('choices' in option ? option.choices : undefined),
      repeats: kind === 'list',
    };
  }),
  ...clientOptions
    .filter(({ inert }) => !inert)
    .flatMap((option): CompletedOption[] => {
      const { kind, letter, argument = '', values, help } = option;
      const name = normalizeName(option.name);
      const shared = { argument: '', values: undefined, repeats: false } as const;
      const summary = firstSentence(help);
      if (kind === 'bare') {
        const value = argument === '' ? 'none' : 'topic';
        return [{ name, letter, summary, value, argument, values, repeats: true }];
      }
      if (kind === 'boolean' || kind === 'switch') {
        const on: CompletedOption = { ...shared, name, letter, summary, value: 'none' };
        const off = { ...on, name: `skip-${name}`, letter: undefined, summary: `Not --${name}.` };
        return clientOptions.some((other) => normalizeName(other.name) === off.name)
          ? [on]
          : [on, off];
      }
      const value = kind === 'optional' ? 'joined' : 'required';
      return [{ name, letter, summary, value, argument, values, repeats: name === 'execute' }];
    }),
];

/** Returns the text up to the first period or semicolon. */
function firstSentence(text: string): string {
  return (text.split(/[.;] /)[0] ?? text).replace(/\.$/, '');
}
