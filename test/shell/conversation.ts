import { expect } from 'vitest';
import type { Both, TerminalWhere } from '../farm/on-terminal.js';
import type { Tmux } from '../farm/tmux.js';

/** A line that is typed and entered, or keys by their tmux names. */
export type Step = string | { press: string[] } | { paste: string };

export interface Conversation extends TerminalWhere {
  /** What the client's prompt and its continuation prompts look like. */
  prompt?: RegExp;
  /** The last step ends the programs: their exit status is compared too. */
  ends?: boolean;
  /** Takes out what differs between any two runs. */
  mask?: (screen: string) => string;
  /** Compares what stands above the first prompt as well. */
  banner?: boolean;
  /** The client first, then the built program: both write to the same place. */
  inTurn?: boolean;
  /**
   * Waits at each prompt until the line editor has turned the terminal's echo off. The client prints
   * its prompt before that: under load, a line typed in between would be echoed twice.
   */
  waitsForEditor?: boolean;
}

/** `MariaDB [itwiki]>`, `    ->`, `    '>` and their like. */
export const anyPrompt = /(\[[^\]\n]*\]>|^ {3,}(->|'>|">|`>|\/\*>))$/;

/** Takes out what differs between any two programs or runs: times, numbers of connections. */
export function masked(screen: string): string {
  return screen
    .replaceAll(/\((\d+ (days?|hours?|min) )*\d+\.\d{3} sec\)/g, '(# sec)')
    .replaceAll(/(onnection id(?: is|:)) +\d+/g, '$1 #')
    .replaceAll(/\/tmp\/sql\w+/g, '/tmp/sql#')
    .replaceAll(/\bmariadb: /g, 'analytics-mysql: ');
}

/** Goes through the steps, waiting for a prompt after each; gives what is on the screen then. */
export async function converse(
  terminal: Tmux,
  steps: readonly Step[],
  conversation: Conversation = {},
): Promise<string> {
  const { prompt = anyPrompt, ends = false, mask = (text) => text, banner = false } = conversation;
  if (ends && steps.length === 0) {
    const status = await terminal.waitForEnd();
    return `${mask(masked(await terminal.allLines()))}\nexit status ${status}`;
  }
  const first = await terminal.waitForPrompt(prompt);
  const above = banner ? 0 : first.split('\n').length - 1;
  for (const [index, step] of steps.entries()) {
    if (conversation.waitsForEditor)
      await terminal.waitUntil('the line editor', () => terminal.isEchoOff());
    if (typeof step === 'string') await terminal.enter(step);
    else if ('paste' in step) await terminal.paste(step.paste);
    else await terminal.press(...step.press);
    if (ends && index === steps.length - 1) {
      const status = await terminal.waitForEnd();
      return `${mask(masked(await linesBelow(terminal, above)))}\nexit status ${status}`;
    }
    await terminal.waitForPrompt(prompt);
  }
  return mask(masked(await linesBelow(terminal, above)));
}

async function linesBelow(terminal: Tmux, above: number): Promise<string> {
  return (await terminal.allLines()).split('\n').slice(above).join('\n');
}

/** Has the same conversation with the client and with the built program; expects the same screen. */
export async function expectSameConversation(
  both: Both,
  args: string[],
  steps: readonly Step[],
  where: Conversation = {},
): Promise<void> {
  const terminals = await both(args, where);
  const client = converse(terminals.client, steps, { ...where, waitsForEditor: true });
  if (where.inTurn) await client;
  const ours = converse(terminals.ours, steps, where);
  const [expected, seen] = await Promise.all([client, ours]);
  expect(seen).toBe(expected);
}
