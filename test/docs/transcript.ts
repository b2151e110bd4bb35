import { escapeRegExp } from '../../src/text/regex-escape.js';

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

/** A line that is typed after a prompt on a terminal. */
export interface TypedLine {
  /** The prompt without its final blank, such as `$` or `MariaDB [itwiki]>`. */
  prompt: string;
  text: string;
  /** A key that is pressed at the end instead of Enter, in tmux's name. */
  key: string | undefined;
}

const keyNames: Record<string, string> = { Tab: 'Tab', Up: 'Up', Right: 'Right' };

/**
 * Reads a session on a terminal: lines that are typed after a prompt (`$ `, or text that ends in `> `), and
 * what the screen shows. A line that ends with a key, such as `<Tab>`, is followed by the same line as
 * it is after that key. `screen` is the text without the former.
 */
export function parseSession(text: string): { typed: TypedLine[]; screen: string } {
  const typed: TypedLine[] = [];
  let screen = '';
  for (const line of text.split('\n').slice(0, -1)) {
    const [, prompt, rest = ''] = /^(\$|[^|>]+>)(?: (.*))?$/.exec(line) ?? [];
    const [end, name = ''] = /<(\w+)>$/.exec(rest) ?? [];
    const key = keyNames[name];
    if (prompt !== undefined)
      typed.push({
        prompt,
        text: key === undefined ? rest : rest.slice(0, -(end?.length ?? 0)),
        key,
      });
    if (key === undefined) screen += `${line}\n`;
  }
  return { typed, screen };
}

/** Replaces the times after results, which differ between any two runs. */
export function maskTimes(text: string): string {
  return text.replaceAll(/\(\d+\.\d{3} sec\)/g, '(0.001 sec)');
}

/**
 * True if `actual` is what a document shows: `…` stands for any text within a line, and a line that is
 * only `…` for any number of lines.
 */
export function matchesOutput(shown: string, actual: string): boolean {
  const pattern = shown
    .split(/^…\n/m)
    .map((part) => part.split('…').map(escapeRegExp).join('[^\\n]*'))
    .join('(?:.*\\n)*');
  return new RegExp(`^${pattern}$`).test(actual);
}
