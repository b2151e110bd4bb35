import { writeFileSync } from 'node:fs';
import { runProgram } from './program.js';
import {
  type EndingSignal,
  keepIgnoredSignals,
  type ProgramEnd,
  signalNumbers,
} from './signals.js';

/*
 * The entry point of the program: importing this file runs the program and exits the process. It
 * also runs without a build: `npx tsx src/main.ts itwiki --print-target`.
 */

/** The environment variable in which the launcher passes the mask of ignored signals. */
const ignoredVariable = 'ANALYTICS_MYSQL_IGNORED_SIGNALS';

async function main(): Promise<void> {
  const { argv, env } = process;
  keepIgnoredSignals(env[ignoredVariable] ?? '');
  // Child processes must not inherit the variable.
  delete env[ignoredVariable];
  endProcess(await runProgram(argv.slice(2), env));
}

/**
 * Exits the process. If a signal ended the run, the process kills itself with that signal, so that
 * a loop in the calling shell stops at Ctrl-C; there `$?` is 128 + the number of the signal.
 */
function endProcess(end: ProgramEnd): void {
  if (typeof end === 'number') process.exit(end);
  // This listener runs last: earlier ones restore the terminal and remove temporary files.
  process.on('exit', () => killSelf(end));
  process.exit(128 + signalNumbers[end]);
}

/** Ends the process by the default action of the signal; returns only if that is not possible. */
function killSelf(signal: EndingSignal): void {
  try {
    // SIGQUIT may dump core. The dump must not contain rows or passwords (core(5)).
    writeFileSync('/proc/self/coredump_filter', '0');
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  } catch {
    // The exit status reports the signal as well.
  }
}

void main();
