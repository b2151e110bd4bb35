import { readSettings } from '../../../src/cli/read-settings.js';
import type { FanoutSettings, Settings } from '../../../src/cli/settings.js';
import { makePlan } from '../../../src/fanout/plan/make-plan.js';
import type { Plan } from '../../../src/fanout/plan/plan.js';
import { startNameServer, type ZoneRecord } from '../../farm/name-server.js';

/** Returns the settings of a command line, without option files or credentials. */
export function fanoutSettingsOf(argv: string[]): Settings & { fanout: FanoutSettings } {
  const system = { interactive: () => false, optionFiles: [] };
  const settings = readSettings(['--credentials=/dev/null', ...argv], {}, system);
  const { fanout } = settings;
  if (fanout === undefined) throw new Error('no --wikis');
  return { ...settings, fanout };
}

/** Returns the plan of a command line with --wikis. */
export function planOf(
  argv: string[],
  statements: (string | Buffer)[] = ['select 1'],
): Promise<Plan> {
  const settings = fanoutSettingsOf(argv);
  const planned = statements.map((sql, index) => ({ sql: Buffer.from(sql), line: index + 1 }));
  return makePlan(settings, settings.fanout, planned);
}

/** A name server with SRV records of the sections. */
export interface SectionNameServer {
  /** Its address in the form of --nameserver. */
  nameserver: string;
  stop(): Promise<void>;
}

/** Starts a name server for s1, s2, s7, s10, x1 and staging, on hosts one.eqiad.wmnet and so on. */
export async function startSections(): Promise<SectionNameServer> {
  const record = (target: string, port: number): ZoneRecord[] => [
    { type: 'SRV', priority: 0, weight: 100, port, target: `${target}.eqiad.wmnet` },
  ];
  const zone = {
    '_s1-analytics._tcp.eqiad.wmnet': record('one', 3311),
    '_s2-analytics._tcp.eqiad.wmnet': record('two', 3312),
    '_s7-analytics._tcp.eqiad.wmnet': record('seven', 3317),
    '_s10-analytics._tcp.eqiad.wmnet': record('ten', 3330),
    '_x1-analytics._tcp.eqiad.wmnet': record('x', 3320),
    '_staging-analytics._tcp.eqiad.wmnet': record('staging', 3350),
  };
  const server = await startNameServer(zone, '127.0.0.1', 0);
  return { nameserver: `127.0.0.1:${server.port}`, stop: async () => server.stop() };
}
