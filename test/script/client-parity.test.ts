import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScriptItem } from '../../src/script/item.js';
import { isClientWithin, referenceArguments } from '../farm/reference-client.js';
import { comparedCases } from './cases/index.js';
import { type ReadOptions, readChunks, type ScriptCase } from './read-script.js';
import { type RecordingServer, type Request, startRecordingServer } from './recording-server.js';

/** The behavior of the client for a script: the requests it sends, and the output it prints. */
interface Behavior {
  sent: Request[];
  stdout: string;
  stderr: string;
}

const ruleLine = '--------------\n';
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

let server: RecordingServer;
beforeAll(async () => {
  server = await startRecordingServer();
});
afterAll(() => server.close());

describe.each(Object.entries(comparedCases))(
  'ScriptReader reads a script like the mariadb client: %s',
  (_topic, cases) => {
    it.each(cases.map((row) => [JSON.stringify([row[0], row[2]]), row] as const))(
      '%s',
      async (_name, row) => {
        const items = readChunks([Buffer.from(row[0], 'latin1')], row[2]);
        const difference = row[3];
        const behavior = await runClient(row);
        if (difference !== undefined && isClientWithin(difference)) {
          expect(behavior.sent, difference.reason).toEqual(difference.sent);
          expect(expectedBehavior(items).sent).not.toEqual(difference.sent);
        } else {
          expect(expectedBehavior(items)).toEqual(behavior);
        }
      },
    );
  },
);

/**
 * Runs the client with --force. Every statement fails, so that stderr shows each one with its line
 * number.
 */
async function runClient([script, , options = {}]: ScriptCase): Promise<Behavior> {
  const isExecute = options.source === 'execute';
  const args = [
    '--no-defaults',
    `--socket=${server.socketPath}`,
    '-uroot',
    ...clientFlags(options),
  ];
  if (isExecute) args.push('-e', script);
  const client = spawn('mariadb', referenceArguments([...args, '--force']), {
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  client.stdin.on('error', () => client.stdin.destroy());
  client.stdin.end(isExecute ? '' : Buffer.from(script, 'latin1'));
  const [stdout, stderr] = await Promise.all([buffer(client.stdout), buffer(client.stderr)]);
  return {
    sent: server.takeRequests(),
    stdout: abbreviateHelp(latin1(stdout)),
    stderr: latin1(stderr),
  };
}

function clientFlags(options: ReadOptions): string[] {
  const { characterSet = 'utf8mb3' } = options;
  return [
    `--default-character-set=${characterSet}`,
    ...(options.delimiter === undefined ? [] : [`--delimiter=${options.delimiter}`]),
    ...(options.comments ? ['--comments'] : []),
    ...(options.binaryMode ? ['--binary-mode'] : []),
    ...(options.namedCommands ? ['--named-commands'] : []),
  ];
}

/** Replaces the list of commands, which this test does not compare. */
function abbreviateHelp(stdout: string): string {
  return stdout.replace(/(^.* \(\\.\) .*\n)+/m, 'HELP\n');
}

/** Returns the behavior of a client that reads these items. Observed (mariadb 10.11). */
function expectedBehavior(items: ScriptItem[]): Behavior {
  const behavior: Behavior = { sent: [], stdout: '', stderr: '' };
  const addError = (line: number | undefined, message: string) => {
    behavior.stderr += `ERROR${line === undefined ? '' : ` at line ${line}`}: ${message}\n`;
  };
  for (const item of items) {
    if (item.kind === 'problem') {
      addError(item.line, latin1(item.message));
    } else if (item.kind === 'statement') {
      runStatement(latin1(item.sql), item.line, behavior);
    } else if (item.kind === 'command') {
      runCommand(item, behavior, (message) => addError(item.line, message));
    }
  }
  return behavior;
}

function runStatement(text: string, line: number, behavior: Behavior): void {
  behavior.sent.push({ kind: 'query', text });
  if (/^set /i.test(text)) return;
  // The client prints a statement up to its first NUL.
  behavior.stderr += `${ruleLine}${text.split('\0')[0]}\n${ruleLine}\n`;
  behavior.stderr += `ERROR 1064 (42000) at line ${line}: refused\n`;
}

function runCommand(
  { name, args, pending, line }: Extract<ScriptItem, { kind: 'command' }>,
  behavior: Behavior,
  addError: (message: string) => void,
): void {
  const first = args[0] === undefined ? undefined : latin1(args[0]);
  switch (name) {
    case 'use':
      if (first === undefined) addError('USE must be followed by a database name');
      else behavior.sent.push({ kind: 'use', text: first });
      return;
    case 'charset':
      behavior.sent.push({ kind: 'query', text: `SET NAMES ${first}` });
      return;
    case 'print': {
      const text = latin1(pending);
      behavior.stdout += `${ruleLine}${text}${text.endsWith('\n') ? '' : '\n'}${ruleLine}\n`;
      return;
    }
    case 'help':
      if (first === undefined) {
        behavior.stdout += 'HELP\n';
        return;
      }
      runStatement(`help '${first}'`, line, behavior);
      return;
    case 'prompt':
      behavior.stdout +=
        first === undefined
          ? 'Returning to default PROMPT of \\N [\\d]> \n'
          : `PROMPT set to '${first}'\n`;
      return;
    case 'nopager':
      behavior.stdout += 'PAGER set to stdout\n';
      return;
    case 'notee':
      behavior.stdout += 'Outfile disabled.\n';
      return;
    case 'system':
      addError('Usage: \\! shell-command');
  }
}
