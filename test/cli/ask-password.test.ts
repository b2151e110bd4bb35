import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundled } from '../bundled.js';

const words = [await bundled(fileURLToPath(new URL('ask-password-program.ts', import.meta.url)))];

/** Writes `typed` when the prompt has come, then collects all output. */
async function answer(child: ChildProcess, typed: string, last: boolean): Promise<string> {
  let output = '';
  let asked = false;
  const listen = (chunk: Buffer) => {
    output += chunk.toString();
    if (asked || !output.includes('Enter password: ')) return;
    asked = true;
    child.stdin?.write(typed);
    if (last) child.stdin?.end();
  };
  child.stdout?.on('data', listen);
  child.stderr?.on('data', listen);
  await new Promise((resolve) => child.on('close', resolve));
  return output.replaceAll('\r\n', '\n');
}

/** On a terminal of its own, made by script(1). */
function onTerminal(typed: string): Promise<string> {
  const line = [process.execPath, ...words].map((word) => `'${word}'`).join(' ');
  return answer(spawn('script', ['-qec', line, '/dev/null']), typed, false);
}

describe('the password is asked for', () => {
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
  it.each(cases)('on the terminal, without echo: %j is %j', async (typed, password) => {
    const output = `Enter password: \npassword ${JSON.stringify(password)}\necho true\n`;
    expect(await onTerminal(typed)).toBe(output);
  });

  it('Ctrl-C ends it, and the terminal is as before', async () => {
    expect(await onTerminal('ab\x03')).toBe(
      'Enter password: \nfailed interrupted 130\necho true\n',
    );
  });

  it('without a terminal on standard input, whose other lines remain', async () => {
    // In a session of its own, the process has no terminal.
    const child = spawn(process.execPath, words, { detached: true });
    expect(await answer(child, 'pw\nselect 1;\nselect 2', true)).toBe(
      'Enter password: password "pw"\nrest "select 1;\\nselect 2"\n',
    );
  });
});
