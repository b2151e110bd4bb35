import { fstatSync } from 'node:fs';
import { Failure } from '../failure.js';
import { apply, endsAtOnce } from './apply.js';
import { chosenCredentials, defaultCredentialsFolder, firstReadable } from './credentials.js';
import { fanoutChoiceOf } from './fanout-choice.js';
import { type FileOption, type FileOptions, readOptionFiles } from './option-files.js';
import { normalName } from './options.js';
import { outputChoiceOf, printTargetFormatOf } from './output-choice.js';
import { placeOptions } from './place.js';
import { isForPrograms } from './result-format.js';
import type { Settings } from './settings.js';
import { defaultDomain, mwConfigPathOf, nameserversOf } from './target-defaults.js';
import { shortcutOf, type Walk, walk } from './walk.js';
import { asWord, longOption, type Stray, type Use } from './words.js';
import { readWrapperOptions, type WrapperValues } from './wrapper.js';

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
  optionFiles: ['/etc/my.cnf', '/etc/mysql/my.cnf'],
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
  const line = walk(argv);
  const own = readWrapperOptions(line.own);
  const asked = actionOf(line, own);
  const client = own.values.get('client');
  const handingOver = client !== undefined;
  const named = line.positionals[0];
  const many = own.values.has('wikis');
  const skipsFiles = asked === 'print-target' && (named !== undefined || many);
  const logsIn = !isShortcut(asked) && !own.flags.has('dry-run') && !own.values.has('plan');
  const files = skipsFiles ? nothing : filesFor(line, own, env, system, !logsIn);

  const fromFiles = optionsOf(files);
  const last = fromFiles.findIndex(({ use }) => shortcutOf(use));
  const inFile = asked === 'print-defaults' ? undefined : shortcutOf(fromFiles[last]?.use);
  const fileUses = fromFiles.slice(0, inFile && last + 1).map(({ use }) => use);
  const action = inFile ?? asked;
  const applied = apply(
    asked === 'print-defaults' ? [] : [...fileUses, ...(inFile ? [] : line.uses)],
    action === 'run' && system.interactive(),
    handingOver,
    env,
  );
  if (applied.refusal && (endsAtOnce(applied.refusal) || !isShortcut(action))) {
    throw withNotes(files.notes, applied.refusal);
  }
  applied.connect.password ??= env.MYSQL_PWD;
  applied.input.databaseNamedAlone = named !== undefined;
  // An option file's is for one wiki.
  const database = many ? undefined : (named ?? applied.database);

  const choice = outputChoiceOf(own, action, applied, handingOver);
  const output = { ...applied.output, ...choice };
  const fanout = fanoutChoiceOf(own, action, line, output);
  const { connect } = applied;
  if (isForPrograms(output.format) && (connect.characterSet ?? 'auto') === 'auto') {
    connect.characterSet = 'utf8mb4';
  }

  return {
    action: action === 'run' && line.positionals.length > 1 ? 'usage' : action,
    printTargetFormat: printTargetFormatOf(own, action),
    target: {
      wiki: database === '' ? undefined : database,
      section: own.values.get('section'),
      useX1: own.flags.has('use-x1'),
      mwConfigPath: mwConfigPathOf(own.values.get('mw-config-path'), env),
      domain: own.values.get('domain') ?? defaultDomain,
      nameservers: nameserversOf(own.lists.get('nameserver'), env),
      ...applied.place,
    },
    client,
    clientArguments: line.uses.filter(isWhole).map(wordOf),
    fileArguments: fileUses.map(wordOf),
    shownArguments: [...fromFiles.map(({ shown }) => shown), ...line.shown],
    connect: applied.connect,
    output,
    input: applied.input,
    fanout,
    shell: { ...applied.shell, ...shellSettings(readWrapperOptions(ownOf(files)), own) },
    lookedAt: files.lookedAt,
    warnings: [...files.notes, ...applied.notes],
    announcements: applied.announcements,
    maskedArguments: line.masked,
  };
}

const nothing: FileOptions = { options: [], lookedAt: [], notes: [] };

