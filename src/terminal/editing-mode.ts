import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Whose keys the line editor has. */
export type EditingMode = 'emacs' | 'vi';

/** The names of the program in conditions of these files; the client calls itself `mysql`. */
const programNames = ['mysql', 'analytics-mysql'];
/** A larger file is not read. */
const maxBytes = 1 << 20;
/** The depth of files that include others. */
const maxDepth = 8;

/**
 * Returns the editing mode that the user's files ask for: `bind -v` or `bind -e` in the file of
 * libedit, which the client is linked with, else `set editing-mode` in that of readline. Returns
 * `emacs` by default. Ignores files that cannot be read, as those libraries do.
 */
export function findEditingMode(environment: NodeJS.ProcessEnv): EditingMode {
  const { EDITRC, INPUTRC, HOME } = environment;
  const editrc = EDITRC || (HOME && join(HOME, '.editrc'));
  const found = editrc ? readEditrc(readText(editrc) ?? '') : undefined;
  if (found !== undefined) return found;
  const candidates = INPUTRC ? [INPUTRC] : [HOME && join(HOME, '.inputrc'), '/etc/inputrc'];
  for (const path of candidates) {
    const text = path ? readText(path) : undefined;
    if (path && text !== undefined) {
      return new InputrcReader(environment).read(text, dirname(path), 'emacs', 0);
    }
  }
  return 'emacs';
}

/** Returns the content of a regular file; undefined if it cannot be read. */
function readText(path: string): string | undefined {
  try {
    const stats = statSync(path);
    return stats.isFile() && stats.size <= maxBytes ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the mode of the last `bind -v` or `bind -e` (editrc(5)); undefined without one. */
function readEditrc(text: string): EditingMode | undefined {
  let mode: EditingMode | undefined;
  for (const line of text.split('\n')) {
    const match = /^\s*(?:([^\s:#]+):)?bind\s+"?-([ev])"?\s*(?:#.*)?$/.exec(line);
    if (match === null) continue;
    const [, program, letter] = match;
    if (program === undefined || matchesProgram(program)) mode = letter === 'v' ? 'vi' : 'emacs';
  }
  return mode;
}

/** Observed (10.11.19): the text before the colon is a part of the name, or a regular expression. */
function matchesProgram(pattern: string): boolean {
  try {
    const expression = new RegExp(pattern);
    return programNames.some((name) => name.includes(pattern) || expression.test(name));
  } catch {
    return false;
  }
}

/** Reads `set editing-mode`, conditions and included files of readline's file (readline(3)). */
class InputrcReader {
  readonly #environment: NodeJS.ProcessEnv;

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment;
  }

  /** Returns the mode at the end of a file; `initial` is the mode before it. */
  read(text: string, directory: string, initial: EditingMode, depth: number): EditingMode {
    let mode = initial;
    /** For each open condition, whether its lines apply. */
    const conditions: boolean[] = [];
    for (const line of text.split('\n').map((line) => line.trim())) {
      const [word = '', ...others] = line.split(/\s+/);
      const argument = others.join(' ');
      const isActive = !conditions.includes(false);
      switch (word.toLowerCase()) {
        case '$if':
          conditions.push(this.#holds(argument, mode));
          break;
        case '$else':
          if (conditions.length > 0) conditions.push(!conditions.pop());
          break;
        case '$endif':
          conditions.pop();
          break;
        case '$include':
          if (isActive) mode = this.#readIncluded(argument, directory, mode, depth);
          break;
        case 'set':
          if (isActive && others[0]?.toLowerCase() === 'editing-mode')
            mode = /^vi/i.test(others[1] ?? '') ? 'vi' : 'emacs';
      }
    }
    return mode;
  }

  #readIncluded(name: string, directory: string, mode: EditingMode, depth: number): EditingMode {
    const path = name.replace(/^~(?=\/)/, this.#environment.HOME ?? '~');
    const text = depth < maxDepth ? readText(resolve(directory, path)) : undefined;
    return text === undefined ? mode : this.read(text, directory, mode, depth + 1);
  }

  #holds(condition: string, mode: EditingMode): boolean {
    const [, name = '', operator, value = ''] =
      /^([\w-]+)\s*(==|!=|=|$)\s*(.*)$/.exec(condition.toLowerCase()) ?? [];
    switch (name) {
      case 'mode':
        return value === mode;
      case 'editing-mode':
        return (value === mode) !== (operator === '!=');
      case 'term': {
        const term = this.#environment.TERM?.toLowerCase() ?? '';
        return value === term || value === term.split('-')[0];
      }
      default:
        return operator === '' && programNames.includes(name);
    }
  }
}
