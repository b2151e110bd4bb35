import { readSettings } from '../src/cli/read-settings.js';
import type { ConnectSettings, FanoutSettings, TlsSettings } from '../src/cli/settings.js';
import { tcpAddress } from '../src/target/address.js';
import type { Target, TargetRequest } from '../src/target/target.js';

/*
 * Complete values of types with many fields, of which a test names only those that it is about. A new
 * field of a type is added here, and in no test.
 */

/** A target whose host is `db1.test`, found by a SRV record. */
export function targetWith(change: Partial<Target> = {}): Target {
  return {
    wiki: undefined,
    database: undefined,
    section: undefined,
    sectionSource: undefined,
    sectionDetail: undefined,
    address: tcpAddress('db1.test', 3306),
    endpointSource: 'srv',
    endpointDetail: '',
    portSource: 'srv',
    warnings: [],
    lookup: undefined,
    ...change,
  };
}

/** A request for the server of a wiki or section, in the domain `test`, without name servers. */
export function requestWith(change: Partial<TargetRequest> = {}): TargetRequest {
  return {
    wiki: undefined,
    section: undefined,
    useX1: false,
    mwConfigPath: '/no/such/checkout',
    domain: 'test',
    nameservers: [],
    address: undefined,
    port: undefined,
    ...change,
  };
}

/** --wikis=all, without retries and without a limit of time. */
export function fanoutWith(change: Partial<FanoutSettings> = {}): FanoutSettings {
  const argv = ['--wikis=all', '--max-statement-time=0', '--retries=0', '-e', '1'];
  const { fanout } = readSettings(argv, {}, { interactive: () => false, optionFiles: [] });
  if (fanout === undefined) throw new Error('--wikis is not seen');
  return { ...fanout, ...change };
}

/** TLS as without options. */
export function tlsWith(change: Partial<TlsSettings> = {}): TlsSettings {
  return {
    enabled: true,
    verifyServerCert: false,
    ca: undefined,
    capath: undefined,
    cert: undefined,
    key: undefined,
    crl: undefined,
    crlpath: undefined,
    cipher: undefined,
    versions: undefined,
    ...change,
  };
}

/** A connection in utf8mb4, given up after five seconds. */
export function connectWith<Change extends Partial<ConnectSettings>>(change: Change) {
  return {
    characterSet: 'utf8mb4',
    tls: tlsWith(),
    connectTimeout: 5,
    initCommands: [],
    compress: false,
    expiredPassword: false,
    maxAllowedPacket: 16 * 1024 * 1024,
    localInfile: false,
    safeUpdates: { on: false, selectLimit: 0, maxJoinSize: 0 },
    ignoreSpaces: false,
    ...change,
  };
}
