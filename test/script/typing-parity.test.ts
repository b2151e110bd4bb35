import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSqlMode } from '../../src/protocol/sql-mode.js';
import { analyse } from '../../src/script/analyse.js';
import type { ScriptItem } from '../../src/script/item.js';
import { continuationPrompt } from '../../src/script/lexical-state.js';
import { comparedTypedCases } from './cases/index.js';
import { randomFrom } from './random.js';
import { type ReadOptions, readChunks, type ScriptCase } from './read-script.js';
import { type RecordingServer, type Request, startRecordingServer } from './recording-server.js';
import { typeIntoClient } from './typing-client.js';

/** What the server receives, what the client finds wrong, and its prompt behind each line. */
interface Doings {
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

// Pieces that leave open what they open, and name no command that would end the conversation.
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
  ...['\\p', '\\c', '\\w', '\\N', '\\z', '\\\\', '\\u d', '\\d $$ x $$', ';\ndelimiter //\n', '$$'],
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
  const random = randomFrom(seed);
  const options = { comments: random(3) === 0, namedCommands: random(3) === 0 };
  const text = Array.from({ length: 12 }, () => pieces[random(pieces.length)]).join('');
  return [text, [], { source: 'terminal', ...options }];
}

const randomCases = Array.from({ length: 40 }, (_, i) => randomCase(i + 1));

describe.each(Object.entries({ ...comparedTypedCases, 'at random': randomCases }))(
  'as the mariadb client reads what is typed: %s',
  (_axis, cases) => {
    it.each(cases.map((row) => [JSON.stringify([row[0], row[2]]), row] as const))(
      '%s',
      async (_name, row) => {
        expect(expected(row)).toEqual(await clientDoings(row));
      },
    );
  },
);

async function clientDoings([text, , options = {}]: ScriptCase): Promise<Doings> {
  const { prompts, screen } = await typeIntoClient(
    server.socketPath,
    flags(options),
    text.split('\n'),
  );
  const sent = server.taken().filter(({ text }) => !text.startsWith('select @@version_comment'));
  const problems = [...screen.matchAll(/^ERROR: (.*)\r$/gm)].map((found) => found[1] ?? '');
  return { sent, problems, prompts };
}

function flags({ comments, binaryMode, namedCommands }: ReadOptions): string[] {
  return [
    ...(comments ? ['--comments'] : []),
    ...(binaryMode ? ['--binary-mode'] : []),
    ...(namedCommands ? ['--named-commands'] : []),
  ];
}

function expected([text, , options = {}]: ScriptCase): Doings {
  const items = readChunks([Buffer.from(`${text}\n`, 'latin1')], options);
  const ended = items.some(
    ({ kind, ...item }) => 'name' in item && /^(quit|exit)$/.test(item.name),
  );
  const lookOptions = { delimiter: ';', sqlMode: defaultSqlMode, ...lookFlags(options) };
  // What is open behind a line is what is open where the next one begins.
  const { openings } = analyse(`${text}\n`, lookOptions);
  const prompts = openings
    .slice(1)
    .map((opening) => (opening === '' ? 'P>' : continuationPrompt(opening)));
  return {
    sent: items.flatMap(sentBy),
    problems: items.flatMap(problemOf),
    prompts: ended ? prompts.slice(0, endLine(text, options) - 1) : prompts,
  };
}

function lookFlags({ comments = false, namedCommands = false }: ReadOptions) {
  return { comments, namedCommands };
}

/** The line, from 1, at which `quit` ends the conversation. */
function endLine(text: string, options: ReadOptions): number {
  const lines = text.split('\n');
  return (
    lines.findIndex((_line, i) => {
      const typed = `${lines.slice(0, i + 1).join('\n')}\n`;
      const items = readChunks([Buffer.from(typed, 'latin1')], options);
      return items.some((item) => 'name' in item && /^(quit|exit)$/.test(item.name));
    }) + 1
  );
}

function sentBy(item: ScriptItem): Request[] {
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

function problemOf(item: ScriptItem): string[] {
  if (item.kind === 'problem') return [latin1(item.message).trimEnd()];
  const lacks = item.kind === 'command' && item.name === 'use' && item.args.length === 0;
  return lacks ? ['USE must be followed by a database name'] : [];
}
