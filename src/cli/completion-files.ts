/** The shells that have a completion script, with the names by which they find its file. */
export const completionFiles = {
  bash: 'analytics-mysql',
  zsh: '_analytics-mysql',
  fish: 'analytics-mysql.fish',
} as const;

/** A shell that has a completion script. */
export type CompletionShell = keyof typeof completionFiles;

/** The names of these shells. */
export const completionShells = Object.keys(completionFiles) as CompletionShell[];
