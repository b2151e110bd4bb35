import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSqlMode } from '../../src/protocol/sql-mode.js';
import { analyze } from '../../src/script/analyze.js';
import type { ScriptItem } from '../../src/script/item.js';
import { getContinuationPrompt } from '../../src/script/lexical-state.js';
import { comparedInteractiveCases } from './cases/index.js';
import { typeIntoClient } from './interactive-client.js';
import { createRandom } from './random.js';
import { type ReadOptions, readChunks, type ScriptCase } from './read-script.js';
import { type RecordingServer, type Request, startRecordingServer } from './recording-server.js';

/**
 * The requests that the server receives, the errors of the client, and its prompt after each line.
 */
interface Behavior {
  sent: Request[];
  problems: string[];
  prompts: string[];
}

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

let server: RecordingServer;
beforeAll(async () => {
  server = await startRecordingServer();
});
afterAll(() => server.close());

// Pieces that may leave a construct open. None contains a command that would exit the client.
const pieces = [
  ...[
    'select 1',
    'a',
    ' ',
    '\n',
    '\n',
    ';',
    ';\n',
    '\\g',
    '\\G',
    "'",
    '"',
    '`',
    "'a;\n\\'b'",
    "''",
  ],
  ...['/*', '*/', '/* c;\n */', '/*! d */', '/*!', '/*M!', '--', '-- e;\n', '#', '\xc3\xa9'],
  ...[
    '\\p',
    '\\c ',
    '\\w ',
    '\\N',
    '\\1',
    '\\\\',
    '\\u d',
    '\\d $$ x $$',
    ';\ndelimiter //\n',
    '$$',
  ],
  ...[
    '//\ndelimiter ;\n',
    ';\nuse d\n',
    'use ',
    'delimiter',
    'print',
    '\nprint\n',
    '\nclear\n',
    'go',
  ],
];

function randomCase(seed: number): ScriptCase {
  const random = createRandom(seed);
  const options = { comments: random(3) === 0, namedCommands: random(3) === 0 };
  const text = Array.from({ length: 12 }, () => pieces[random(pieces.length)]).join('');
  return [text, [], { source: 'terminal', ...options }];
}

const randomCases = Array.from({ length: 40 }, (_, i) => randomCase(i + 1));

describe.each(Object.entries({ ...comparedInteractiveCases, 'random text': randomCases }))(
  'ScriptReader reads typed text like the mariadb client: %s',
  (_topic, cases) => {
    it.each(cases.map((row) => [JSON.stringify([row[0], row[2]]), row] as const))(
      '%s',
      async (_name, row) => {
        expect(expectedBehavior(row)).toEqual(await runClient(row));
      },
    );
  },
);

async function runClient([text, , options = {}]: ScriptCase): Promise<Behavior> {
  const { prompts, screen } = await typeIntoClient(
    server.socketPath,
    clientFlags(options),
    text.split('\n'),
  );
  const sent = server
    .takeRequests()
    .filter(({ text }) => !text.startsWith('select @@version_comment'));
  const problems = [...screen.matchAll(/^ERROR: (.*)\r$/gm)].map((found) => found[1] ?? '');
  return { sent, problems, prompts };
}

function clientFlags({ comments, binaryMode, namedCommands }: ReadOptions): string[] {
  return [
    ...(comments ? ['--comments'] : []),
    ...(binaryMode ? ['--binary-mode'] : []),
    ...(namedCommands ? ['--named-commands'] : []),
  ];
}

function expectedBehavior([text, , options = {}]: ScriptCase): Behavior {
  const items = readChunks([Buffer.from(`${text}\n`, 'latin1')], options);
  const hasQuit = items.some(
    ({ kind, ...item }) => 'name' in item && /^(quit|exit)$/.test(item.name),
  );
  const analyzeOptions = { delimiter: ';', sqlMode: defaultSqlMode, ...analyzeFlags(options) };
  // The prompt after a line depends on the construct that the next line continues.
  const { openConstructs } = analyze(`${text}\n`, analyzeOptions);
  const prompts = openConstructs
    .slice(1)
    .map((openConstruct) => (openConstruct === '' ? 'P>' : getContinuationPrompt(openConstruct)));
  return {
    sent: items.flatMap(requestsOf),
    problems: items.flatMap(problemsOf),
    prompts: hasQuit ? prompts.slice(0, findEndLine(text, options) - 1) : prompts,
  };
}

function analyzeFlags({ comments = false, namedCommands = false }: ReadOptions) {
  return { comments, namedCommands };
}

/** Returns the line, from 1, on which `quit` exits the client. */
function findEndLine(text: string, options: ReadOptions): number {
  const lines = text.split('\n');
  return (
    lines.findIndex((_line, i) => {
      const typed = `${lines.slice(0, i + 1).join('\n')}\n`;
      const items = readChunks([Buffer.from(typed, 'latin1')], options);
      return items.some((item) => 'name' in item && /^(quit|exit)$/.test(item.name));
    }) + 1
  );
}

function requestsOf(item: ScriptItem): Request[] {
  if (item.kind === 'statement') return [{ kind: 'query', text: latin1(item.sql) }];
  if (item.kind !== 'command' || item.args[0] === undefined) return [];
  const argument = latin1(item.args[0]);
  switch (item.name) {
    case 'use':
      return [{ kind: 'use', text: argument }];
    case 'charset':
      return [{ kind: 'query', text: `SET NAMES ${argument}` }];
    case 'help':
      return [{ kind: 'query', text: `help '${argument}'` }];
    default:
      return [];
  }
}

function problemsOf(item: ScriptItem): string[] {
  if (item.kind === 'problem') return [latin1(item.message).trimEnd()];
  const lacksDatabase = item.kind === 'command' && item.name === 'use' && item.args.length === 0;
  return lacksDatabase ? ['USE must be followed by a database name'] : [];
}
