import { fstatSync } from 'node:fs';
import { createOptionFailure, Failure } from '../failure.js';
import { getIpVersion } from '../ip-address.js';
import { isHostname } from '../target/hostname.js';
import { defaultRedactedHost } from '../target/redacted.js';
import { printable } from '../text/printable.js';
import { applyClientOptions, isFatal, prependNotes } from './apply-client-options.js';
import { type CompletionShell, completionShells } from './completion-files.js';
import { chooseEndpoint, type EndpointOverride } from './endpoint-override.js';
import { createExternalClient } from './external-client.js';
import { createExtraArgumentError } from './extra-argument.js';
import { readFanoutOptions } from './fanout-options.js';
import {
  type LoginFiles,
  type LoginFilesRequest,
  noLoginFiles,
  readLoginFiles,
  systemOptionFiles,
} from './login-files.js';
import { findOptionFileNames, nameOptionFiles } from './name-option-files.js';
import { isUseOf, type OptionUse } from './option-use.js';
import { readOutputOptions, readPrintTargetFormat } from './output-options.js';
import { OwnValues } from './own-values.js';
import { findShortcut, type ParsedArgv, parseArgv } from './parse-argv.js';
import { getExactVariable } from './process-bytes.js';
import { isProgramFormat } from './result-format.js';
import { selectFileUses } from './select-file-uses.js';
import type { Settings } from './settings.js';
import { chooseMwConfigPath, chooseNameservers, defaultDomain } from './target-defaults.js';

/*
 * Reads the settings of a run from the command line, the environment and the option files.
 */

/** The parts of the system that readSettings uses; tests replace them. */
export interface System {
  /** Tests whether both standard input and standard output are terminals. */
  interactive: () => boolean;
  /** The option files of the system, such as /etc/my.cnf. */
  optionFiles: readonly string[];
}

/** The system that this program runs on. */
export const realSystem: System = {
  interactive: () => {
    // Avoid loading node:tty (2 ms) for files and pipes: only a character device can be a terminal.
    if (![0, 1].every((descriptor) => fstatSync(descriptor).isCharacterDevice())) return false;
    const { isatty } = process.getBuiltinModule('node:tty');
    return isatty(0) && isatty(1);
  },
  optionFiles: systemOptionFiles,
};

/**
 * Returns the settings of the command line, the environment, the option files and the credentials
 * file. The command line overrides the credentials file, which overrides the option files.
 *
 * For --print-target with a database or --wikis only own options of option files apply, and an error in
 * a file does not prevent printing the target. --help, --version, --dry-run and --plan
 * do not read credentials.
 *
 * @param argv the arguments without node and the program's name
 * @throws Failure for errors that the user can correct; if the client reports the same error, with
 *   the exit code of mariadb 10.11.19
 */
export function readSettings(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  system: System = realSystem,
): Settings {
  const commandLine = parseArgv(argv);
  const commandLineValues = new OwnValues(commandLine.uses);
  const requestedAction = chooseAction(commandLine, commandLineValues);
  const firstPositional = commandLine.positionals[0];
  const logsIn =
    !isShortcut(requestedAction) &&
    !commandLineValues.has('dry-run') &&
    !commandLineValues.has('plan');
  const filesRequest = createFilesRequest(commandLine, commandLineValues, system, logsIn);
  const needsLogin =
    !isListing(requestedAction) &&
    (requestedAction !== 'print-target' ||
      (firstPositional === undefined && !commandLineValues.has('wikis')));
  const files = needsLogin
    ? readLoginFiles(filesRequest, env)
    : readOwnOptions(requestedAction === 'completion' ? undefined : filesRequest, env);
  const optionFileNames = findOptionFileNames([...files.uses, ...commandLine.uses]);
  try {
    const settings = combine(commandLine, files, requestedAction, env, system);
    return { ...settings, optionFileNames };
  } catch (error) {
    throw nameOptionFiles(error, optionFileNames);
  }
}

