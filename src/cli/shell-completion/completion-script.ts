import type { CompletionShell } from '../completion-files.js';
import { formatBashCompletion } from './bash.js';
import { formatFishCompletion } from './fish.js';
import { formatZshCompletion } from './zsh.js';

/** Returns the completion script for a shell. */
export function formatCompletion(shell: CompletionShell): string {
  switch (shell) {
    case 'bash':
      return formatBashCompletion();
    case 'zsh':
      return formatZshCompletion();
    case 'fish':
      return formatFishCompletion();
  }
}
