import { writeFileSync } from 'node:fs';
import { runProgram } from './program.js';
import {
  type EndingSignal,
  keepIgnoredSignals,
  type ProgramEnd,
  signalNumbers,
} from './signals.js';

/*
 * The entry of the program: loading this file runs it, and ends the process. Unbuilt too:
 * `npx tsx src/main.ts itwiki --print-target`.
 */

/** The environment variable in which the launcher passes on which signals are ignored. */
const ignoredVariable = 'ANALYTICS_MYSQL_IGNORED_SIGNALS';

async function main(): Promise<void> {
  const { argv, env } = process;
  keepIgnoredSignals(env[ignoredVariable] ?? '');
  // Children must not inherit it.
  delete env[ignoredVariable];
  endProcess(await runProgram(argv.slice(2), env));
}

/**
 * Exits. A run that a signal ended dies of that signal, so that a loop of the shell stops at Ctrl-C;
 * `$?` is 128 + the signal's number there.
 */
function endProcess(end: ProgramEnd): void {
  if (typeof end === 'number') process.exit(end);
  // The last of the listeners: those before it restore the terminal and remove temporary files.
  process.on('exit', () => dieOf(end));
  process.exit(128 + signalNumbers[end]);
}

/** Ends the process by the signal's default action; returns only if that is not possible. */
function dieOf(signal: EndingSignal): void {
  try {
    // SIGQUIT may dump core: no rows or passwords may be in it (core(5)).
    writeFileSync('/proc/self/coredump_filter', '0');
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  } catch {
    // The exit status says the same.
  }
}

void main();
