import { describe, expect, it } from 'vitest';
import { readSettings } from '../../src/cli/read-settings.js';
import { type Address, makeTcpAddress } from '../../src/target/address.js';

/** A system without option files and without a terminal, so that only argv matters. */
const system = { interactive: () => false, optionFiles: [] };

const socketFile: Address = { kind: 'socket', path: '/s' };

/** Returns the value at a path such as `target.wiki`. */
function valueAtPath(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((parent, key) => {
    return typeof parent === 'object' && parent !== null ? Reflect.get(parent, key) : undefined;
  }, value);
}

function readValues(argv: string[], wanted: Record<string, unknown>, env: NodeJS.ProcessEnv = {}) {
  const settings = readSettings(['--credentials=/dev/null', ...argv], env, system);
  return Object.fromEntries(Object.keys(wanted).map((path) => [path, valueAtPath(settings, path)]));
}

type Case = [argv: string[], wanted: Record<string, unknown>];

describe('the settings of a command line', () => {
  const cases: Case[] = [
    // the examples of the README
    [['itwiki', '--print-target'], { action: 'print-target', 'target.wiki': 'itwiki' }],
    [['itwiki', '--use-x1', '--print-target'], { 'target.useX1': true }],
    [['itwiki', '-e', 'show tables'], { action: 'run', 'input.execute': ['show tables'] }],
    [['-e', 'select 1', 'itwiki'], { 'target.wiki': 'itwiki', 'input.execute': ['select 1'] }],
    [['staging', '--', '-e', 'x'], { 'target.wiki': 'staging', 'input.execute': ['x'] }],
    [['itwiki'], { 'input.execute': undefined, 'target.section': undefined }],
    // the first -- is ignored, the second ends the options
    [['--', 'itwiki', '-B'], { 'target.wiki': 'itwiki', 'output.batch': true }],
    [['--', '--', '-B'], { 'target.wiki': '-B' }],
    [['--', '-N', '--', '--odd'], { 'target.wiki': '--odd', 'output.columnNames': false }],
    // options that the client does not have
    [['--section', 's2'], { 'target.section': 's2', 'target.wiki': undefined }],
    [['--section=s2', '--section=s3'], { 'target.section': 's3' }],
    [['--nameserver=::1', '--nameserver', 'a:5'], { 'target.nameservers': ['::1', 'a:5'] }],
    [['--nameserver=a,b c'], { 'target.nameservers': ['a', 'b', 'c'] }],
    [['--domain', 'x.test'], { 'target.domain': 'x.test' }],
    [[], { 'target.domain': 'eqiad.wmnet', 'target.mwConfigPath': '/srv/mediawiki-config' }],
    [['--mw-config-path=-odd'], { 'target.mwConfigPath': '-odd' }],
    [['--mw-config-path', '-1'], { 'target.mwConfigPath': '-1' }],
    [['--mw_config_path=.'], { 'target.mwConfigPath': '.' }],
    [['--MW-CONFIG-PATH=.'], { 'target.mwConfigPath': '.' }],
    [['--client', '/bin/x', 'itwiki'], { 'client.program': '/bin/x', 'target.wiki': 'itwiki' }],
    [['a', '--print-target', '--format', 'json'], { printTargetFormat: 'json' }],
    [['a', '--print-target'], { printTargetFormat: 'text' }],
    [['a', '--print-target', '-v'], { 'output.verbose': 1, 'output.batch': true }],
    // abbreviated names: options of the client come first
    [['--print-t'], { action: 'print-target' }],
    [['--use-', 'a'], { 'target.useX1': true }],
    [['--use', 'a'], { 'target.useX1': true, 'target.wiki': 'a' }],
    [['--use=anna'], { 'target.useX1': false, 'connect.user': 'anna' }],
    [['--print'], { action: 'print-target' }],
    [['--print-'], { action: 'print-target' }],
    [['--print-d'], { action: 'print-defaults' }],
    [['a', '--redacted'], { 'target.redactedHost': 'an-redacteddb1001.eqiad.wmnet' }],
    [['a', '--redacted', '--redacted-host', 'h'], { 'target.redactedHost': 'h' }],
    [['--us', 'anna'], { 'connect.user': 'anna' }],
    [['--cl', 'x'], { 'client.program': 'x' }],
    // short options
    [['-uanna'], { 'connect.user': 'anna' }],
    [['-u', 'anna'], { 'connect.user': 'anna' }],
    [['-u', '-x'], { 'connect.user': '-x' }],
    [['-u', ''], { 'connect.user': undefined }],
    [['-psecret'], { 'connect.password': 'secret' }],
    [['-p', 'itwiki'], { 'connect.password': { ask: true }, 'target.wiki': 'itwiki' }],
    [['-BNe', 'x'], { 'input.execute': ['x'], 'output.columnNames': false, 'output.batch': true }],
    [['-Nex'], { 'input.execute': ['x'] }],
    [['-BpX'], { 'connect.password': 'X' }],
    [['-e', 'a', '-eb', '--exec=c'], { 'input.execute': ['a', 'b', 'c'] }],
    [['-h', 'db1'], { action: 'run', 'target.address': makeTcpAddress('db1', 3306) }],
    [['-hdb1'], { 'target.address': makeTcpAddress('db1', 3306) }],
    [['-h', '-B'], { 'target.address': makeTcpAddress('-B', 3306) }],
    [['itwiki', '-h'], { action: 'help' }],
    [['-Bh'], { action: 'help' }],
    [['-?'], { action: 'help' }],
    [['-I'], { action: 'help' }],
    [['--help', '--nonsense'], { action: 'help' }],
    [['--completion', 'zsh'], { action: 'completion', completionShell: 'zsh' }],
    [['itwiki', '--completion=fish', '-e', 'x'], { action: 'completion' }],
    [['--he'], { action: 'help' }],
    [['--help'], { helpTopic: undefined }],
    [['--help', 'wikis', 'x', '--nonsense'], { action: 'help', helpTopic: 'wikis' }],
    [['itwiki', '-?', 'all'], { action: 'help', helpTopic: 'all' }],
    [['--help', 'itwiki'], { action: 'help', helpTopic: undefined }],
    [['wikis', '--help'], { action: 'help', helpTopic: undefined }],
    [['--version', 'wikis'], { action: 'version', helpTopic: undefined }],
    [['-V', '--nonsense'], { action: 'version' }],
    [['-BV'], { action: 'version' }],
    [['--version', '--help'], { action: 'version' }],
    // long options of the client
    [['--EXECUTE=x'], { 'input.execute': ['x'] }],
    [['--password='], { 'connect.password': '' }],
    [['--password', 'itwiki'], { 'connect.password': { ask: true } }],
    [['-pa', '-p'], { 'connect.password': { ask: true } }],
    [['-p', '--password=a'], { 'connect.password': 'a' }],
    [['-pa', '--skip-password'], { 'connect.password': '' }],
    [['--database=a'], { 'target.wiki': 'a' }],
    [['-Da', 'b'], { 'target.wiki': 'b' }],
    [['b', '-Da'], { 'target.wiki': 'b' }],
    [['', '-Da'], { 'target.wiki': undefined }],
    [['--skip-ssl'], { 'connect.tls.enabled': false }],
    [['--ssl=0'], { 'connect.tls.enabled': false }],
    [['--skip-ssl', '--ssl-ca=f'], { 'connect.tls.enabled': true, 'connect.tls.ca': 'f' }],
    [['--ssl-key=k', '--skip-ssl'], { 'connect.tls.enabled': false, 'connect.tls.key': 'k' }],
    [['--ssl-cert', 'c'], { 'connect.tls.cert': 'c', 'connect.tls.verifyServerCert': false }],
    [['--ssl-verify-server-cert'], { 'connect.tls.verifyServerCert': true }],
    [['--connect-timeout=1k'], { 'connect.connectTimeout': 1024 }],
    [['--max_allowed_packet=1G'], { 'connect.maxAllowedPacket': 1073741824 }],
    [['--max-allowed-packet=5000'], { 'connect.maxAllowedPacket': 4096 }],
    [['--init-command=a', '--init-command=b'], { 'connect.initCommands': ['b'] }],
    [['-C'], { 'connect.compress': true }],
    [['--default-character-set=latin1'], { 'connect.characterSet': 'latin1' }],
    [['--default-character-set=auto'], { 'connect.characterSet': 'auto' }],
    [['--default-character-set=AUTO'], { 'connect.characterSet': 'auto' }],
    [['--delimiter=//'], { 'input.delimiter': '//' }],
    [['--delimiter=abcdefghijklmnopq'], { 'input.delimiter': 'abcdefghijklmno' }],
    [['--delimiter=//', '--skip-delimiter'], { 'input.delimiter': ';' }],
    [['-f', '-e', 'x'], { 'input.force': false }],
    [['-e', 'x', '-f'], { 'input.force': true }],
    [['-e', 'x', '-f', '-e', 'y'], { 'input.force': true }],
    [['-t', '--disable-table'], { 'output.format.name': 'tsv' }],
    [['--disable-table=0'], { 'output.format.name': 'table' }],
    [['--table=OFF', '-E', '-r', '-q', '-n'], { 'output.format': { name: 'vertical' } }],
    [['-c', '-G', '--binary-mode'], { 'input.comments': true, 'input.namedCommands': true }],
    [['--line-numbers=0'], { 'input.lineNumbers': false }],
    [['-L'], { 'input.lineNumbers': true }],
    [['--skip-loose-quick'], { 'output.quick': true }],
    [['-vvv'], { 'output.verbose': 3 }],
    [[], { 'output.silent': 1, 'output.silentGiven': false }],
    [['-s'], { 'output.silent': 2, 'output.silentGiven': true }],
    [['-B'], { 'output.silent': 1, 'output.silentGiven': false }],
    [['-s', '-B', '-s'], { 'output.silent': 3 }],
    // options without an effect in batch, and options that repeat a default
    [['-A', '-b', '--pager=less', '--prompt=x', '--skip-reconnect'], { action: 'run' }],
    [['--local-infile=0', '--skip-html', '--xml=off', '--skip-tee'], { action: 'run' }],
    // a server that the user chooses
    [['-P', '3311'], { 'target.port': 3311, 'target.address': undefined }],
    [['-P0'], { 'target.port': undefined }],
    [['-S', '/s'], { 'target.address': socketFile }],
    [['-S', '/s', '-P1'], { 'target.address': makeTcpAddress('localhost', 1), 'target.port': 1 }],
    [['-P1', '-S', '/s'], { 'target.address': socketFile, 'target.port': undefined }],
    [['-S', '/s', '--protocol=tcp'], { 'target.address': makeTcpAddress('localhost', 3306) }],
    [['-h', 'db1', '-S', '/s'], { 'target.address': makeTcpAddress('db1', 3306) }],
    [['-h', 'localhost', '-S', '/s'], { 'target.address': socketFile }],
    [
      ['-h', 'localhost'],
      { 'target.address': { kind: 'socket', path: '/run/mysqld/mysqld.sock' } },
    ],
    [
      ['-h', 'localhost', '-P1'],
      { 'target.address': makeTcpAddress('localhost', 1), 'target.port': 1 },
    ],
    [['-h', '', '-S', '/s'], { 'target.address': socketFile }],
  ];
  it.each(cases)('%j gives %j', (argv, wanted) => {
    expect(readValues(argv, wanted)).toEqual(wanted);
  });

  it('prints tables by default in the shell', () => {
    const settings = readSettings(['--no-defaults'], {}, { ...system, interactive: () => true });
    expect(settings.output).toMatchObject({ batch: false, silent: 0 });
  });
});

