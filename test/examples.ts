import { readSettings } from '../src/cli/read-settings.js';
import type { ConnectSettings, FanoutSettings, TlsSettings } from '../src/cli/settings.js';
import { makeTcpAddress } from '../src/target/address.js';
import type { Target, TargetRequest } from '../src/target/target.js';

/*
 * Example values of types with many fields. A test gives only the fields that matter for it. Add a
 * new field of such a type here, not in the tests.
 */

/** Returns a target whose host `db1.test` was found by an SRV record, with changes. */
export function targetWith(change: Partial<Target> = {}): Target {
  return {
    wiki: undefined,
    database: undefined,
    section: undefined,
    sectionSource: undefined,
    sectionDetail: undefined,
    address: makeTcpAddress('db1.test', 3306),
    endpointSource: 'srv',
    endpointDetail: '',
    portSource: 'srv',
    portDetail: '',
    redacted: false,
    warnings: [],
    lookup: undefined,
    lookupLimitMs: Number.POSITIVE_INFINITY,
    ...change,
  };
}

/** Returns a request for a target in the domain `test`, without name servers, with changes. */
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
    redactedHost: undefined,
    ...change,
  };
}

/** Returns the settings of --wikis=all without retries and without a time limit, with changes. */
export function fanoutWith(change: Partial<FanoutSettings> = {}): FanoutSettings {
  const argv = ['--wikis=all', '--max-statement-time=0', '--retries=0', '-e', '1'];
  const { fanout } = readSettings(argv, {}, { interactive: () => false, optionFiles: [] });
  if (fanout === undefined) throw new Error('--wikis was not recognized');
  return { ...fanout, ...change };
}

/** Returns the default TLS settings, with changes. */
export function tlsWith(change: Partial<TlsSettings> = {}): TlsSettings {
  return {
    enabled: true,
    verifyServerCert: false,
    ca: undefined,
    capath: undefined,
    cert: undefined,
    key: undefined,
    passphrase: undefined,
    crl: undefined,
    crlpath: undefined,
    cipher: undefined,
    versions: undefined,
    ...change,
  };
}

/** Returns the settings of a connection in utf8mb4 with a timeout of five seconds, with changes. */
export function connectWith<Change extends Partial<ConnectSettings>>(change: Change) {
  return {
    characterSet: 'utf8mb4',
    tls: tlsWith(),
    connectTimeout: 5,
    initCommands: [],
    maxStatementTime: 0,
    enableCleartextPlugin: false,
    compress: false,
    expiredPassword: false,
    maxAllowedPacket: 16 * 1024 * 1024,
    localInfile: 'none' as const,
    safeUpdates: { on: false, selectLimit: 0, maxJoinSize: 0 },
    ignoreSpaces: false,
    ...change,
  };
}
