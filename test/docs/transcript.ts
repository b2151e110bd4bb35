/*
 * Transcripts: commands after a prompt, each followed by what it prints, as in documents.
 */

export interface TranscriptCommand {
  /** The command, of one or more lines, without prompts. */
  command: string;
  /** What the command prints on both outputs, with a newline after each line. */
  output: string;
}

/**
 * Reads a transcript: a command after `$ `, more lines of it after `> `, and then its output. Throws if
 * it does not begin with a command.
 */
export function parseTranscript(text: string): TranscriptCommand[] {
  const commands: TranscriptCommand[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const last = commands.at(-1);
    if (line.startsWith('$ ')) commands.push({ command: line.slice(2), output: '' });
    else if (last === undefined)
      throw new Error(`expected a command after '$ ', but found '${line}'`);
    else if (last.output === '' && /^>( |$)/.test(line)) last.command += `\n${line.slice(2)}`;
    else last.output += `${line}\n`;
  }
  return commands;
}

/**
 * True if `actual` is what a document shows: `…` stands for any text within a line, and a line that is
 * only `…` for any number of lines.
 */
export function matchesOutput(shown: string, actual: string): boolean {
  const pattern = shown
    .split(/^…\n/m)
    .map((part) => part.split('…').map(escapePattern).join('[^\\n]*'))
    .join('(?:.*\\n)*');
  return new RegExp(`^${pattern}$`).test(actual);
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
