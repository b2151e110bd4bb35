/** What a key can do; `editing.ts` knows how. */
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
  | 'undo'
  | 'enter'
  | 'new-line'
  | 'complete'
  | 'search'
  | 'quote'
  | 'clear-screen'
  | 'editor'
  | 'interrupt';

/** What a key can do while the history is searched. */
export type SearchAction = 'older' | 'newer' | 'back' | 'take' | 'drop';

/** What a key can do while the menu is open. */
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
  /** Names of keys as `KeyDecoder` gives them; two with a blank between are pressed in turn. */
  keys: readonly string[];
  does: string;
}

/** The keys of the text. The order of these tables is that of the help. */
export const bindings: readonly Binding<Action>[] = [
  { action: 'enter', keys: ['return'], does: 'run what is complete, else begin a new line' },
  { action: 'new-line', keys: ['alt-return'], does: 'begin a new line' },
  { action: 'complete', keys: ['tab'], does: 'complete the name before the cursor' },
  { action: 'search', keys: ['ctrl-r'], does: 'search backwards in the history' },
  { action: 'up', keys: ['up', 'ctrl-p'], does: 'line above; from the first, older statement' },
  { action: 'down', keys: ['down', 'ctrl-n'], does: 'line below; from the last, newer statement' },
  { action: 'older', keys: ['pageup'], does: 'older statement that begins as before the cursor' },
  { action: 'newer', keys: ['pagedown'], does: 'newer statement that begins so' },
  { action: 'left', keys: ['left', 'ctrl-b'], does: 'one character left' },
  { action: 'right', keys: ['right', 'ctrl-f'], does: 'one right; at the end, take what is grey' },
  { action: 'word-left', keys: ['ctrl-left', 'alt-left', 'alt-b'], does: 'one word left' },
  {
    action: 'word-right',
    keys: ['ctrl-right', 'alt-right', 'alt-f'],
    does: 'one word right; at the end, take a word of what is grey',
  },
  { action: 'line-start', keys: ['home', 'ctrl-a'], does: 'start of the line' },
  {
    action: 'line-end',
    keys: ['end', 'ctrl-e'],
    does: 'end of the line; at the end, take what is grey',
  },
  { action: 'text-start', keys: ['ctrl-home', 'alt-<'], does: 'start of the statement' },
  { action: 'text-end', keys: ['ctrl-end', 'alt->'], does: 'end of the statement' },
  { action: 'delete-left', keys: ['backspace', 'shift-backspace'], does: 'delete to the left' },
  { action: 'delete-right', keys: ['delete'], does: 'delete to the right' },
  {
    action: 'delete-right-or-end',
    keys: ['ctrl-d'],
    does: 'delete to the right; with nothing typed, leave',
  },
  { action: 'kill-line-right', keys: ['ctrl-k'], does: 'cut to the end of the line' },
  { action: 'kill-line-left', keys: ['ctrl-u'], does: 'cut to the start of the line' },
  { action: 'kill-blank-word-left', keys: ['ctrl-w'], does: 'cut to the blank before' },
  {
    action: 'kill-word-left',
    keys: ['alt-backspace', 'ctrl-backspace'],
    does: 'cut the word before',
  },
  { action: 'kill-word-right', keys: ['alt-d', 'ctrl-delete'], does: 'cut the word behind' },
  { action: 'yank', keys: ['ctrl-y'], does: 'put in what was cut' },
  { action: 'yank-earlier', keys: ['alt-y'], does: 'then: what was cut before that' },
  { action: 'transpose', keys: ['ctrl-t'], does: 'exchange two characters' },
  { action: 'undo', keys: ['ctrl-_', 'ctrl-x ctrl-u'], does: 'undo' },
  { action: 'quote', keys: ['ctrl-v', 'ctrl-q'], does: 'put in the next key as it is' },
  { action: 'clear-screen', keys: ['ctrl-l'], does: 'clear the screen' },
  { action: 'editor', keys: ['ctrl-x ctrl-e'], does: 'edit the text in $EDITOR' },
  { action: 'interrupt', keys: ['ctrl-c'], does: 'drop what was typed; end a running query' },
];

/** While the history is searched; all other keys take what was found, and do what they do. */
export const searchBindings: readonly Binding<SearchAction>[] = [
  { action: 'older', keys: ['ctrl-r'], does: 'the next older statement that matches' },
  { action: 'newer', keys: ['ctrl-s'], does: 'the next newer one' },
  { action: 'back', keys: ['backspace'], does: 'take the last step back' },
  { action: 'take', keys: ['escape'], does: 'edit what was found' },
  { action: 'drop', keys: ['ctrl-g'], does: 'go back to what was there before' },
];

/** While the menu is open; letters narrow it down, all other keys close it, and do what they do. */
export const menuBindings: readonly Binding<MenuAction>[] = [
  { action: 'next', keys: ['tab', 'down', 'ctrl-n'], does: 'choose the next one' },
  { action: 'previous', keys: ['shift-tab', 'up', 'ctrl-p'], does: 'choose the one before' },
  { action: 'right', keys: ['right'], does: 'choose the one to the right' },
  { action: 'left', keys: ['left'], does: 'choose the one to the left' },
  { action: 'pageDown', keys: ['pagedown'], does: 'the next page' },
  { action: 'pageUp', keys: ['pageup'], does: 'the page before' },
  { action: 'delete', keys: ['backspace'], does: 'delete to the left' },
  { action: 'take', keys: ['return'], does: 'put in what is chosen' },
  { action: 'close', keys: ['escape', 'ctrl-g'], does: 'close the menu' },
];

function byKey<A>(table: readonly Binding<A>[]): ReadonlyMap<string, A> {
  return new Map(table.flatMap(({ keys, action }) => keys.map((key) => [key, action] as const)));
}

const actions = byKey(bindings);
const searchActions = byKey(searchBindings);
const menuActions = byKey(menuBindings);

/** Keys that begin a binding of two. */
const firstKeys: ReadonlySet<string> = new Set(
  bindings.flatMap(({ keys }) => keys.flatMap((key) => key.split(' ').slice(0, -1))),
);

/** What a key, or two, with a blank between, does. */
export function actionOf(keys: string): Action | undefined {
  return actions.get(keys);
}

/** What a key does while the history is searched. */
export function searchActionOf(key: string): SearchAction | undefined {
  return searchActions.get(key);
}

/** What a key does while the menu is open. */
export function menuActionOf(key: string): MenuAction | undefined {
  return menuActions.get(key);
}

/** Whether another key has to follow. */
export function beginsBinding(key: string): boolean {
  return firstKeys.has(key);
}