/** What the wrapper's own options say of the shell. */
function shellSettings(inFiles: WrapperValues, own: WrapperValues) {
  const named = own.values.get('long-query-bell') ?? inFiles.values.get('long-query-bell');
  const seconds = named ?? '10';
  if (!/^\d{1,9}$/.test(seconds)) {
    throw new Failure('bad-number', `--long-query-bell ${seconds}: not a number of seconds`);
  }
  return {
    destructiveWarning: ![inFiles, own].some(({ flags }) => flags.has('skip-destructive-warning')),
    longQueryBell: Number(seconds),
  };
}

/** The wrapper's own options that may stand in option files. */
const ownInFiles: ReadonlySet<string> = new Set(['long-query-bell', 'skip-destructive-warning']);

function isOwnInFiles(body: string): boolean {
  return ownInFiles.has(normalName(body.split('=', 1)[0] ?? ''));
}

/** Those of the wrapper's own that the option files give, as they would stand in argv. */
function ownOf({ options }: FileOptions): string[] {
  return options.flatMap(({ body }) => (isOwnInFiles(body) ? [`--${body}`] : []));
}

/** What the option files say, but for where to connect: host, port … do not count there. */
function optionsOf({ options }: FileOptions): { use: Use | Stray; shown: string }[] {
  return options.flatMap(({ body }) => {
    if (isOwnInFiles(body)) return [];
    const use = longOption(body, () => undefined);
    if (use.option && placeOptions.has(use.option.name)) return [];
    const secret = use.option && use.option.name === 'password' && use.value !== undefined;
    return [{ use, shown: `--${secret ? `${body.slice(0, body.indexOf('='))}=*****` : body}` }];
  });
}

function isShortcut(action: Settings['action']): boolean {
  return action === 'help' || action === 'version';
}

function withNotes(notes: readonly string[], { code, message, exitStatus, lines }: Failure) {
  return new Failure(code, message, exitStatus, [...notes, ...(lines ?? [])]);
}

function actionOf(line: Walk, own: WrapperValues): Settings['action'] {
  if (own.flags.has('print-defaults')) return 'print-defaults';
  if (line.shortcut) return line.shortcut;
  return own.flags.has('print-target') ? 'print-target' : 'run';
}

function filesFor(
  line: Walk,
  own: WrapperValues,
  env: NodeJS.ProcessEnv,
  system: System,
  withoutCredentials: boolean,
) {
  const only = own.values.get('defaults-file');
  const extra = own.values.get('defaults-extra-file');
  const none = own.flags.has('no-defaults');
  const chosen = own.values.get('credentials');
  if (none && (only ?? extra) !== undefined) {
    const text = '--no-defaults and --defaults-file or --defaults-extra-file exclude each other';
    throw new Failure('defaults-conflict', text);
  }
  const groupSuffix =
    own.values.get('defaults-group-suffix') ??
    env.MARIADB_GROUP_SUFFIX ??
    env.MYSQL_GROUP_SUFFIX ??
    '';
  const files = readOptionFiles({
    only,
    extra,
    none,
    groupSuffix,
    global: system.optionFiles,
    home: env.MARIADB_HOME ?? env.MYSQL_HOME,
    userHome: env.HOME,
  });
  const folder = env.ANALYTICS_MYSQL_CREDENTIALS_DIR || defaultCredentialsFolder;
  if (withoutCredentials) return files;
  if (chosen !== undefined) return joined(files, chosenCredentials(chosen, folder, groupSuffix));
  if (none || only !== undefined || givesUser(files.options, line.uses)) return files;
  return joined(files, firstReadable(folder, groupSuffix));
}

function joined(files: FileOptions, more: FileOptions): FileOptions {
  return {
    options: [...files.options, ...more.options],
    lookedAt: [...files.lookedAt, ...more.lookedAt],
    notes: [...files.notes, ...more.notes],
  };
}

function givesUser(options: readonly FileOption[], uses: readonly (Use | Stray)[]): boolean {
  const fileUses = options.map(({ body }) => longOption(body, () => undefined));
  return [...fileUses, ...uses].some((use) => use.option?.name === 'user');
}

function isWhole(use: Use | Stray): boolean {
  return !use.option || use.behindStray !== true;
}

function wordOf(use: Use | Stray): string {
  return use.option ? asWord(use) : use.word;
}
