import { fstatSync } from 'node:fs';
import { applyClientOptions, endsAtOnce, withNotes } from './apply-client-options.js';
import { endpointOverride } from './endpoint-override.js';
import { externalClient } from './external-client.js';
import { readFanoutOptions } from './fanout-options.js';
import {
  type LoginFilesRequest,
  noFiles,
  readLoginFiles,
  sharedOptionFiles,
} from './login-files.js';
import { isOf } from './option-use.js';
import { printTargetFormatOf, readOutputOptions } from './output-options.js';
import { OwnValues } from './own-values.js';
import { type ParsedArgv, parseArgv, shortcutOf } from './parse-argv.js';
import { isForPrograms } from './result-format.js';
import type { Settings } from './settings.js';
import { defaultDomain, mwConfigPathOf, nameserversOf } from './target-defaults.js';

/** What readSettings asks of the system; tests give their own. */
export interface System {
  /** Both standard input and standard output are terminals. */
  interactive: () => boolean;
  /** The option files that everybody shares, as the client was built to look for. */
  optionFiles: readonly string[];
}

/** The system that this program runs on. */
export const thisSystem: System = {
  interactive: () => {
    // A terminal is a device, so node:tty, which takes 2 ms to load, is not needed for files and pipes.
    if (![0, 1].every((descriptor) => fstatSync(descriptor).isCharacterDevice())) return false;
    const { isatty } = process.getBuiltinModule('node:tty');
    return isatty(0) && isatty(1);
  },
  optionFiles: sharedOptionFiles,
};

/**
 * Makes one plain value of the command line, the environment, the option files and the credentials
 * file. Later wins: option files, credentials file, command line.
 *
 * For --print-target with a database or --wikis no option file is read: none moves the target, and a
 * mistake in one is no reason not to print it. --help, --version, --dry-run and --plan leave the
 * credentials unread.
 *
 * @param argv without node and the program's name
 * @throws Failure for what the user has to change, with the exit code of mariadb 10.11.19 where the
 *   client has the case
 */
export function readSettings(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  system: System = thisSystem,
): Settings {
  const line = parseArgv(argv);
  const given = new OwnValues(line.uses);
  const asked = actionOf(line, given);
  const client = given.value('client');
  const handingOver = client !== undefined;
  const named = line.positionals[0];
  const many = given.has('wikis');
  const skipsFiles = asked === 'print-target' && (named !== undefined || many);
  const logsIn = !isShortcut(asked) && !given.has('dry-run') && !given.has('plan');
  const files = skipsFiles
    ? noFiles
    : readLoginFiles(filesRequest(line, given, system, logsIn), env);

  const last = files.uses.findIndex(shortcutOf);
  const inFile = asked === 'print-defaults' ? undefined : shortcutOf(files.uses[last]);
  const fileUses = files.uses.slice(0, inFile && last + 1);
  const uses = [...fileUses, ...(inFile ? [] : line.uses)];
  const own = new OwnValues([...files.uses, ...line.uses]);
  const action = inFile ?? asked;
  const applied = applyClientOptions(
    asked === 'print-defaults' ? [] : uses,
    action === 'run' && system.interactive(),
    handingOver,
  );
  const place = endpointOverride(applied.place, env);
  if (applied.refusal && (endsAtOnce(applied.refusal) || !isShortcut(action))) {
    throw withNotes(files.notes, applied.refusal);
  }
  applied.connect.password ??= env.MYSQL_PWD;
  applied.input.databaseNamedAlone = named !== undefined;
  // An option file's is for one wiki.
  const database = many ? undefined : (named ?? applied.database);

  const choice = readOutputOptions(own, action, applied, handingOver);
  const output = { ...applied.output, ...choice };
  const fanout = readFanoutOptions(own, action, line, output);
  const { connect } = applied;
  if (isForPrograms(output.format) && (connect.characterSet ?? 'auto') === 'auto') {
    connect.characterSet = 'utf8mb4';
  }

  return {
    action: action === 'run' && line.positionals.length > 1 ? 'usage' : action,
    printTargetFormat: printTargetFormatOf(own, action),
    target: {
      wiki: database === '' ? undefined : database,
      section: own.value('section'),
      useX1: own.has('use-x1'),
      mwConfigPath: mwConfigPathOf(own.value('mw-config-path'), env),
      domain: own.value('domain') ?? defaultDomain,
      nameservers: nameserversOf(own.has('nameserver') ? own.values('nameserver') : undefined, env),
      ...place,
    },
    client: client === undefined ? undefined : externalClient(client, [...fileUses, ...line.uses]),
    shownArguments: [...files.shown, ...line.shownArguments],
    connect: applied.connect,
    output,
    input: applied.input,
    fanout,
    shell: { ...applied.shell, ...shellSettings(own) },
    triedFiles: files.triedFiles,
    warnings: [...files.notes, ...applied.notes],
    announcements: applied.announcements,
    maskedArguments: line.masked,
  };
}

/** What our own options say of the shell. */
function shellSettings(own: OwnValues) {
  return {
    destructiveWarning: !own.has('skip-destructive-warning'),
    longQueryBell: own.number('long-query-bell'),
  };
}

function isShortcut(action: Settings['action']): boolean {
  return action === 'help' || action === 'version';
}

function actionOf(line: ParsedArgv, given: OwnValues): Settings['action'] {
  if (given.has('print-defaults')) return 'print-defaults';
  if (line.shortcut) return line.shortcut;
  return given.has('print-target') ? 'print-target' : 'run';
}

function filesRequest(
  line: ParsedArgv,
  given: OwnValues,
  system: System,
  logsIn: boolean,
): LoginFilesRequest {
  return {
    only: given.value('defaults-file'),
    extra: given.value('defaults-extra-file'),
    none: given.has('no-defaults'),
    groupSuffix: given.value('defaults-group-suffix'),
    credentials: given.value('credentials'),
    hasUser: line.uses.some((use) => isOf(use, 'user')),
    withoutCredentials: !logsIn,
    shared: system.optionFiles,
  };
}