describe('the settings of the environment', () => {
  const cases: [env: NodeJS.ProcessEnv, argv: string[], wanted: Record<string, unknown>][] = [
    [{ ANALYTICS_MYSQL_MW_CONFIG_PATH: '/c' }, [], { 'target.mwConfigPath': '/c' }],
    [{ ANALYTICS_MYSQL_MW_CONFIG_PATH: '/c' }, ['--mw=/d'], { 'target.mwConfigPath': '/d' }],
    [{ ANALYTICS_MYSQL_NAMESERVER: 'a, b c' }, [], { 'target.nameservers': ['a', 'b', 'c'] }],
    [{ ANALYTICS_MYSQL_NAMESERVER: 'a' }, ['--names=b'], { 'target.nameservers': ['b'] }],
    [{ MYSQL_PWD: 'w' }, [], { 'connect.password': 'w' }],
    [{ MYSQL_PWD: 'w' }, ['-px'], { 'connect.password': 'x' }],
    [{ MYSQL_PWD: 'w' }, ['--skip-password'], { 'connect.password': '' }],
    [{ MYSQL_HOST: 'h', MYSQL_TCP_PORT: '5' }, [], { 'target.address': undefined }],
    [{ MYSQL_TCP_PORT: '5', MYSQL_UNIX_PORT: '/s' }, [], { 'target.port': undefined }],
    [{ MYSQL_UNIX_PORT: '/s' }, [], { 'target.address': undefined }],
  ];
  it.each(cases)('%j with %j gives %j', (env, argv, wanted) => {
    expect(readValues(argv, wanted, env)).toEqual(wanted);
  });
});

