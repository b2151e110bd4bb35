import type { DnsRecord, RecordType } from './message.js';
import { formatNameServer, type NameServer, type NameServers } from './name-servers.js';
import { type Close, type QueryResult, queryNameServer } from './query-name-server.js';

/** The answer of one name server to a query, or as text the reason why no server answered. */
export type Answer =
  | { server: NameServer; exists: boolean; records: DnsRecord[] }
  | { server: undefined; error: string };

/** Returns the milliseconds of a monotonic clock. (`performance` would have to be loaded.) */
export function getMonotonicMs(): number {
  return process.uptime() * 1000;
}

/**
 * Sends one query to the name servers until one answers: with records, with no record of that type,
 * or with NXDOMAIN. A server that cannot answer (SERVFAIL, REFUSED, a malformed message, a closed
 * port) is not asked again. If a server does not answer in time, its query stays open while the
 * next server is asked: a dead server costs only a part of the time, and a slow server can still
 * answer.
 * @param deadline when to give up, in milliseconds of getMonotonicMs()
 */
export function askNameServers(
  name: string,
  type: RecordType,
  { servers, timeoutMs, attempts }: NameServers,
  deadline: number,
): Promise<Answer> {
  const schedule = Array.from({ length: attempts }, () => servers).flat();
  const limitMs = Math.min(deadline - getMonotonicMs(), schedule.length * timeoutMs);
  const msPerAttempt = Math.min(timeoutMs, limitMs / schedule.length);
  return new Promise((resolve) => {
    const openQueries = new Set<Close>();
    const errors = new Map<NameServer, string>();
    let attemptTimer: NodeJS.Timeout | undefined;
    const limitTimer = setTimeout(giveUp, Math.max(limitMs, 0));

    function finish(answer: Answer): void {
      clearTimeout(limitTimer);
      clearTimeout(attemptTimer);
      for (const close of openQueries) close();
      resolve(answer);
    }

    function giveUp(): void {
      const reasons = servers.map(
        (server) => `${formatNameServer(server)}: ${errors.get(server) ?? 'no answer'}`,
      );
      finish({ server: undefined, error: reasons.join('; ') });
    }

    function startNextAttempt(): void {
      clearTimeout(attemptTimer);
      let server = schedule.shift();
      while (server !== undefined && errors.has(server)) server = schedule.shift();
      if (server !== undefined) {
        startQuery(server);
        attemptTimer = setTimeout(startNextAttempt, msPerAttempt);
      } else if (openQueries.size === 0) {
        giveUp();
      }
    }

    function startQuery(server: NameServer): void {
      const close = queryNameServer(server, name, type, (outcome) => {
        openQueries.delete(close);
        const error = findReplyError(outcome);
        if (error !== undefined) {
          errors.set(server, error);
          startNextAttempt();
        } else if ('reply' in outcome) {
          const { code, answers } = outcome.reply;
          finish({ server, exists: code !== 'NXDOMAIN', records: answers });
        }
      });
      openQueries.add(close);
    }

    startNextAttempt();
  });
}

function findReplyError(outcome: QueryResult): string | undefined {
  if ('error' in outcome) return outcome.error;
  const { code, complete, referral } = outcome.reply;
  if (code !== 'NOERROR' && code !== 'NXDOMAIN') return `it answered ${code}`;
  if (!complete) return 'it sent a malformed answer';
  if (referral) return 'it does not offer recursion';
  return undefined;
}
