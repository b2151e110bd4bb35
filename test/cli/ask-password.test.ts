import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundleProgram } from '../bundle-program.js';

const words = [
  await bundleProgram(fileURLToPath(new URL('ask-password-program.ts', import.meta.url))),
];

/** Writes `typed` when the prompt appears, then collects all output. */
async function answerPrompt(child: ChildProcess, typed: string, last: boolean): Promise<string> {
  let output = '';
  let answered = false;
  const listen = (chunk: Buffer) => {
    output += chunk.toString();
    if (answered || !output.includes('Enter password: ')) return;
    answered = true;
    child.stdin?.write(typed);
    if (last) child.stdin?.end();
  };
  child.stdout?.on('data', listen);
  child.stderr?.on('data', listen);
  await new Promise((resolve) => child.on('close', resolve));
  return output.replaceAll('\r\n', '\n');
}

/** Runs the program on a new terminal, which script(1) creates. */
function runOnTerminal(typed: string): Promise<string> {
  const line = [process.execPath, ...words].map((word) => `'${word}'`).join(' ');
  return answerPrompt(spawn('script', ['-qec', line, '/dev/null']), typed, false);
}

describe('the password prompt', () => {
  const cases: [typed: string, password: string][] = [
    ['pw\n', 'pw'],
    ['pw\r', 'pw'],
    ['\n', ''],
    ['\x04', ''],
    ['px\x7fw\n', 'pw'],
    ['pé\x7f\x08pw\n', 'pw'],
    ['wrong\x15pw\n', 'pw'],
    ['pé w\n', 'pé w'],
  ];
  it.each(cases)('reads from the terminal without echo: %j gives %j', async (typed, password) => {
    const output = `Enter password: \npassword ${JSON.stringify(password)}\necho true\n`;
    expect(await runOnTerminal(typed)).toBe(output);
  });

  it('ends at Ctrl-C, and restores the mode of the terminal', async () => {
    expect(await runOnTerminal('ab\x03')).toBe(
      'Enter password: \nfailed interrupted 130\necho true\n',
    );
  });

  it('reads one line of standard input if there is no terminal', async () => {
    // A process in a new session has no terminal.
    const child = spawn(process.execPath, words, { detached: true });
    expect(await answerPrompt(child, 'pw\nselect 1;\nselect 2', true)).toBe(
      'Enter password: password "pw"\nrest "select 1;\\nselect 2"\n',
    );
  });
});
