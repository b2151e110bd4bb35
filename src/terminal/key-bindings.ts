/*
 * The tables of key bindings: in the text, while the history is searched, and while the completion
 * menu is open. The shell's help prints the first one.
 */

/** An action that a key triggers in the text; `editor-model.ts` carries it out. */
export type Action =
  | 'left'
  | 'right'
  | 'word-left'
  | 'word-right'
  | 'line-start'
  | 'line-end'
  | 'text-start'
  | 'text-end'
  | 'up'
  | 'down'
  | 'older'
  | 'newer'
  | 'delete-left'
  | 'delete-right'
  | 'delete-right-or-end'
  | 'kill-line-right'
  | 'kill-line-left'
  | 'kill-word-left'
  | 'kill-blank-word-left'
  | 'kill-word-right'
  | 'yank'
  | 'yank-earlier'
  | 'transpose'
  | 'transpose-words'
  | 'upper-case-word'
  | 'lower-case-word'
  | 'capitalize-word'
  | 'undo'
  | 'enter'
  | 'new-line'
  | 'complete'
  | 'search'
  | 'quote'
  | 'clear-screen'
  | 'editor'
  | 'interrupt';

/** An action that a key triggers while the history is searched. */
export type SearchAction = 'older' | 'newer' | 'back' | 'take' | 'drop';

/** An action that a key triggers while the completion menu is open. */
export type MenuAction =
  | 'next'
  | 'previous'
  | 'right'
  | 'left'
  | 'pageDown'
  | 'pageUp'
  | 'delete'
  | 'take'
  | 'close';

interface Binding<A> {
  action: A;
  /** Key names as `KeyDecoder` reports them; two names separated by a blank are pressed in turn. */
  keys: readonly string[];
  description: string;
}

/** The bindings in the text, in the order of the shell's help. */
export const bindings: readonly Binding<Action>[] = [
  {
    action: 'enter',
    keys: ['return'],
    description: 'run a complete statement, else start a new line',
  },
  { action: 'new-line', keys: ['alt-return'], description: 'start a new line' },
  { action: 'complete', keys: ['tab'], description: 'complete the name before the cursor' },
  { action: 'search', keys: ['ctrl-r'], description: 'search the history backwards' },
  {
    action: 'up',
    keys: ['up', 'ctrl-p'],
    description: 'line above; from the first line, older statement',
  },
  {
    action: 'down',
    keys: ['down', 'ctrl-n'],
    description: 'line below; from the last line, newer statement',
  },
  {
    action: 'older',
    keys: ['pageup'],
    description: 'older statement with the same text before the cursor',
  },
  {
    action: 'newer',
    keys: ['pagedown'],
    description: 'newer statement with the same text before the cursor',
  },
  { action: 'left', keys: ['left', 'ctrl-b'], description: 'one character left' },
  {
    action: 'right',
    keys: ['right', 'ctrl-f'],
    description: 'one character right; at the end, accept the suggestion',
  },
  { action: 'word-left', keys: ['ctrl-left', 'alt-left', 'alt-b'], description: 'one word left' },
  {
    action: 'word-right',
    keys: ['ctrl-right', 'alt-right', 'alt-f'],
    description: 'one word right; at the end, accept a suggested word',
  },
  { action: 'line-start', keys: ['home', 'ctrl-a'], description: 'start of the line' },
  {
    action: 'line-end',
    keys: ['end', 'ctrl-e'],
    description: 'end of the line; at the end, accept the suggestion',
  },
  { action: 'text-start', keys: ['ctrl-home', 'alt-<'], description: 'start of the statement' },
  { action: 'text-end', keys: ['ctrl-end', 'alt->'], description: 'end of the statement' },
  {
    action: 'delete-left',
    keys: ['backspace', 'shift-backspace'],
    description: 'delete the character before',
  },
  { action: 'delete-right', keys: ['delete'], description: 'delete the character after' },
  {
    action: 'delete-right-or-end',
    keys: ['ctrl-d'],
    description: 'delete the character after; with nothing typed, exit',
  },
  { action: 'kill-line-right', keys: ['ctrl-k'], description: 'cut to the end of the line' },
  { action: 'kill-line-left', keys: ['ctrl-u'], description: 'cut to the start of the line' },
  {
    action: 'kill-blank-word-left',
    keys: ['ctrl-w'],
    description: 'cut back to the previous blank',
  },
  {
    action: 'kill-word-left',
    keys: ['alt-backspace', 'ctrl-backspace'],
    description: 'cut the previous word',
  },
  { action: 'kill-word-right', keys: ['alt-d', 'ctrl-delete'], description: 'cut the next word' },
  { action: 'yank', keys: ['ctrl-y'], description: 'insert the text that was cut last' },
  {
    action: 'yank-earlier',
    keys: ['alt-y'],
    description: 'directly after ctrl-y: insert the text cut before that',
  },
  { action: 'transpose', keys: ['ctrl-t'], description: 'swap two characters' },
  { action: 'transpose-words', keys: ['alt-t'], description: 'swap two words' },
  { action: 'upper-case-word', keys: ['alt-u'], description: 'next word in upper case' },
  { action: 'lower-case-word', keys: ['alt-l'], description: 'next word in lower case' },
  { action: 'capitalize-word', keys: ['alt-c'], description: 'next word with a capital' },
  { action: 'undo', keys: ['ctrl-_', 'ctrl-x ctrl-u'], description: 'undo' },
  { action: 'quote', keys: ['ctrl-v', 'ctrl-q'], description: 'insert the next key literally' },
  { action: 'clear-screen', keys: ['ctrl-l'], description: 'clear the screen' },
  { action: 'editor', keys: ['ctrl-x ctrl-e'], description: 'edit the text in $EDITOR' },
  {
    action: 'interrupt',
    keys: ['ctrl-c'],
    description: 'discard the typed text; cancel a running query',
  },
];

