import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findEditingMode } from '../../src/terminal/editing-mode.js';
import { temporaryDirectory } from '../temporary-directory.js';

/** Returns the mode with these files in the home directory. */
function modeWith(files: Record<string, string>, environment: NodeJS.ProcessEnv = {}): string {
  const home = temporaryDirectory();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home, name), text);
  return findEditingMode({ HOME: home, INPUTRC: '', ...environment });
}

describe('the mode in ~/.editrc', () => {
  // As the client 10.11.19 read them.
  test.each([
    ['bind -v', 'vi'],
    [' bind -v', 'vi'],
    ['bind "-v"', 'vi'],
    ['bind -v # keys', 'vi'],
    ['mysql:bind -v', 'vi'],
    ['sql:bind -v', 'vi'],
    ['m.*l:bind -v', 'vi'],
    ['bind -v\nbind ^R em-inc-search-prev', 'vi'],
    ['mysql: bind -v', 'emacs'],
    ['mysqlx:bind -v', 'emacs'],
    ['MYSQL:bind -v', 'emacs'],
    ['bash:bind -v', 'emacs'],
    ['# bind -v', 'emacs'],
    ['bind -v\nbind -e', 'emacs'],
    ['(:bind -v', 'emacs'],
  ])('%j is %s', (text, mode) => {
    expect(modeWith({ '.editrc': `${text}\n` })).toBe(mode);
  });
});

describe('the mode in ~/.inputrc', () => {
  test.each([
    ['set editing-mode vi', 'vi'],
    ['  SET Editing-Mode VI', 'vi'],
    ['set editing-mode vi\nset editing-mode emacs', 'emacs'],
    ['# set editing-mode vi', 'emacs'],
    ['set keymap vi', 'emacs'],
    ['$if mysql\nset editing-mode vi\n$endif', 'vi'],
    ['$if bash\nset editing-mode vi\n$endif', 'emacs'],
    ['$if Bash\n$else\nset editing-mode vi\n$endif', 'vi'],
    ['$if bash\n$if mysql\nset editing-mode vi\n$endif\n$endif', 'emacs'],
    ['$if term=tmux\nset editing-mode vi\n$endif', 'vi'],
    ['$if term=xterm\nset editing-mode vi\n$endif', 'emacs'],
    ['$if mode=emacs\nset editing-mode vi\n$endif', 'vi'],
    ['$if mode=vi\nset editing-mode vi\n$endif', 'emacs'],
    ['$if editing-mode != vi\nset editing-mode vi\n$endif', 'vi'],
    ['$if version > 1.0\nset editing-mode vi\n$endif', 'emacs'],
    ['$include ~/included', 'vi'],
    ['$include included', 'vi'],
    ['$include .inputrc', 'emacs'],
    ['$include missing', 'emacs'],
    ['$endif\n$else\nset editing-mode vi', 'vi'],
  ])('%j is %s', (text, mode) => {
    const files = { '.inputrc': `${text}\n`, included: 'set editing-mode vi\n' };
    expect(modeWith(files, { TERM: 'tmux-256color' })).toBe(mode);
  });
});

describe('the mode', () => {
  const vi = 'set editing-mode vi\n';
  test('in the file of libedit has precedence', () => {
    expect(modeWith({ '.inputrc': vi, '.editrc': 'bind -e\n' })).toBe('emacs');
    expect(modeWith({ '.inputrc': vi, '.editrc': 'bind ^W ed-delete-prev-word\n' })).toBe('vi');
  });

  test('comes from the files in EDITRC and INPUTRC', () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'i'), vi);
    writeFileSync(join(directory, 'e'), 'bind -e\n');
    const inputrc = join(directory, 'i');
    expect(modeWith({ '.inputrc': '' }, { INPUTRC: inputrc })).toBe('vi');
    expect(modeWith({}, { INPUTRC: inputrc, EDITRC: join(directory, 'e') })).toBe('emacs');
    expect(modeWith({ '.inputrc': vi }, { INPUTRC: '/dev/zero' })).toBe('emacs');
  });

  test('is that of emacs where nothing can be read', () => {
    const home = temporaryDirectory();
    mkdirSync(join(home, '.inputrc'));
    expect(findEditingMode({ HOME: home })).toBe('emacs');
    expect(findEditingMode({})).toBe('emacs');
  });
});
