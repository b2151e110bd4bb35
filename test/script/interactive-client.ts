import { spawn } from 'node:child_process';
import { referenceArguments } from '../farm/reference-client.js';

/** The output of an interactive session with the client. */
export interface InteractiveOutput {
  /** The prompt after each typed line; `P>` is the main prompt of the client. */
  prompts: string[];
  /** The whole output on the terminal, including control characters. */
  screen: string;
}

const mainPrompt = 'P>';
const promptAtEnd = /(?:^|[\r\n])(P>| {4}(?:->|'>|">|`>) | {3}\/\*> )$/;
const endOfInput = '\x04';

/**
 * Types `lines` into the real client, in a terminal that script(1) creates: each line after its
 * prompt appears, then Ctrl-D. Resolves to the output.
 */
export function typeIntoClient(
  socketPath: string,
  flags: string[],
  lines: string[],
): Promise<InteractiveOutput> {
  const args = ['--no-defaults', `--socket=${socketPath}`, '-uroot', '-A', '--no-beep', ...flags];
  const client = ['mariadb', ...referenceArguments([...args, `--prompt=${mainPrompt}`])];
  const command = client.map((word) => `'${word}'`).join(' ');
  const terminal = spawn('script', ['-qec', command, '/dev/null'], {
    env: { PATH: process.env.PATH, TERM: 'dumb', LC_ALL: 'C.UTF-8', MYSQL_HISTFILE: '/dev/null' },
  });
  const prompts: string[] = [];
  const inputs = lines.map((line) => `${line}\n`);
  let screen = '';
  let sinceInput = '';
  let typedCount = 0;
  let exitTimer: NodeJS.Timeout | undefined;
  terminal.stdin.on('error', () => terminal.stdin.destroy());
  terminal.stdout.setEncoding('latin1');
  terminal.stdout.on('data', (output: string) => {
    screen += output;
    sinceInput += output;
    const prompt = promptAtEnd.exec(sinceInput)?.[1];
    if (prompt === undefined || exitTimer !== undefined) return;
    if (typedCount > 0) prompts.push(prompt);
    sinceInput = '';
    if (typedCount < inputs.length)
      terminal.stdin.write(Buffer.from(inputs[typedCount++] ?? '', 'latin1'));
    // Repeats Ctrl-D, because the client loses one that arrives before it has set up the terminal.
    else exitTimer = setInterval(() => terminal.stdin.write(endOfInput), 20);
  });
  const timeout = setTimeout(() => terminal.kill(), 20_000);
  return new Promise((resolve, reject) => {
    terminal.on('error', reject);
    terminal.on('close', () => {
      clearInterval(exitTimer);
      clearTimeout(timeout);
      resolve({ prompts, screen });
    });
  });
}