/** The bindings during a search. Any other key accepts the match, and then has its usual effect. */
export const searchBindings: readonly Binding<SearchAction>[] = [
  { action: 'older', keys: ['ctrl-r'], description: 'next older match' },
  { action: 'newer', keys: ['ctrl-s'], description: 'next newer match' },
  { action: 'back', keys: ['backspace'], description: 'undo the last step' },
  { action: 'take', keys: ['escape'], description: 'edit the match' },
  { action: 'drop', keys: ['ctrl-g'], description: 'return to the text before the search' },
];

/**
 * The bindings while the menu is open. Letters narrow the menu; any other key closes it, and then has
 * its usual effect.
 */
export const menuBindings: readonly Binding<MenuAction>[] = [
  { action: 'next', keys: ['tab', 'down', 'ctrl-n'], description: 'select the next' },
  { action: 'previous', keys: ['shift-tab', 'up', 'ctrl-p'], description: 'select the previous' },
  { action: 'right', keys: ['right'], description: 'select the one to the right' },
  { action: 'left', keys: ['left'], description: 'select the one to the left' },
  { action: 'pageDown', keys: ['pagedown'], description: 'next page' },
  { action: 'pageUp', keys: ['pageup'], description: 'previous page' },
  { action: 'delete', keys: ['backspace'], description: 'delete the character before' },
  { action: 'take', keys: ['return'], description: 'insert the selected candidate' },
  { action: 'close', keys: ['escape', 'ctrl-g'], description: 'close the menu' },
];

function indexByKey<A>(table: readonly Binding<A>[]): ReadonlyMap<string, A> {
  return new Map(table.flatMap(({ keys, action }) => keys.map((key) => [key, action] as const)));
}

const actions = indexByKey(bindings);
const searchActions = indexByKey(searchBindings);
const menuActions = indexByKey(menuBindings);

/** The first keys of bindings that consist of two keys. */
const keysStartingPair: ReadonlySet<string> = new Set(
  bindings.flatMap(({ keys }) => keys.flatMap((key) => key.split(' ').slice(0, -1))),
);

/** Returns the action of a key, or of two keys separated by a blank; undefined if there is none. */
export function actionOf(keys: string): Action | undefined {
  return actions.get(keys);
}

/** Returns the action of a key while the history is searched; undefined if there is none. */
export function searchActionOf(key: string): SearchAction | undefined {
  return searchActions.get(key);
}

/** Returns the action of a key while the menu is open; undefined if there is none. */
export function menuActionOf(key: string): MenuAction | undefined {
  return menuActions.get(key);
}

/** True if the key is the first of a binding of two keys. */
export function isFirstOfTwoKeys(key: string): boolean {
  return keysStartingPair.has(key);
}