/** Returns the settings of the command line and the files. Throws Failure like readSettings. */
function combine(
  commandLine: ParsedArgv,
  files: LoginFiles,
  requestedAction: Settings['action'],
  env: NodeJS.ProcessEnv,
  system: System,
): Omit<Settings, 'optionFileNames'> {
  const commandLineValues = new OwnValues(commandLine.uses);
  const firstPositional = commandLine.positionals[0];
  const client = commandLineValues.value('client') ?? findFileClient(files, commandLine);
  const usesExternalClient = client !== undefined;

  const shortcutIndex = files.uses.findIndex(findShortcut);
  const fileShortcut =
    requestedAction === 'print-defaults' ? undefined : findShortcut(files.uses[shortcutIndex]);
  const fileUses = files.uses.slice(0, fileShortcut && shortcutIndex + 1);
  const uses = [...fileUses, ...(fileShortcut ? [] : commandLine.uses)];
  const action = fileShortcut ?? requestedAction;
  const applied = applyClientOptions(
    requestedAction === 'print-defaults' ? [] : uses,
    action === 'run' && system.interactive(),
    usesExternalClient,
  );
  const endpoint = chooseEndpoint(applied.endpoint, env);
  if (applied.failure && (isFatal(applied.failure) || !isShortcut(action))) {
    throw prependNotes(files.notes, applied.failure);
  }
  applied.connect.password ??= getExactVariable(env, 'MYSQL_PWD');
  applied.input.hasDatabaseArgument = firstPositional !== undefined;
  const own = new OwnValues([
    ...selectFileUses(files.uses, {
      action,
      line: commandLineValues,
      namesDatabase:
        commandLine.uses.some((use) => isUseOf(use, 'database')) || firstPositional !== undefined,
      hasAddress: endpoint.address !== undefined,
      choosesFormat: commandLine.uses.some(choosesFormat),
      batch: applied.output.batch,
    }),
    ...commandLine.uses,
  ]);
  const hasWikis = own.has('wikis');
  const usesDatabase = !hasWikis && (action === 'run' || action === 'print-target');
  if (usesDatabase && commandLine.positionals.length > 1) {
    const notes = [...files.notes, ...applied.notes];
    throw prependNotes(notes, createExtraArgumentError(commandLine));
  }
  // With --wikis, ignore the database of an option file: it is meant for runs of one wiki.
  const database = hasWikis ? undefined : (firstPositional ?? applied.database);

  const outputOptions = readOutputOptions(own, action, applied, usesExternalClient);
  const output = { ...applied.output, ...outputOptions };
  const fanout = readFanoutOptions(own, action, commandLine, output);
  const { connect } = applied;
  if (hasWikis && !uses.some((use) => isUseOf(use, 'connect_timeout'))) {
    connect.connectTimeout = wikisConnectTimeout;
  }
  connect.maxStatementTime = readMaxStatementTime(own, action, hasWikis, usesExternalClient);
  if (isProgramFormat(output.format) && (connect.characterSet ?? 'auto') === 'auto') {
    connect.characterSet = 'utf8mb4';
  }

  return {
    action,
    helpTopic: commandLine.helpTopic,
    completionShell: readCompletionShell(own),
    printTargetFormat: readPrintTargetFormat(own, action),
    target: {
      wiki: database === '' ? undefined : database,
      section: own.value('section'),
      useX1: own.has('use-x1'),
      mwConfigPath: chooseMwConfigPath(own.value('mw-config-path'), env),
      domain: own.value('domain') ?? defaultDomain,
      nameservers: chooseNameservers(
        own.has('nameserver') ? own.values('nameserver') : undefined,
        env,
      ),
      ...endpoint,
      redactedHost: readRedactedHost(own, endpoint),
    },
    endpointOptions: applied.endpoint,
    client:
      client === undefined
        ? undefined
        : createExternalClient(client, [...fileUses, ...commandLine.uses]),
    shownArguments: [...files.shownArguments, ...commandLine.shownArguments],
    shownOrigins: isVerbose(commandLine)
      ? [
          ...files.origins,
          ...commandLine.shownLine.map((word) => ({ origin: 'command line', word })),
        ]
      : undefined,
    connect: applied.connect,
    output,
    input: applied.input,
    fanout,
    shell: { ...applied.shell, ...readShellSettings(own) },
    triedFiles: files.triedFiles,
    warnings: [...files.notes, ...applied.notes],
    // Another client prints its own.
    announcements: usesExternalClient ? [] : applied.announcements,
    maskedArguments: commandLine.masked,
  };
}

/**
 * Returns the host of the redacted replicas with --redacted, otherwise undefined.
 *
 * @throws Failure `redacted-conflict` for options that choose another server; `bad-host`
 */
function readRedactedHost(own: OwnValues, { address }: EndpointOverride): string | undefined {
  if (!own.has('redacted')) {
    if (!own.has('redacted-host')) return undefined;
    throw createOptionFailure(
      'redacted-conflict',
      '--redacted-host needs --redacted',
      'redacted-host',
    );
  }
  if (address !== undefined) {
    const text = '--redacted cannot be used with --host or --socket; use --redacted-host';
    throw createOptionFailure('redacted-conflict', text, 'redacted');
  }
  if (own.has('use-x1')) {
    const text = '--redacted cannot be used with --use-x1: x1 has no redacted copy';
    throw createOptionFailure('redacted-conflict', text, 'redacted', 'use-x1');
  }
  const host = own.value('redacted-host') ?? defaultRedactedHost;
  if (isHostname(host) || getIpVersion(host) > 0) return host;
  const text = `--redacted-host: '${printable(host)}' is not a host name or an IP address`;
  throw createOptionFailure('bad-host', text, 'redacted-host');
}

