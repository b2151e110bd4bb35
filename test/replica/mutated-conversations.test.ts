import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll, expect, inject, it } from 'vitest';
import { outputFormats } from '../../src/output/formats.js';
import { peakMemory } from '../farm/peak-memory.js';
import { runOursMeasured, startScript } from '../farm/run.js';
import { projectRoot, type Section } from '../farm/sections.js';
import { hasEd25519, type Users } from '../farm/users.js';
import { createRandom } from '../output/rows.js';
import { type Conversation, recordConversations, replayConversations } from './conversation.js';
import { mutate } from './mutate.js';
import {
  buildAuthSwitch,
  buildGreeting,
  okPayload,
  type Step,
  scramble,
  startScriptedServer,
} from './scripted-server.js';
import { asTsv, type DecodedResult, decodeResponse } from './strict-decoder.js';

/*
 * Nothing that a server sends may make the program print what is not data, lose a row with exit status
 * 0, hang, or take unbounded memory. Conversations with a real server are recorded, changed at random
 * and replayed.
 */

const count = Number(process.env.MUTATIONS ?? 300);
const firstSeed = Number(process.env.MUTATION_SEED ?? 1);
/** So many at once: more than processors, since each also waits for the server. */
const atOnce = 4;
/** The greeting, the client's response, the OK, and the client's first query. */
const loginTurns = 4;
/** After so many failures the rest tells nothing new. */
const enough = 5;
/** In kB; one process needs about 100 MB. */
const memoryLimit = 300 * 1024;
/** In seconds. */
const longest = 10;

/** One way to use the program, with the conversation that it has with a real server. */
interface Subject {
  name: string;
  args: string[];
  /** s2 if left out. */
  section?: Section;
  /** The user who logs in; research if left out. */
  user?: keyof Users;
  /** The conversation is recorded with a scripted server, for plugins that the farm does not have. */
  steps?: Step[];
  /** It is a program that uses the library, and `args` are its database and its SQL. */
  usesLibrary?: true;
  /** What is printed is compared with the server's responses. */
  compares?: { wikis?: string[] };
}

/** How a run of the program ended. */
interface Ended {
  stdout: Buffer;
  stderr: string;
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The most resident memory that was seen, in kB. */
  mostMemory: number;
  seconds: number;
}

const wikis = ['itwiki', 'nlwiki', 'plwiki'];
const types = 'select * from all_types where id in (1, 3) order by id';

const subjects: Subject[] = [
  { name: 'batch', args: ['itwiki', '-e', types], compares: {} },
  {
    name: 'several results',
    args: ['itwiki', '--delimiter=//', '-e', "select 1 a, null b; do 1; select 'x\\ty' c"],
    compares: {},
  },
  {
    name: 'many rows',
    args: ['itwiki', '-e', 'select seq, repeat(seq, 9) from seq_1_to_400'],
    compares: {},
  },
  { name: 'compressed', args: ['itwiki', '-C', '-e', 'select seq from seq_1_to_300'] },
  {
    name: 'LOAD DATA LOCAL',
    section: 'staging',
    args: [
      'staging',
      '-e',
      "create temporary table t (a text); load data local infile '/etc/passwd' into table t",
    ],
  },
  {
    name: '--wikis',
    args: ['--wikis', wikis.join(), '--retries=0', '-e', 'select count(*) n from page'],
    compares: { wikis },
  },
  { name: 'no password', user: 'noPassword', args: ['-e', 'select 1'], compares: {} },
  ...(hasEd25519
    ? [{ name: 'ed25519', user: 'ed25519' as const, args: ['itwiki', '-e', types] }]
    : []),
  ...['mysql_native_password', 'mysql_clear_password', 'dialog'].map((plugin) => ({
    name: `switch to ${plugin}`,
    steps: [
      buildGreeting(),
      buildAuthSwitch(plugin, plugin === 'dialog' ? '\x04Password: ' : `${scramble}\0`),
      okPayload,
      okPayload,
    ],
    args: ['--enable-cleartext-plugin', '-e', 'do 1'],
  })),
  { name: 'the library', usesLibrary: true, args: ['itwiki', types] },
  ...outputFormats
    .filter((name) => name !== 'tsv')
    .map((name) => ({ name, args: ['itwiki', '--format', name, '-e', types] })),
];

/** The arguments with which the program connects to a port of 127.0.0.1. */
function connectingTo(port: number, user: keyof Users = 'research'): string[] {
  const { name, password } = inject('farm').users[user];
  return [
    ...['--no-defaults', '-h127.0.0.1', `-P${port}`, `-u${name}`, `-p${password}`],
    ...['--skip-ssl', '--connect_timeout=5'],
  ];
}

/** Prints the number of rows; the exit status of an error is 3. */
const libraryProgram = `
const { query } = require(${JSON.stringify(join(projectRoot, 'dist/library/index.js'))});
const [host, port, user, password, wiki, sql] = process.argv.slice(1);
const options = { host, port: Number(port), user, password, tls: false, connectTimeout: 5, noDefaults: true };
query(wiki, sql, { ...options, binary: 'bytes' }).toArray().then(
  (rows) => console.log(rows.length),
  (error) => {
    console.error(error.message);
    process.exitCode = 3;
  },
);`;

