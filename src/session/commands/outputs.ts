import type { Command } from './context.js';

const rule = '--------------\n';
const newline = 0x0a;

/** The client's default prompt. */
export const defaultPrompt = '\\N [\\d]> ';

/** `print`: prints the pending statement. */
export const print: Command = ({ pending }, { out }) => {
  out.appendText(rule);
  out.append(pending);
  if (pending[pending.length - 1] !== newline) out.appendText('\n');
  out.appendText(`${rule}\n`);
  return 'continue';
};

/** `tee`: does nothing. Observed: in batch mode the client writes no file and prints no message. */
export const tee: Command = () => 'continue';

/** `notee`: prints the client's message; there is no file to close. */
export const noTee: Command = (_command, { out }) => {
  out.appendText('Outfile disabled.\n');
  return 'continue';
};

/** `nopager`: prints the client's message; batch mode has no pager. */
export const noPager: Command = (_command, { out }) => {
  out.appendText('PAGER set to stdout\n');
  return 'continue';
};

/** `prompt`: prints the client's message; batch mode shows no prompt. */
export const prompt: Command = ({ args }, { out }) => {
  const [text] = args;
  if (text === undefined || text.length === 0) {
    // Observed: the client ignores --prompt here.
    const initial = process.env.MYSQL_PS1 ?? defaultPrompt;
    out.appendText(`Returning to default PROMPT of ${initial}\n`);
  } else {
    out.appendText("PROMPT set to '");
    out.append(text);
    out.appendText("'\n");
  }
  return 'continue';
};
