import { spawn } from 'node:child_process';
import { referenceArguments } from '../farm/reference-client.js';

/** What a conversation with the client showed. */
export interface Conversation {
  /** The prompt behind each line that was typed, as shown; `P>` is the client's own. */
  prompts: string[];
  /** All that was on the screen, control characters included. */
  screen: string;
}

const ownPrompt = 'P>';
const endsInPrompt = /(?:^|[\r\n])(P>| {4}(?:->|'>|">|`>) | {3}\/\*> )$/;
const endOfInput = '\x04';

/**
 * Types `lines` into the real client, in a terminal that script(1) makes, each when the prompt for
 * it is there, then leaves with Ctrl-D.
 */
export function typeIntoClient(
  socketPath: string,
  flags: string[],
  lines: string[],
): Promise<Conversation> {
  const args = ['--no-defaults', `--socket=${socketPath}`, '-uroot', '-A', '--no-beep', ...flags];
  const client = ['mariadb', ...referenceArguments([...args, `--prompt=${ownPrompt}`])];
  const command = client.map((word) => `'${word}'`).join(' ');
  const terminal = spawn('script', ['-qec', command, '/dev/null'], {
    env: { PATH: process.env.PATH, TERM: 'dumb', LC_ALL: 'C.UTF-8', MYSQL_HISTFILE: '/dev/null' },
  });
  const prompts: string[] = [];
  const keys = lines.map((line) => `${line}\n`);
  let screen = '';
  let sinceKeys = '';
  let typed = 0;
  let leaving: NodeJS.Timeout | undefined;
  terminal.stdin.on('error', () => terminal.stdin.destroy());
  terminal.stdout.setEncoding('latin1');
  terminal.stdout.on('data', (shown: string) => {
    screen += shown;
    sinceKeys += shown;
    const prompt = endsInPrompt.exec(sinceKeys)?.[1];
    if (prompt === undefined || leaving !== undefined) return;
    if (typed > 0) prompts.push(prompt);
    sinceKeys = '';
    if (typed < keys.length) terminal.stdin.write(Buffer.from(keys[typed++] ?? '', 'latin1'));
    // One that comes before the client has taken over the terminal is lost.
    else leaving = setInterval(() => terminal.stdin.write(endOfInput), 20);
  });
  const patience = setTimeout(() => terminal.kill(), 20_000);
  return new Promise((resolve, reject) => {
    terminal.on('error', reject);
    terminal.on('close', () => {
      clearInterval(leaving);
      clearTimeout(patience);
      resolve({ prompts, screen });
    });
  });
}
