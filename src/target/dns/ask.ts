import { type Close, type ExchangeResult, exchange } from './exchange.js';
import type { DnsRecord, RecordType } from './message.js';
import { type NameServer, type NameServers, nameServerInWords } from './name-servers.js';

/** One server's word on a question, or in words why no server gave one. */
export type Answer =
  | { server: NameServer; exists: boolean; records: DnsRecord[] }
  | { server: undefined; error: string };

/** Milliseconds of a clock that never jumps. (`performance` would have to be loaded.) */
export function now(): number {
  return process.uptime() * 1000;
}

/**
 * Puts one question to the name servers until one gives its word: records, none of that type, or
 * no such name (NXDOMAIN). One that cannot (SERVFAIL, REFUSED, garbage, nobody listening) is left
 * out from then on. One that stays silent keeps its chance while the next is asked, so that a
 * dead server costs a part of the time, and a slow one still counts.
 * @param deadline when to give up, as now() counts
 */
export function ask(
  name: string,
  type: RecordType,
  { servers, timeoutMs, attempts }: NameServers,
  deadline: number,
): Promise<Answer> {
  const turns = Array.from({ length: attempts }, () => servers).flat();
  const allowed = Math.min(deadline - now(), turns.length * timeoutMs);
  const patience = Math.min(timeoutMs, allowed / turns.length);
  return new Promise((resolve) => {
    const open = new Set<Close>();
    const faults = new Map<NameServer, string>();
    let nextTurn: NodeJS.Timeout | undefined;
    const end = setTimeout(giveUp, Math.max(allowed, 0));

    function finish(answer: Answer): void {
      clearTimeout(end);
      clearTimeout(nextTurn);
      for (const close of open) close();
      resolve(answer);
    }

    function giveUp(): void {
      const words = servers.map(
        (server) => `${nameServerInWords(server)}: ${faults.get(server) ?? 'no answer'}`,
      );
      finish({ server: undefined, error: words.join('; ') });
    }

    function takeTurn(): void {
      clearTimeout(nextTurn);
      let server = turns.shift();
      while (server !== undefined && faults.has(server)) server = turns.shift();
      if (server !== undefined) {
        start(server);
        nextTurn = setTimeout(takeTurn, patience);
      } else if (open.size === 0) {
        giveUp();
      }
    }

    function start(server: NameServer): void {
      const close = exchange(server, name, type, (outcome) => {
        open.delete(close);
        const fault = errorOf(outcome);
        if (fault !== undefined) {
          faults.set(server, fault);
          takeTurn();
        } else if ('reply' in outcome) {
          const { code, answers } = outcome.reply;
          finish({ server, exists: code !== 'NXDOMAIN', records: answers });
        }
      });
      open.add(close);
    }

    takeTurn();
  });
}

function errorOf(outcome: ExchangeResult): string | undefined {
  if ('error' in outcome) return outcome.error;
  const { code, complete, referral } = outcome.reply;
  if (code !== 'NOERROR' && code !== 'NXDOMAIN') return `it answered ${code}`;
  if (!complete) return 'an answer that cannot be read';
  if (referral) return 'it does not resolve for others';
  return undefined;
}
