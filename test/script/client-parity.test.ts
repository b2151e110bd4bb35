import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScriptItem } from '../../src/script/item.js';
import { isClientWithin, referenceArguments } from '../farm/reference-client.js';
import { comparedCases } from './cases/index.js';
import { type ReadOptions, readChunks, type ScriptCase } from './read-script.js';
import { type RecordingServer, type Request, startRecordingServer } from './recording-server.js';

/** What the client does with a script: what it sends, and what it says about it. */
interface Doings {
  sent: Request[];
  stdout: string;
  stderr: string;
}

const rule = '--------------\n';
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

let server: RecordingServer;
beforeAll(async () => {
  server = await startRecordingServer();
});
afterAll(() => server.close());

describe.each(Object.entries(comparedCases))(
  'as the mariadb client reads it: %s',
  (_axis, cases) => {
    it.each(cases.map((row) => [JSON.stringify([row[0], row[2]]), row] as const))(
      '%s',
      async (_name, row) => {
        const items = readChunks([Buffer.from(row[0], 'latin1')], row[2]);
        const difference = row[3];
        const doings = await clientDoings(row);
        if (difference !== undefined && isClientWithin(difference)) {
          expect(doings.sent, difference.reason).toEqual(difference.sent);
          expect(expected(items).sent).not.toEqual(difference.sent);
        } else {
          expect(expected(items)).toEqual(doings);
        }
      },
    );
  },
);

/** Runs the client with --force: every statement fails, so that stderr shows each with its line. */
async function clientDoings([script, , options = {}]: ScriptCase): Promise<Doings> {
  const inScript = options.source === 'execute';
  const args = ['--no-defaults', `--socket=${server.socketPath}`, '-uroot', ...flags(options)];
  if (inScript) args.push('-e', script);
  const client = spawn('mariadb', referenceArguments([...args, '--force']), {
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  client.stdin.on('error', () => client.stdin.destroy());
  client.stdin.end(inScript ? '' : Buffer.from(script, 'latin1'));
  const [stdout, stderr] = await Promise.all([buffer(client.stdout), buffer(client.stderr)]);
  return { sent: server.taken(), stdout: shortHelp(latin1(stdout)), stderr: latin1(stderr) };
}

function flags(options: ReadOptions): string[] {
  const { characterSet = 'utf8mb3' } = options;
  return [
    `--default-character-set=${characterSet}`,
    ...(options.delimiter === undefined ? [] : [`--delimiter=${options.delimiter}`]),
    ...(options.comments ? ['--comments'] : []),
    ...(options.binaryMode ? ['--binary-mode'] : []),
    ...(options.namedCommands ? ['--named-commands'] : []),
  ];
}

/** The list of commands is not what is compared here. */
function shortHelp(stdout: string): string {
  return stdout.replace(/(^.* \(\\.\) .*\n)+/m, 'HELP\n');
}

/** What a client that has read these items does, as seen of mariadb 10.11. */
function expected(items: ScriptItem[]): Doings {
  const doings: Doings = { sent: [], stdout: '', stderr: '' };
  const say = (line: number | undefined, words: string) => {
    doings.stderr += `ERROR${line === undefined ? '' : ` at line ${line}`}: ${words}\n`;
  };
  for (const item of items) {
    if (item.kind === 'problem') {
      say(item.line, latin1(item.message));
    } else if (item.kind === 'statement') {
      runStatement(latin1(item.sql), item.line, doings);
    } else if (item.kind === 'command') {
      runCommand(item, doings, (words) => say(item.line, words));
    }
  }
  return doings;
}

function runStatement(text: string, line: number, doings: Doings): void {
  doings.sent.push({ kind: 'query', text });
  if (/^set /i.test(text)) return;
  // The client shows a statement up to its first NUL.
  doings.stderr += `${rule}${text.split('\0')[0]}\n${rule}\n`;
  doings.stderr += `ERROR 1064 (42000) at line ${line}: refused\n`;
}

function runCommand(
  { name, args, pending, line }: Extract<ScriptItem, { kind: 'command' }>,
  doings: Doings,
  say: (words: string) => void,
): void {
  const first = args[0] === undefined ? undefined : latin1(args[0]);
  switch (name) {
    case 'use':
      if (first === undefined) say('USE must be followed by a database name');
      else doings.sent.push({ kind: 'use', text: first });
      return;
    case 'charset':
      doings.sent.push({ kind: 'query', text: `SET NAMES ${first}` });
      return;
    case 'print': {
      const text = latin1(pending);
      doings.stdout += `${rule}${text}${text.endsWith('\n') ? '' : '\n'}${rule}\n`;
      return;
    }
    case 'help':
      if (first === undefined) {
        doings.stdout += 'HELP\n';
        return;
      }
      runStatement(`help '${first}'`, line, doings);
      return;
    case 'prompt':
      doings.stdout +=
        first === undefined
          ? 'Returning to default PROMPT of \\N [\\d]> \n'
          : `PROMPT set to '${first}'\n`;
      return;
    case 'nopager':
      doings.stdout += 'PAGER set to stdout\n';
      return;
    case 'notee':
      doings.stdout += 'Outfile disabled.\n';
      return;
    case 'system':
      say('Usage: \\! shell-command');
  }
}
