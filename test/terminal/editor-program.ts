/**
 * Runs the line editor with a simple language: a text is complete when it ends with `;` (with
 * SINGLE_LINES, always, and the history stays as it is), and words in capitals are keywords. It prints each text that it reads as JSON. After that, `sleep;` waits for one
 * second, `child;` lets another program read a line, and `fail;` throws.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EditorClient, Span } from '../../src/terminal/editor-client.js';
import { LineEditor } from '../../src/terminal/line-editor.js';
import { Terminal } from '../../src/terminal/terminal.js';

const client: EditorClient = {
  analyze: (text) => ({
    text,
    prompts: text.split('\n').map((_, index) => (index === 0 ? 'sql> ' : '  -> ')),
    spans: Array.from(
      text.matchAll(/\b[A-Z]+\b/g),
      ({ index, 0: word }): Span => ({ start: index, end: index + word.length, style: 'keyword' }),
    ),
    isComplete: process.env.SINGLE_LINES !== undefined || text.trimEnd().endsWith(';'),
    complete(cursor) {
      const start = text.slice(0, cursor).search(/\w*$/);
      const names = ['table_a', 'table_b', 'table_c'].filter((name) =>
        name.startsWith(text.slice(start, cursor)),
      );
      const candidates = names.map((name) => ({ text: name, kind: 'table' }));
      return { start, end: cursor, candidates };
    },
  }),
};

const entries = process.argv.slice(2);
const history = {
  entries,
  suggest: (prefix: string) => entries.findLast((entry) => entry.startsWith(prefix)),
};

const terminal = Terminal.open();
const editor = new LineEditor(
  terminal,
  history,
  client,
  process.env.KEYS === 'vi' ? 'vi' : 'emacs',
);
terminal.acquire();
terminal.onInterrupt = () => terminal.write('interrupt\n');
for (let initial = ''; ; ) {
  const edited = await editor.read(initial);
  initial = edited.kind === 'editor' ? `${edited.text}edited` : '';
  terminal.write(`${JSON.stringify(edited)}\n`);
  if (edited.kind === 'end') break;
  if (edited.kind !== 'text') continue;
  if (process.env.SINGLE_LINES === undefined) entries.push(edited.text);
  if (edited.text === 'sleep;') await sleep(1000);
  if (edited.text === 'child;') {
    terminal.release();
    const child = spawn('bash', ['-c', 'read -rp "child> " line; echo "read $line"'], {
      stdio: 'inherit',
    });
    await once(child, 'exit');
    terminal.acquire();
  }
  if (edited.text === 'fail;') throw new Error('as asked');
}
terminal.release();
