import { fstatSync } from 'node:fs';
import { Failure } from '../failure.js';
import { apply, endsAtOnce, withNotes } from './apply.js';
import { fanoutChoiceOf } from './fanout-choice.js';
import {
  type LoginFilesRequest,
  noFiles,
  readLoginFiles,
  sharedOptionFiles,
} from './login-files.js';
import { isOf } from './option-use.js';
import { outputChoiceOf, printTargetFormatOf } from './output-choice.js';
import { type OwnValues, ownValuesOf } from './own-values.js';
import { isForPrograms } from './result-format.js';
import type { Settings } from './settings.js';
import { defaultDomain, mwConfigPathOf, nameserversOf } from './target-defaults.js';
import { shortcutOf, type Walk, walk } from './walk.js';

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
  const line = walk(argv);
  const given = ownValuesOf(line.uses);
  const asked = actionOf(line, given);
  const client = given.values.get('client');
  const handingOver = client !== undefined;
  const named = line.positionals[0];
  const many = given.values.has('wikis');
  const skipsFiles = asked === 'print-target' && (named !== undefined || many);
  const logsIn = !isShortcut(asked) && !given.flags.has('dry-run') && !given.values.has('plan');
  const files = skipsFiles
    ? noFiles
    : readLoginFiles(filesRequest(line, given, system, logsIn), env);

  const last = files.uses.findIndex(shortcutOf);
  const inFile = asked === 'print-defaults' ? undefined : shortcutOf(files.uses[last]);
  const fileUses = files.uses.slice(0, inFile && last + 1);
  const uses = [...fileUses, ...(inFile ? [] : line.uses)];
  const own = ownValuesOf([...files.uses, ...line.uses]);
  const action = inFile ?? asked;
  const applied = apply(
    asked === 'print-defaults' ? [] : uses,
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
    uses: [...fileUses, ...line.uses],
    shownArguments: [...files.shown, ...line.shown],
    connect: applied.connect,
    output,
    input: applied.input,
    fanout,
    shell: { ...applied.shell, ...shellSettings(own) },
    lookedAt: files.lookedAt,
    warnings: [...files.notes, ...applied.notes],
    announcements: applied.announcements,
    maskedArguments: line.masked,
  };
}

/** What our own options say of the shell. */
function shellSettings({ values, flags }: OwnValues) {
  const seconds = values.get('long-query-bell') ?? '10';
  if (!/^\d{1,9}$/.test(seconds)) {
    throw new Failure('bad-number', `--long-query-bell ${seconds}: not a number of seconds`);
  }
  return {
    destructiveWarning: !flags.has('skip-destructive-warning'),
    longQueryBell: Number(seconds),
  };
}

function isShortcut(action: Settings['action']): boolean {
  return action === 'help' || action === 'version';
}

function actionOf(line: Walk, given: OwnValues): Settings['action'] {
  if (given.flags.has('print-defaults')) return 'print-defaults';
  if (line.shortcut) return line.shortcut;
  return given.flags.has('print-target') ? 'print-target' : 'run';
}

function filesRequest(
  line: Walk,
  { values, flags }: OwnValues,
  system: System,
  logsIn: boolean,
): LoginFilesRequest {
  return {
    only: values.get('defaults-file'),
    extra: values.get('defaults-extra-file'),
    none: flags.has('no-defaults'),
    groupSuffix: values.get('defaults-group-suffix'),
    credentials: values.get('credentials'),
    hasUser: line.uses.some((use) => isOf(use, 'user')),
    withoutCredentials: !logsIn,
    shared: system.optionFiles,
  };
}
