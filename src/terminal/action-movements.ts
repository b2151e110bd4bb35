import type { Action } from './key-bindings.js';
import * as movement from './movement.js';

/*
 * The actions that consist of a cursor movement, with their movements: to move, to accept part of the
 * suggestion, to delete, or to cut the text that the movement passes over.
 */

type Movements = Readonly<Partial<Record<Action, movement.Movement>>>;

/** Actions that move the cursor. */
export const cursorMovements: Movements = {
  left: movement.left,
  right: movement.right,
  'word-left': movement.wordLeft,
  'word-right': movement.wordRight,
  'line-start': movement.toLineStart,
  'line-end': movement.toLineEnd,
  'text-start': movement.toStart,
  'text-end': movement.toEnd,
};

/** Actions that insert the suggestion, if there is one, up to the end of the movement in it. */
export const suggestionMovements: Movements = {
  right: movement.toEnd,
  'word-right': movement.wordRight,
  'line-end': movement.toEnd,
};

/** Actions that delete the text that the movement passes over. */
export const deleteMovements: Movements = {
  'delete-left': movement.left,
  'delete-right': movement.right,
};

/** Actions that cut that text into the kill ring. */
export const killMovements: Movements = {
  'kill-line-right': movement.throughLineEnd,
  'kill-line-left': movement.throughLineStart,
  'kill-word-left': movement.wordLeft,
  'kill-blank-word-left': movement.blankWordLeft,
  'kill-word-right': movement.wordRight,
};
