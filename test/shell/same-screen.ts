import { expect } from 'vitest';
import type { ComparisonOptions, StartBoth } from '../farm/on-terminal.js';
import type { Tmux } from '../farm/tmux.js';

/** A line that is typed and entered, or keys by their tmux names, or a text to paste. */
export type Step = string | { press: string[] } | { paste: string };

/** The options of a comparison of screens. */
export interface ScreenOptions extends ComparisonOptions {
  /** Matches the client's prompt and its continuation prompts. */
  prompt?: RegExp;
  /** The last step ends the programs, so that their exit statuses are compared too. */
  ends?: boolean;
  /** Replaces text that differs between any two runs. */
  mask?: (screen: string) => string;
  /** Compares the lines above the first prompt as well. */
  banner?: boolean;
  /** Runs the built program after the client, because both write to the same tables. */
  inTurn?: boolean;
  /**
   * Waits at each prompt until the line editor has turned the terminal's echo off. The client
   * prints its prompt before that: under load, a line typed in between would be echoed twice.
   */
  waitsForEditor?: boolean;
}

/** Matches prompts such as `MariaDB [itwiki]>`, `    ->` and `    '>`. */
export const anyPrompt = /(\[[^\]\n]*\]>|^ {3,}(->|'>|">|`>|\/\*>))$/;

/** Masks text that differs between any two programs or runs, such as times and connection ids. */
export function maskVariableText(screen: string): string {
  return screen
    .replaceAll(/\((\d+ (days?|hours?|min) )*\d+\.\d{3} sec\)/g, '(# sec)')
    .replaceAll(/(onnection id(?: is|:)) +\d+/g, '$1 #')
    .replaceAll(/\/tmp\/sql\w+/g, '/tmp/sql#')
    .replaceAll(/\bmariadb: /g, 'analytics-mysql: ');
}

/** Runs the steps and waits for a prompt after each one; resolves to the final screen. */
export async function runSteps(
  terminal: Tmux,
  steps: readonly Step[],
  options: ScreenOptions = {},
): Promise<string> {
  const { prompt = anyPrompt, ends = false, mask = (text) => text, banner = false } = options;
  if (ends && steps.length === 0) {
    const status = await terminal.waitForEnd();
    return `${mask(maskVariableText(await terminal.allLines()))}\nexit status ${status}`;
  }
  const first = await terminal.waitForPrompt(prompt);
  const skippedLines = banner ? 0 : first.split('\n').length - 1;
  for (const [index, step] of steps.entries()) {
    if (options.waitsForEditor)
      await terminal.waitUntil('the line editor', () => terminal.isEchoOff());
    if (typeof step === 'string') await terminal.enter(step);
    else if ('paste' in step) await terminal.paste(step.paste);
    else await terminal.press(...step.press);
    if (ends && index === steps.length - 1) {
      const status = await terminal.waitForEnd();
      return `${mask(maskVariableText(await readLinesBelow(terminal, skippedLines)))}\nexit status ${status}`;
    }
    await terminal.waitForPrompt(prompt);
  }
  return mask(maskVariableText(await readLinesBelow(terminal, skippedLines)));
}

async function readLinesBelow(terminal: Tmux, skipped: number): Promise<string> {
  return (await terminal.allLines()).split('\n').slice(skipped).join('\n');
}

/** Runs the same steps in the client and in the built program, and expects the same screen. */
export async function expectSameScreen(
  both: StartBoth,
  args: string[],
  steps: readonly Step[],
  options: ScreenOptions = {},
): Promise<void> {
  // How a process ends is compared with a process of its own.
  const terminals = await both(args, { ownProcess: options.ends === true, ...options });
  const client = runSteps(terminals.client, steps, { ...options, waitsForEditor: true });
  if (options.inTurn) await client;
  const ours = runSteps(terminals.ours, steps, options);
  const [expected, actual] = await Promise.all([client, ours]);
  expect(actual).toBe(expected);
}
