import { type EventEmitter, once } from 'node:events';
import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import {
  loadProgram,
  mark,
  prepareProcess,
  rememberResources,
  type TerminalCall,
  type TerminalReply,
} from './warm-process.js';

/*
 * The process that warm-terminal.ts starts on a terminal: it runs the built program there many times, one
 * run after the other. Its arguments: the module of the program, and the socket for requests.
 */

const runProgram = loadProgram();
const socketPath = process.argv[3] ?? '';
const connection = createConnection(socketPath);
const { stdin, stdout, stderr } = process; // Node.js creates each at its first use

/** Leaves the alternate screen, resets the terminal, and deletes the lines that were scrolled off. */
const blankScreen = '\x1b[?1049l\x1bc\x1b[3J';

/** Returns a function that removes the listeners that were added since; it calls those for `exit`. */
function rememberListeners(): () => void {
  const emitters: EventEmitter[] = [process, stdin, stdout, stderr];
  const before = emitters.map(
    (emitter) =>
      new Map(emitter.eventNames().map((name) => [name, new Set(emitter.rawListeners(name))])),
  );
  return () => {
    for (const [index, emitter] of emitters.entries()) {
      for (const name of emitter.eventNames()) {
        for (const listener of emitter.rawListeners(name)) {
          if (before[index]?.get(name)?.has(listener)) continue;
          if (emitter === process && name === 'exit') listener.call(process, 0);
          emitter.removeListener(name, listener as () => void);
        }
      }
    }
  };
}

/** Waits until the terminal has the size of a request: tmux sets it up to 250 ms after a change. */
async function waitForSize({ columns, rows }: TerminalCall): Promise<void> {
  while (stdout.columns !== columns || stdout.rows !== rows) await once(stdout, 'resize');
}

/** Discards what was typed and not read. */
async function discardInput(): Promise<void> {
  stdin.setRawMode(true);
  stdin.resume();
  await pause(5);
  stdin.pause();
  stdin.setRawMode(false);
}

async function run(call: TerminalCall): Promise<TerminalReply> {
  await waitForSize(call);
  const restoresResources = rememberResources();
  const removeListeners = rememberListeners();
  const restore = prepareProcess(call);
  stdout.write(blankScreen + mark);
  const end = await runProgram(call.args, process.env);
  removeListeners();
  restore();
  stdout.write(mark);
  if (stdin.readableEnded || stdin.destroyed) return { end, isReusable: false };
  await discardInput();
  return { end, isReusable: await restoresResources() };
}

connection.on('error', () => process.exit(1));
connection.on('close', () => process.exit());
for await (const line of createInterface({ input: connection })) {
  if (line === 'hang up') process.kill(process.pid, 'SIGHUP');
  else void run(JSON.parse(line)).then((reply) => connection.write(`${JSON.stringify(reply)}\n`));
}