/**
 * The default of --connect-timeout with --wikis, in seconds: a dead server must not delay the whole
 * run.
 */
const wikisConnectTimeout = 30;

/** Returns --max-statement-time for a run of one wiki. */
function readMaxStatementTime(
  own: OwnValues,
  action: Settings['action'],
  hasWikis: boolean,
  usesExternalClient: boolean,
): number {
  const name = 'max-statement-time';
  if (!own.has(name) || isShortcut(action) || action === 'print-defaults') return 0;
  if (usesExternalClient || action !== 'run') {
    const other = usesExternalClient ? '--client' : `--${action}`;
    throw createOptionFailure(
      'output-alone',
      `--${name} cannot be used with ${other}`,
      name,
      'client',
    );
  }
  return hasWikis ? 0 : own.number(name);
}

/**
 * Returns the own options of the option files, for an action that needs no login: without options of the
 * client and their errors. A file that cannot be read is a warning. `request` undefined: no file is read.
 */
function readOwnOptions(
  request: LoginFilesRequest | undefined,
  env: NodeJS.ProcessEnv,
): LoginFiles {
  if (request === undefined) return noLoginFiles;
  try {
    const files = readLoginFiles({ ...request, withoutCredentials: true }, env);
    return { ...noLoginFiles, uses: files.uses.filter(({ kind }) => kind === 'own') };
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'defaults-conflict') throw error;
    return {
      ...noLoginFiles,
      notes: [`analytics-mysql: option files are ignored: ${error.message}`],
    };
  }
}

/** Returns the program of `client` in an option file, unless the run asks many wikis. */
function findFileClient({ uses }: LoginFiles, commandLine: ParsedArgv): string | undefined {
  const line = new OwnValues(commandLine.uses);
  const isRun = chooseAction(commandLine, line) === 'run';
  const values = new OwnValues(uses);
  const asksMany =
    line.has('wikis') || (values.has('wikis') && commandLine.positionals.length === 0);
  return isRun && !asksMany ? values.value('client') : undefined;
}

/** Tests whether a use of one of the client's options chooses a format. */
function choosesFormat(use: OptionUse): boolean {
  return ['table', 'html', 'xml', 'vertical'].some((name) => isUseOf(use, name));
}

/** Tests whether the command line has -v. */
function isVerbose({ uses }: ParsedArgv): boolean {
  return uses.some((use) => isUseOf(use, 'verbose'));
}

/** Returns the shell of --completion. */
function readCompletionShell(own: OwnValues): CompletionShell | undefined {
  const name = own.value('completion');
  return completionShells.find((shell) => shell === name);
}

/** Returns the shell settings that come from own options. */
function readShellSettings(own: OwnValues) {
  return {
    destructiveWarning: !own.has('skip-destructive-warning'),
    longQueryBell: own.number('long-query-bell'),
    vi: own.has('vi'),
  };
}

/** Tests whether an action only prints what the lists of mediawiki-config tell, or a script. */
function isListing(action: Settings['action']): boolean {
  return action === 'list-wikis' || action === 'list-lists' || action === 'completion';
}

function isShortcut(action: Settings['action']): boolean {
  return action === 'help' || action === 'version';
}

function chooseAction(commandLine: ParsedArgv, commandLineValues: OwnValues): Settings['action'] {
  if (commandLineValues.has('print-defaults')) return 'print-defaults';
  if (commandLine.shortcut) return commandLine.shortcut;
  const actions = ['completion', 'list-wikis', 'list-lists', 'print-target'] as const;
  return actions.find((action) => commandLineValues.has(action)) ?? 'run';
}

function createFilesRequest(
  commandLine: ParsedArgv,
  commandLineValues: OwnValues,
  system: System,
  logsIn: boolean,
): LoginFilesRequest {
  return {
    defaultsFile: commandLineValues.value('defaults-file'),
    extraFile: commandLineValues.value('defaults-extra-file'),
    noDefaults: commandLineValues.has('no-defaults'),
    groupSuffix: commandLineValues.value('defaults-group-suffix'),
    credentials: commandLineValues.value('credentials'),
    hasUser: commandLine.uses.some((use) => isUseOf(use, 'user')),
    withoutCredentials: !logsIn,
    systemFiles: system.optionFiles,
  };
}