describe('the arguments of --client, and masked passwords', () => {
  it('passes each option of the client as one word, without own options', () => {
    const argv = ['-BNe', 'a b', 'enwiki', '--use-x1', '--domain', 'x', '-uanna', '-psecret'];
    const { client } = readSettings(['--client=x', ...argv], {}, system);
    const wanted = ['--batch', '--skip-column-names', '--execute=a b', '--user=anna'];
    expect(client).toEqual({ program: 'x', fileOptions: [], lineOptions: wanted });
  });

  const masks: [string[], string[] | undefined][] = [
    [
      ['-psecret', 'a'],
      ['-p*****', 'a'],
    ],
    [['-Bpsecret'], ['-Bp*****']],
    [
      ['--password=secret', '-e', '-pq'],
      ['--password=*****', '-e', '-pq'],
    ],
    [
      ['--pass=secret', '-psecret'],
      ['--pass=*****', '-p*****'],
    ],
    [['-p', 'a'], undefined],
    [
      ['-e', "set password='x'"],
      ['-e', '*****'],
    ],
    [["-Bse set password='x'"], ['-Bse*****']],
    [["--execute=set password='x'"], ['--execute=*****']],
    [
      ['--execute', "set password='x'", 'a'],
      ['--execute', '*****', 'a'],
    ],
    [
      ["--init-command=set password='x'", '-e', 'select 1'],
      ['--init-command=*****', '-e', 'select 1'],
    ],
    [
      ['--pager', 'a', '--pager=mysql --password=x', '-pq'],
      ['--pager', 'a', '--pager=*****', '-p*****'],
    ],
    [
      ['--output', 'mysql://a:x@b/c', '-e', 'select 1'],
      ['--output', '*****', '-e', 'select 1'],
    ],
  ];
  it.each(masks)('masks %j as %j', (argv, masked) => {
    expect(readSettings(argv, {}, system).maskedArguments).toEqual(masked);
  });
});
