import type { Action } from './key-bindings.js';
import * as movement from './movement.js';

type Movements = Readonly<Partial<Record<Action, movement.Movement>>>;

/** Actions that move the cursor. */
export const moves: Movements = {
  left: movement.left,
  right: movement.right,
  'word-left': movement.wordLeft,
  'word-right': movement.wordRight,
  'line-start': movement.toLineStart,
  'line-end': movement.toLineEnd,
  'text-start': movement.toStart,
  'text-end': movement.toEnd,
};

/** Actions that put in the suggestion instead, as far as the movement goes in it. */
export const takes: Movements = {
  right: movement.toEnd,
  'word-right': movement.wordRight,
  'line-end': movement.toEnd,
};

/** Actions that delete what the movement goes over. */
export const deletes: Movements = {
  'delete-left': movement.left,
  'delete-right': movement.right,
};

/** Actions that cut it out. */
export const kills: Movements = {
  'kill-line-right': movement.throughLineEnd,
  'kill-line-left': movement.throughLineStart,
  'kill-word-left': movement.wordLeft,
  'kill-blank-word-left': movement.blankWordLeft,
  'kill-word-right': movement.wordRight,
};