function run({ usesLibrary, user, args }: Subject, port: number): Promise<Ended> {
  return usesLibrary ? runLibrary(args, port) : runProgram([...connectingTo(port, user), ...args]);
}

async function runProgram(args: string[]): Promise<Ended> {
  const started = performance.now();
  const result = await runOursMeasured(args);
  return { ...result, seconds: (performance.now() - started) / 1000 };
}

const recordings = new Map<Subject, Conversation>();

beforeAll(async () => {
  for (const subject of subjects) {
    const scripted = subject.steps && (await startScriptedServer(subject.steps));
    const server = scripted
      ? { address: '127.0.0.1', port: scripted.port }
      : inject('farm').endpoints[subject.section ?? 's2'];
    const [conversation] = await recordConversations(server, async (proxy) => {
      const { code, stderr } = await run(subject, proxy);
      expect([subject.name, code], stderr).toEqual([subject.name, 0]);
    });
    scripted?.close();
    recordings.set(subject, conversation ?? []);
  }
});

/** Runs the program that uses the library; kills it after ten seconds. */
async function runLibrary(args: string[], port: number): Promise<Ended> {
  const { name, password } = inject('farm').users.research;
  const child = startScript(libraryProgram, ['127.0.0.1', String(port), name, password, ...args]);
  const started = performance.now();
  const stdout: Buffer[] = [];
  let stderr = '';
  child.stdout?.on('data', (bytes: Buffer) => stdout.push(bytes));
  child.stderr?.on('data', (bytes: Buffer) => {
    stderr += bytes;
  });
  child.stdin?.end();
  let mostMemory = 0;
  const poll = setInterval(() => {
    mostMemory = Math.max(mostMemory, peakMemory(child.pid ?? 0));
    if (performance.now() - started > longest * 1000) child.kill('SIGKILL');
  }, 20);
  const [code, signal] = await once(child, 'close');
  clearInterval(poll);
  const seconds = (performance.now() - started) / 1000;
  return { stdout: Buffer.concat(stdout), stderr, code, signal, mostMemory, seconds };
}

/** Returns why a run did not end as it has to; undefined: it did. */
function findFault(
  { compares, usesLibrary }: Subject,
  replayed: Conversation,
  { stdout, stderr, code, signal, mostMemory, seconds }: Ended,
): string | undefined {
  if (signal !== null || seconds > longest)
    return `${signal ?? 'an end'} after ${seconds.toFixed(1)} s`;
  if (code === 70 || stderr.includes('internal error')) return 'internal error';
  if (usesLibrary && code !== 0 && code !== 3) return `exit status ${code}`;
  if (stderr.includes('packets out of order')) return 'a warning of mysql2';
  if (mostMemory > memoryLimit) return `${Math.round(mostMemory / 1024)} MB of memory`;
  if (compares === undefined || code !== 0) return undefined;
  const results: DecodedResult[] = [];
  for (const { from, bytes } of replayed.slice(loginTurns)) {
    const decoded = from === 'server' ? decodeResponse(bytes) : [];
    if (typeof decoded === 'string') return `exit status 0, though ${decoded}`;
    results.push(...decoded);
  }
  const tsv = asTsv(results, compares.wikis);
  return stdout.equals(tsv) ? undefined : `printed ${stdout} and not ${tsv}`;
}

async function tryOne(seed: number): Promise<string | undefined> {
  const random = createRandom(seed * 7919);
  const subject = subjects[seed % subjects.length] as Subject;
  const recorded = recordings.get(subject) ?? [];
  // Where what is printed is compared, most changes are to the response.
  const last = recorded.findLastIndex(({ from }) => from === 'server');
  const turn = subject.compares !== undefined && random(4) > 0 ? last : undefined;
  const { conversation, changes } = mutate(recorded, random, turn);
  const server = await replayConversations([conversation]);
  try {
    const ended = await run(subject, server.port).catch((error: Error) => error);
    const isEnded = !(ended instanceof Error);
    const fault = isEnded ? findFault(subject, conversation, ended) : ended.message;
    if (fault === undefined) return undefined;
    const where = `MUTATION_SEED=${seed} MUTATIONS=1 make fuzz`;
    const errors = isEnded ? ended.stderr : '';
    return `${where} (${subject.name}; ${changes.join('; ')}): ${fault}\n${errors}`;
  } finally {
    server.close();
  }
}

it(
  `${count} changed conversations from seed ${firstSeed} end with the right rows or an error`,
  async () => {
    const faults: string[] = [];
    const seeds = Array.from({ length: count }, (_, i) => firstSeed + i);
    const work = async () => {
      for (;;) {
        const seed = seeds.shift();
        if (seed === undefined || faults.length >= enough) return;
        const fault = await tryOne(seed);
        if (fault !== undefined) faults.push(fault);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    expect(faults.join('\n')).toBe('');
  },
  60_000 + count * 1000,
);
