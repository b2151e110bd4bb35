import { readdirSync, readFileSync } from 'node:fs';
import { Failure } from '../failure.js';
import type { Plan } from './plan/plan.js';

/*
 * Keeps a run within the limit of open files (`ulimit -n`), because a run that reaches it fails in the
 * middle, with whatever needs the next file: a connection, a part of the output, a module of Node.
 */

/** Descriptors for everything besides connections and their files, such as name servers' answers. */
const reserved = 16;
/** A connection that may still run a statement needs another one to stop that statement. */
const socketsPerConnection = 2;

export interface ConnectionLimit {
  /** The number of connections per section that the limit of open files permits. */
  perSection: number;
  /** Set if that is fewer than requested. */
  warning: string | undefined;
}

/**
 * Returns how many connections to each section a run may open, at most `requested`. `filesPerConnection`
 * is the number of files that the run writes for each. Throws Failure `too-many-files` if the limit of
 * open files is too low for one connection to each section.
 */
export function limitConnections(
  { sections }: Plan,
  requested: number,
  filesPerConnection: number,
): ConnectionLimit {
  const openFiles = readOpenFiles();
  if (openFiles === undefined) return { perSection: requested, warning: undefined };
  const { limit, used } = openFiles;
  const required = (perSection: number, sockets: number) =>
    used +
    reserved +
    sections.reduce((sum, { wikis }) => sum + Math.min(perSection, wikis.length), 0) *
      (sockets + filesPerConnection);
  let perSection = requested;
  while (perSection > 1 && required(perSection, socketsPerConnection) > limit) perSection--;
  const smallest = required(1, 1);
  if (smallest > limit) {
    const text = `the limit of open files is ${limit}, and this run needs ${smallest}`;
    throw new Failure(
      'too-many-files',
      `${text}: raise it with 'ulimit -n', or choose fewer sections`,
    );
  }
  const connections = perSection === 1 ? 'one connection' : `${perSection} connections`;
  const text = `only ${connections} per section, because the limit of open files is ${limit}`;
  return {
    perSection,
    warning: perSection < requested ? `Warning: ${text}; raise it with 'ulimit -n'` : undefined,
  };
}

/** Returns the limit of open files and how many are open; undefined if the system does not tell. */
function readOpenFiles(): { limit: number; used: number } | undefined {
  try {
    const [, limit] =
      /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    if (limit === undefined) return undefined;
    return { limit: Number(limit), used: readdirSync('/proc/self/fd').length };
  } catch {
    return undefined;
  }
}
